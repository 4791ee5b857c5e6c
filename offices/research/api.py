"""Commissioned research for programs, in the words of its filing pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from offices.api_fields import DetailSerializer, RequestSerializer, WrittenDay, long_text
from offices.api_kinds import register_filed
from offices.models import ResearchRequest, ResearchResult
from offices.research.filing import RESEARCH
from offices.research.workflow import KIND

SHEET = 10_000  # characters of the question sheet


class ResearchSerializer(RequestSerializer):
    """What is written of a research request."""

    kind = serializers.ChoiceField([KIND], required=False, help_text=gettext_lazy("What is filed"))
    wanted_by = WrittenDay(required=False, allow_null=True, help_text=gettext_lazy("Wanted by"))
    exception_wanted = long_text(help_text=gettext_lazy("Why an exception is asked for"))
    purpose = long_text(help_text=gettext_lazy("Purpose"))
    not_from_japan = long_text(help_text=gettext_lazy("Why it cannot be done from Japan"))
    questions = long_text(SHEET, help_text=gettext_lazy("Questions (question sheet)"))
    situation = long_text(help_text=gettext_lazy("Situation in Japan"))


class ResearchDetailSerializer(DetailSerializer):
    """What is asked, what was said about it, and the result when you may read it."""

    letter = serializers.UUIDField(
        source="letter_id", allow_null=True, help_text=gettext_lazy("Id of the paper that is the formal request letter")
    )
    result = serializers.CharField(allow_null=True, help_text=gettext_lazy("The result; null until you may read it"))

    class Meta:
        model = ResearchRequest
        fields = (
            "division", "contact", "telephone", "email", "purpose", "not_from_japan", "questions", "situation", "wanted_by",
            "exception_wanted", "exception", "feasibility", "letter", "result", "missing",
        )  # fmt: skip


def _result(case: Case, reader: Reader) -> dict[str, Any]:
    found = ResearchResult.objects.visible_to(reader.scope).sent_on(case).first()
    return {"result": found.body if found else None}


register_filed(RESEARCH, ResearchSerializer, ResearchDetailSerializer, more=_result)
