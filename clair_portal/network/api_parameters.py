"""Parameters of the lists, checked and described in one place."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clair_portal.calendars.eras import DateError, parse_date
from clair_portal.network.api_pages import LARGEST
from clair_portal.network.enums import Kind
from clair_portal.network.models import Country, Organisation

_CODE = re.compile(r"[0-9A-Za-z-]{1,30}\Z")


@extend_schema_field(OpenApiTypes.DATE)
class DayField(serializers.Field):
    """2018-06-30, and the ways Japanese offices write dates: 平成30年6月30日, H30.6.30."""

    def to_internal_value(self, data: Any) -> dt.date:
        try:
            return parse_date(str(data))
        except DateError as error:
            raise serializers.ValidationError(str(error)) from error


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field):
    """The code of an organisation that exists; gives its key."""

    def __init__(self, kinds: frozenset[str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kinds = kinds

    def to_internal_value(self, data: Any) -> int:
        key = self._key(data) if isinstance(data, str) and _CODE.match(data) else None
        if key is None:
            raise serializers.ValidationError(_("There is no such code: %(code)s") % {"code": str(data)[:30]})
        return key

    def _key(self, code: str) -> int | None:
        rows = Organisation.objects.filter(code=code.upper())
        if self.kinds:
            rows = rows.filter(kind__in=sorted(self.kinds))
        return rows.values_list("pk", flat=True).first()


class PageParameters(serializers.Serializer):
    size = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST, help_text=gettext_lazy("Rows on a page; 100 if not given.")
    )
    cursor = serializers.CharField(
        required=False, max_length=300, help_text=gettext_lazy("Where the page begins; taken from `next`.")
    )


class OrganisationParameters(PageParameters):
    kind = serializers.ChoiceField(Kind.choices, required=False, help_text=gettext_lazy("One kind of organisation."))
    branch = CodeField(
        frozenset({Kind.PREFECTURE, Kind.DESIGNATED_CITY}), required=False,
        help_text=gettext_lazy("Code of a branch: the municipalities that file through it."),
    )  # fmt: skip
    code = serializers.RegexField(r"^[0-9A-Za-z-]{1,30}$", required=False, help_text=gettext_lazy("Exactly this code."))
    q = serializers.CharField(
        required=False,
        max_length=100,
        help_text=gettext_lazy("Part of a name in any form: kanji, kana, romaji, or the code."),
    )


class JurisdictionParameters(PageParameters):
    on = DayField(
        required=False,
        help_text=gettext_lazy("The day, such as 2018-06-30 or 平成30年6月30日; today in Tokyo if not given."),
    )
    office = CodeField(
        frozenset({Kind.OFFICE}), required=False, help_text=gettext_lazy("Code of an office, such as LON.")
    )
    country = serializers.CharField(
        required=False, max_length=2, help_text=gettext_lazy("ISO 3166-1 code, such as LK.")
    )

    def validate_country(self, value: str) -> str:
        code = value.upper()
        if not Country.objects.filter(pk=code).exists():
            raise serializers.ValidationError(_("There is no such country: %(code)s") % {"code": value})
        return code
