"""What the API says about cases of every kind. Keys of organisations are their codes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clair_portal.casework.enums import Holder, Origin, Side, Topic
from clair_portal.casework.forms import VISIBILITY
from clair_portal.casework.models import Case, CaseFile, Note
from clair_portal.casework.moments import known
from clair_portal.casework.presentation import state_words


class SignatureSerializer(serializers.Serializer):
    """Name and organisation as they were, per language."""

    ja = serializers.CharField(default="", help_text=_("In Japanese"))
    en = serializers.CharField(default="", help_text=_("In English"))


class KnownMomentField(serializers.DateTimeField):
    """null for a moment nobody knows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, "read_only": True, **kwargs})

    def get_attribute(self, instance: Any) -> Any:
        return known(super().get_attribute(instance))


class CaseSerializer(serializers.ModelSerializer):
    """A case as a list shows it; what a pillar's kind asks for stands in the answer for one case."""

    state_label = serializers.SerializerMethodField(help_text=_("The state in words, in your language"))
    holder = serializers.ChoiceField(Holder.choices, help_text=_("Which side has to act"))
    holding = serializers.CharField(
        source="holding.code", default=None, allow_null=True, help_text=_("Code of the organisation that has to act")
    )
    applicant = serializers.CharField(source="applicant.code", allow_null=True, help_text=_("Code of the requester"))
    branch = serializers.CharField(
        source="branch.code", default=None, allow_null=True, help_text=_("Code of the branch; null for a draft")
    )
    origin = serializers.ChoiceField(Origin.choices, help_text=_("How it came to the portal."))
    topics = serializers.ListField(child=serializers.ChoiceField(Topic.choices), help_text=_("Fields of exchange"))
    parent = serializers.IntegerField(  # type: ignore[assignment]
        source="parent_id", allow_null=True, help_text=_("The whole this is a part of; null for a whole")
    )
    created_at = KnownMomentField(help_text=_("null for a public report, which does not tell it"))
    filed_at = KnownMomentField(help_text=_("null for a draft, and for a public report, which does not tell it"))
    moved_at = KnownMomentField(help_text=_("null for a public report, which does not tell it"))
    closed_at = KnownMomentField(help_text=_("null while it is open, and for a public report, which does not tell it"))
    late = serializers.SerializerMethodField(help_text=_("Whether the deadline has passed"))

    class Meta:
        model = Case
        fields = (
            "id", "number", "kind", "title", "state", "state_label", "holder", "holding", "applicant", "branch", "countries",
            "topics", "fiscal_year", "due_at", "late", "created_at", "filed_at", "moved_at", "closed_at", "origin", "split",
            "parent", "sample", "version",
        )  # fmt: skip
        extra_kwargs = {
            "number": {"help_text": _("Given when it is filed; null for a draft")},
            "kind": {"help_text": _("Key of a kind, such as offices.support.")},
            "title": {"help_text": _("Subject")},
            "fiscal_year": {"help_text": _("Fiscal year in which it was filed.")},
            "due_at": {"help_text": _("Deadline")},
            "state": {"help_text": _("Key of the state")},
            "split": {"help_text": _("Several offices work on it, each on a part")},
            "version": {"help_text": _("Counts up with every change; for If-Match")},
        }

    @extend_schema_field(OpenApiTypes.STR)
    def get_state_label(self, case: Case) -> str:
        return state_words(case, self.context["request"].user)

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_late(self, case: Case) -> bool:
        return case.due_at is not None and case.due_at < timezone.now() and case.holder != Holder.NOBODY


class MoveSerializer(serializers.Serializer):
    """A move the reader may make now."""

    move = serializers.CharField(help_text=_("Key, for the transition"))
    label = serializers.CharField(help_text=_("What the button says"))  # type: ignore[assignment]
    target = serializers.CharField(help_text=_("Key of the state it leads to"))
    needs_reason = serializers.BooleanField(help_text=_("Whether a reason must be given"))


class PartSerializer(serializers.Serializer):
    """How far one office of several is."""

    id = serializers.IntegerField()
    office = serializers.CharField(allow_null=True, help_text=_("Code of the office"))
    owner = serializers.BooleanField(help_text=_("Whether this office leads"))
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)


class WrittenSerializer(serializers.ModelSerializer):
    """What messages and papers have in common."""

    author = serializers.CharField(
        source="author.code", allow_null=True, read_only=True, help_text=_("Code of the author")
    )
    signature = SignatureSerializer(read_only=True)
    side = serializers.ChoiceField(Side.choices, read_only=True)
    visibility = serializers.SerializerMethodField(help_text=_("shared or internal"))

    @extend_schema_field(serializers.ChoiceField(VISIBILITY))
    def get_visibility(self, paper: Any) -> str:
        return "shared" if paper.shared else "internal"


class MessageSerializer(WrittenSerializer):
    class Meta:
        model = Note
        fields = ("id", "author", "signature", "side", "visibility", "body", "created_at")


class DocumentSerializer(WrittenSerializer):
    state = serializers.CharField(source="check_state", help_text=_("Result of the virus check"))

    class Meta:
        model = CaseFile
        fields = (
            "id",
            "author",
            "signature",
            "side",
            "visibility",
            "name",
            "media_type",
            "size",
            "sha256",
            "state",
            "created_at",
        )


class NewMessageSerializer(serializers.Serializer):
    body = serializers.CharField(max_length=10_000, help_text=_("Text of the message"))
    visibility = serializers.ChoiceField(
        VISIBILITY, default="shared", help_text=_("shared: everybody on the case; internal: only your side")
    )


class NewDocumentSerializer(serializers.Serializer):
    file = serializers.FileField(help_text=_("Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV, at most 20 MB."))
    visibility = serializers.ChoiceField(
        VISIBILITY, default="shared", help_text=_("shared: everybody on the case; internal: only your side")
    )


class TimelineSerializer(serializers.Serializer):
    """One line of the story of a case, in your language."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(["event", "state", "shared", "internal"])
    text = serializers.CharField()
    author = serializers.CharField(help_text=_("Of a message; empty for what the log tells"))
    part = serializers.CharField(
        allow_null=True, help_text=_("Of a case of several offices: whose part it is told of; null: of the whole")
    )
    before = serializers.CharField(allow_null=True, help_text=_("The state it left, in words"))
    after = serializers.CharField(allow_null=True, help_text=_("The state it came to, in words"))


class TimelinePageSerializer(serializers.Serializer):
    """Newest first."""

    reference_date = serializers.DateField(help_text=_("The day the answer holds for, in Tokyo."))
    next = serializers.URLField(allow_null=True, help_text=_("Address of the next page; null on the last one."))
    results = TimelineSerializer(many=True)
