"""A support request for programs, in the words of the filing pages: the same fields, limits and choices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from clair_portal.casework.models import Case
from offices.api_fields import DetailSerializer, RequestSerializer, WrittenDay, long_text, short_text
from offices.api_kinds import papers_of, register_filed
from offices.enums import CostBearer, CostItem, Interpreter, SupportKind
from offices.filing.preconditions import questions_for
from offices.filing.support import SUPPORT
from offices.models import SupportRequest
from offices.workflow import KIND, PART_KIND

SHEET = 10_000  # characters of the question sheet


class SupportSerializer(RequestSerializer):
    """What is written of a support request."""

    kind = serializers.ChoiceField([KIND], required=False, help_text=gettext_lazy("What is filed"))
    kinds = serializers.ListField(
        child=serializers.ChoiceField(SupportKind.choices), required=False, max_length=len(SupportKind),
        help_text=gettext_lazy("What is asked for"),
    )  # fmt: skip
    starts_on = WrittenDay(required=False, allow_null=True, help_text=gettext_lazy("First day"))
    ends_on = WrittenDay(required=False, allow_null=True, help_text=gettext_lazy("Last day"))
    flexible = serializers.BooleanField(required=False, help_text=gettext_lazy("The dates can be moved"))
    party = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=9999, help_text=gettext_lazy("Number of people")
    )
    leader = short_text(120, help_text=gettext_lazy("Who leads the party"))
    purpose = long_text(help_text=gettext_lazy("Purpose"))
    situation = long_text(help_text=gettext_lazy("Situation in Japan"))
    hosts = long_text(help_text=gettext_lazy("Hosts wanted"))
    questions = long_text(SHEET, help_text=gettext_lazy("Questions to the hosts (question sheet), one a line"))
    question_sheet = serializers.UUIDField(
        required=False, allow_null=True, help_text=gettext_lazy("Id of the paper that is the question sheet")
    )
    wanted = long_text(help_text=gettext_lazy("Support wanted"))
    interpreter = serializers.ChoiceField(
        [("", "-"), *Interpreter.choices], required=False, help_text=gettext_lazy("Interpreter")
    )
    costs = serializers.DictField(
        child=serializers.ChoiceField(CostBearer.choices), required=False,
        help_text=gettext_lazy("Who bears which cost: interpreter, transport, venue, gifts, other"),
    )  # fmt: skip
    answers = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True), required=False,
        help_text=gettext_lazy("Answers to what the offices ask, by the key of the question"),
    )  # fmt: skip

    def validate_costs(self, costs: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(costs) - set(CostItem.values)):
            raise serializers.ValidationError(_("There is no such cost: %(key)s") % {"key": ", ".join(unknown)[:200]})
        return costs

    def validate_answers(self, answers: dict[str, str]) -> dict[str, str]:
        """Only of questions that are asked; `context["questions"]`: their keys."""
        if unknown := sorted(set(answers) - set(self.context.get("questions", ()))):
            raise serializers.ValidationError(_("No office asks this: %(key)s") % {"key": ", ".join(unknown)[:200]})
        return answers

    def validate_question_sheet(self, paper: UUID | None) -> UUID | None:
        """One of the papers on the request; `context["papers"]`: their ids."""
        if paper is not None and paper not in self.context.get("papers", ()):
            raise serializers.ValidationError(_("There is no such paper on the request."))
        return paper

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        days = [attrs.get(name, getattr(self.instance, name, None)) for name in ("starts_on", "ends_on")]
        if days[0] and days[1] and days[1] < days[0]:
            raise serializers.ValidationError({"ends_on": [_("The last day must not be before the first day.")]})
        return attrs


class SupportDetailSerializer(DetailSerializer):
    """What was asked for; a part shows what the whole says."""

    kinds = serializers.ListField(child=serializers.ChoiceField(SupportKind.choices))
    costs = serializers.DictField(child=serializers.CharField())
    answers = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = SupportRequest
        fields = (
            "division", "contact", "telephone", "email", "kinds", "purpose", "starts_on", "ends_on", "flexible", "party", "leader",
            "hosts", "questions", "question_sheet", "situation", "wanted", "interpreter", "costs", "answers", "missing",
        )  # fmt: skip


def _known(case: Case, detail: SupportRequest) -> dict[str, Any]:
    """Questions that are asked of the draft or were, and its papers."""
    asked = {question.key for question in questions_for(case, detail, timezone.localdate())} | set(detail.answers)
    return {"questions": asked, "papers": papers_of(case)}


register_filed(SUPPORT, SupportSerializer, SupportDetailSerializer, known=_known, parts=(PART_KIND,))
