"""One request of any kind as it is told, and what its moves ask for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from clair_portal.casework.api_serializers import CaseSerializer, MoveSerializer, PartSerializer
from clair_portal.casework.workflow import WORKFLOWS
from clair_portal.network.api_parameters import CodeField
from clair_portal.network.enums import Kind
from offices import api_support
from offices.api_fields import KnownFields
from offices.api_kinds import BY_KIND, FILED, kinds
from offices.enums import Outcome
from offices.foreign import api as api_foreign
from offices.research import api as api_research

assert api_support  # each registers its kind
assert api_research
assert api_foreign
REPORT = 50_000  # characters of a report
MOVES = sorted({move.key for kind in BY_KIND for move in WORKFLOWS[kind].transitions})
SENT = PolymorphicProxySerializer(
    component_name="Request", serializers={key: kind.sent for key, kind in FILED.items()}, resource_type_field_name="kind"
)  # fmt: skip
CHANGED = PolymorphicProxySerializer(
    component_name="RequestChange", serializers=[kind.sent(partial=True) for kind in FILED.values()],
    resource_type_field_name=None,
)  # fmt: skip
TOLD = PolymorphicProxySerializer(
    component_name="RequestDetail", serializers=[kind.told for kind in kinds()], resource_type_field_name=None
)


@extend_schema_field(TOLD)
class DetailField(serializers.JSONField):
    """Written by the view, which knows the kind."""


class OneRequestSerializer(CaseSerializer):
    """One request with what was asked for and the moves you may make."""

    detail = DetailField(read_only=True, help_text=gettext_lazy("What was asked for; it depends on the kind"))
    moves = MoveSerializer(many=True, read_only=True)
    parts = PartSerializer(many=True, read_only=True)

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "detail", "moves", "parts")  # type: ignore[assignment]


class OfficeCode(CodeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(frozenset({Kind.OFFICE}), **kwargs)


class TransitionSerializer(KnownFields):
    """A move, and what it asks for."""

    move = serializers.ChoiceField(
        MOVES, help_text=gettext_lazy("Key of the move; `moves` of the request names those you may make")
    )
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=4000,
        help_text=gettext_lazy("Where the move needs one; of a request from abroad also the words that go out by mail"),
    )
    offices = serializers.ListField(
        child=OfficeCode(), required=False, max_length=20,
        help_text=gettext_lazy("For refer: codes of the offices"),
    )  # fmt: skip
    owner = OfficeCode(required=False, help_text=gettext_lazy("For refer to several: which office leads"))
    body = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=REPORT,
        help_text=gettext_lazy(
            "For report: the report; for answer of a research: the result. Left away, the draft of your office is sent"
        ),
    )
    outcome = serializers.ChoiceField(
        Outcome.choices, required=False, help_text=gettext_lazy("For report: what came of it")
    )
    office = OfficeCode(
        required=False,
        help_text=gettext_lazy(
            "For ask_office, offer, and refer of a research or a request from abroad: code of the office"
        ),
    )
    partner = serializers.CharField(
        required=False,
        max_length=200,
        help_text=gettext_lazy("For introduce: code or name of the Japanese local government"),
    )
    exception = serializers.CharField(
        required=False, allow_blank=True, max_length=2000,
        help_text=gettext_lazy("For ask_office: why headquarters makes an exception"),
    )  # fmt: skip
    feasibility = serializers.CharField(
        required=False, allow_blank=True, max_length=4000,
        help_text=gettext_lazy("For say_feasible: what is possible, and until when"),
    )  # fmt: skip
    title = serializers.CharField(
        required=False, max_length=200, help_text=gettext_lazy("For share: title on the list")
    )
    summary = serializers.CharField(required=False, max_length=2000, help_text=gettext_lazy("For share: summary"))


class TransitionWithPaperSerializer(TransitionSerializer):
    """A move that takes a paper, sent as multipart/form-data."""

    letter = serializers.FileField(
        required=False, help_text=gettext_lazy("For send_letter, as multipart/form-data: the formal request letter")
    )
