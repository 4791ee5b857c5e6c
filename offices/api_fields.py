"""What requests of every kind have in common for programs: how texts and days are written, and where the request goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clair_portal.calendars.eras import DateError, parse_date
from clair_portal.casework.enums import Topic
from clair_portal.network.models import Country
from offices.filing.fields import TEXT


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


def long_text(most: int = TEXT, **more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=most, trim_whitespace=False, **more)


def short_text(most: int, **more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=most, **more)


class KnownFields(serializers.Serializer):
    """A name that is no field is an error and never ignored."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if unknown := sorted(set(self.initial_data) - set(self.fields)):  # type: ignore[arg-type]
            raise serializers.ValidationError({name[:100]: [_("There is no such field.")] for name in unknown[:20]})
        return attrs


class RequestSerializer(KnownFields):
    """What is written of a request. Everything but the title may stay empty until it is filed; what is written must be right."""

    title = serializers.CharField(max_length=200, help_text=gettext_lazy("What it is about"))
    topics = serializers.ListField(
        child=serializers.ChoiceField(Topic.choices), required=False, max_length=len(Topic),
        help_text=gettext_lazy("Fields of exchange"),
    )  # fmt: skip
    countries = serializers.ListField(
        child=serializers.CharField(max_length=2), required=False, max_length=30,
        help_text=gettext_lazy("ISO 3166-1 codes; the request goes to the offices responsible for them"),
    )  # fmt: skip

    division = short_text(120, help_text=gettext_lazy("Division in charge"))
    contact = short_text(120, help_text=gettext_lazy("Contact person"))
    telephone = short_text(40, help_text=gettext_lazy("Telephone"))
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254, help_text=gettext_lazy("E-mail"))

    def validate_countries(self, codes: list[str]) -> list[str]:
        wanted = list(dict.fromkeys(code.upper() for code in codes))
        known = set(Country.objects.filter(code__in=wanted).values_list("code", flat=True))
        if unknown := [code for code in wanted if code not in known]:
            raise serializers.ValidationError(_("There is no such country: %(code)s") % {"code": ", ".join(unknown)})
        return wanted


class DetailSerializer(serializers.ModelSerializer):
    """What was asked for."""

    missing = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("Of a draft: what must be filled in before it is filed")
    )
