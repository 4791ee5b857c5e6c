"""What a support request asks for, in the words of the filing pages: the same fields, limits and choices."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clair_portal.calendars.eras import DateError, parse_date
from clair_portal.casework.api_serializers import CaseSerializer, MoveSerializer, PartSerializer
from clair_portal.casework.enums import Topic
from clair_portal.network.api_parameters import CodeField
from clair_portal.network.enums import Kind
from clair_portal.network.models import Country
from offices.enums import CostBearer, CostItem, Interpreter, Outcome, SupportKind
from offices.filing.fields import TEXT
from offices.models import SupportRequest
from offices.workflow import PART, SUPPORT

MOVES = sorted({move.key for workflow in (SUPPORT, PART) for move in workflow.transitions})
SHEET, REPORT = 10_000, 50_000  # characters of the question sheet and of a report


@extend_schema_field(OpenApiTypes.DATE)
class WrittenDay(serializers.Field):
    """2027-06-01, and the ways Japanese offices write dates: 令和9年6月1日, R9.6.1."""

    def to_internal_value(self, data: Any) -> dt.date:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Write a date, such as 2027-06-01."))
        try:
            return parse_date(data[:100])
        except DateError as error:
            raise serializers.ValidationError(str(error)) from error

    def to_representation(self, value: dt.date) -> str:
        return value.isoformat()


def _long(most: int = TEXT, **more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=most, trim_whitespace=False, **more)


def _short(most: int, **more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=most, **more)


class RequestSerializer(serializers.Serializer):
    """What is written of a request. Everything but the title may stay empty until it is filed; what is written must be right."""

    title = serializers.CharField(max_length=200, help_text=gettext_lazy("What it is about"))
    kinds = serializers.ListField(
        child=serializers.ChoiceField(SupportKind.choices), required=False, max_length=len(SupportKind),
        help_text=gettext_lazy("What is asked for"),
    )  # fmt: skip
    topics = serializers.ListField(
        child=serializers.ChoiceField(Topic.choices), required=False, max_length=len(Topic),
        help_text=gettext_lazy("Fields of exchange"),
    )  # fmt: skip
    countries = serializers.ListField(
        child=serializers.CharField(max_length=2), required=False, max_length=30,
        help_text=gettext_lazy("ISO 3166-1 codes; the request goes to the offices responsible for them"),
    )  # fmt: skip
    division = _short(120, help_text=gettext_lazy("Division in charge"))
    contact = _short(120, help_text=gettext_lazy("Contact person"))
    telephone = _short(40)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    starts_on = WrittenDay(required=False, allow_null=True, help_text=gettext_lazy("First day"))
    ends_on = WrittenDay(required=False, allow_null=True, help_text=gettext_lazy("Last day"))
    flexible = serializers.BooleanField(required=False, help_text=gettext_lazy("The dates can be moved"))
    party = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=9999, help_text=gettext_lazy("Number of people")
    )
    leader = _short(120, help_text=gettext_lazy("Who leads the party"))
    purpose = _long(help_text=gettext_lazy("Purpose"))
    situation = _long(help_text=gettext_lazy("Situation in Japan"))
    hosts = _long(help_text=gettext_lazy("Hosts wanted"))
    questions = _long(SHEET, help_text=gettext_lazy("Questions to the hosts (question sheet), one a line"))
    question_sheet = serializers.UUIDField(
        required=False, allow_null=True, help_text=gettext_lazy("Id of the paper that is the question sheet")
    )
    wanted = _long(help_text=gettext_lazy("Support wanted"))
    interpreter = serializers.ChoiceField([("", "-"), *Interpreter.choices], required=False)
    costs = serializers.DictField(
        child=serializers.ChoiceField(CostBearer.choices), required=False,
        help_text=gettext_lazy("Who bears which cost: interpreter, transport, venue, gifts, other"),
    )  # fmt: skip
    answers = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True), required=False,
        help_text=gettext_lazy("Answers to what the offices ask, by the key of the question"),
    )  # fmt: skip

    def validate_countries(self, codes: list[str]) -> list[str]:
        wanted = list(dict.fromkeys(code.upper() for code in codes))
        known = set(Country.objects.filter(code__in=wanted).values_list("code", flat=True))
        if unknown := [code for code in wanted if code not in known]:
            raise serializers.ValidationError(_("There is no such country: %(code)s") % {"code": ", ".join(unknown)})
        return wanted

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
        if unknown := sorted(set(self.initial_data) - set(self.fields)):  # type: ignore[arg-type]
            raise serializers.ValidationError({name[:100]: [_("There is no such field.")] for name in unknown[:20]})
        days = [attrs.get(name, getattr(self.instance, name, None)) for name in ("starts_on", "ends_on")]
        if days[0] and days[1] and days[1] < days[0]:
            raise serializers.ValidationError({"ends_on": [_("The last day must not be before the first day.")]})
        return attrs


class DetailSerializer(serializers.ModelSerializer):
    """What was asked for; a part shows what the whole says."""

    kinds = serializers.ListField(child=serializers.ChoiceField(SupportKind.choices))
    costs = serializers.DictField(child=serializers.CharField())
    answers = serializers.DictField(child=serializers.CharField())
    missing = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("Of a draft: what must be filled in before it is filed")
    )

    class Meta:
        model = SupportRequest
        fields = (
            "division", "contact", "telephone", "email", "kinds", "purpose", "starts_on", "ends_on", "flexible", "party", "leader",
            "hosts", "questions", "question_sheet", "situation", "wanted", "interpreter", "costs", "answers", "missing",
        )  # fmt: skip


class SupportSerializer(CaseSerializer):
    """One support request with what was asked for and the moves you may make."""

    detail = DetailSerializer(read_only=True)
    moves = MoveSerializer(many=True, read_only=True)
    parts = PartSerializer(many=True, read_only=True)

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "detail", "moves", "parts")  # type: ignore[assignment]


class OfficeCode(CodeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(frozenset({Kind.OFFICE}), **kwargs)


class TransitionSerializer(serializers.Serializer):
    """A move, and what it asks for."""

    move = serializers.ChoiceField(
        MOVES, help_text=gettext_lazy("Key of the move; `moves` of the request names those you may make")
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=4000, help_text=gettext_lazy("Where the move needs one")
    )
    offices = serializers.ListField(
        child=OfficeCode(), required=False, max_length=20,
        help_text=gettext_lazy("For refer: codes of the offices; those responsible for the countries if not given"),
    )  # fmt: skip
    owner = OfficeCode(required=False, help_text=gettext_lazy("For refer to several: which office leads"))
    body = serializers.CharField(
        required=False, allow_blank=True, max_length=REPORT, help_text=gettext_lazy("For report: the report")
    )
    outcome = serializers.ChoiceField(
        Outcome.choices, required=False, help_text=gettext_lazy("For report: what came of it")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if unknown := sorted(set(self.initial_data) - set(self.fields)):  # type: ignore[arg-type]
            raise serializers.ValidationError({name[:100]: [_("There is no such field.")] for name in unknown[:20]})
        return attrs
