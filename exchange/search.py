"""What is asked of the list of ties, and what it finds."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.db.models import Count, F, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from clair_portal.language.lookups import holds_every_word
from clair_portal.network.enums import Kind
from clair_portal.network.models import Country, Organisation
from exchange.models import Tie, standing

LONGEST = 100


class TieSearch(forms.Form):
    """`countries` and `prefectures`: the choices, as (code, name)."""

    q = forms.CharField(
        label=_("Local government, here or abroad"), required=False, max_length=LONGEST, strip=True,
        error_messages={"max_length": _("Search for at most 100 characters.")}, widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country"), required=False,
        error_messages={"invalid_choice": _("No tie with this country is listed. Choose one from the list.")},
    )  # fmt: skip
    prefecture = forms.ChoiceField(
        label=_("Prefecture"), required=False,
        error_messages={"invalid_choice": _("There is no such prefecture. Choose one from the list.")},
    )  # fmt: skip
    on = forms.DateField(
        label=_("Agreed by this day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"], error_messages={"invalid": _("Write the day as 1975-12-31.")},
    )  # fmt: skip

    def __init__(self, data: Any, countries: list[tuple[str, str]], prefectures: list[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="by-%s")
        for name, choices in (("country", countries), ("prefecture", prefectures)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]


def choices() -> tuple[list[Any], list[tuple[str, str]]]:
    """In one statement: countries with ties (`listed`: how many stand, whatever is asked), prefectures as (digits, name)."""
    names: dict[str, Any] = {"at": F("code"), "ja": F("name_ja"), "en": F("name_en")}
    abroad = Country.objects.order_by().alias(ever=Count("ties")).filter(ever__gt=0)
    abroad = abroad.annotate(listed=Count("ties", filter=Q(ties__ended="")), **names)
    here = Organisation.objects.order_by().filter(kind=Kind.PREFECTURE).exclude(code=None)
    here = here.annotate(listed=Value(-1), **names)
    columns = ("at", "listed", "ja", "en")
    rows: Any = abroad.values_list(*columns).union(here.values_list(*columns), all=True)
    countries: list[Any] = []
    prefectures: list[tuple[str, str]] = []
    for code, listed, ja, en in rows.order_by("at"):
        if listed >= 0:
            countries.append(Country(code=code, name_ja=ja, name_en=en))
            countries[-1].listed = listed
        else:
            prefectures.append((code[:2], str(Organisation(kind=Kind.PREFECTURE, code=code, name_ja=ja, name_en=en))))
    return countries, prefectures


def find(asked: dict[str, Any]) -> QuerySet[Tie]:
    """By name, country and prefecture, whatever the day."""
    found = Tie.objects.filter(holds_every_word(asked["q"]))
    if asked["country"]:
        found = found.filter(country=asked["country"])
    if asked["prefecture"]:
        found = found.filter(prefecture=asked["prefecture"])
    return found


def shown(found: QuerySet[Tie], asked: dict[str, Any]) -> QuerySet[Tie]:
    """As of the day asked for: ties sure to have been agreed by then. Without a day all, dated or not; ended ones too."""
    if asked["on"]:
        found = found.filter(agreed_by__lte=asked["on"])
    return found.select_related("organisation", "country").order_by("prefecture", "key")


class Numbers(NamedTuple):
    """Of a country: ties that stand, those of them without a date, and ended ones. What the list shows stands or ended."""

    inside: int = 0
    undated: int = 0
    ended: int = 0


def counted(found: QuerySet[Tie], asked: dict[str, Any]) -> dict[str, Numbers]:
    """By country."""
    until = Q(agreed_by__lte=asked["on"]) if asked["on"] else Q(pk__isnull=False)
    stands = standing(asked["on"])
    rows = found.order_by().values("country_id").annotate(
        inside=Count("pk", filter=until & stands), undated=Count("pk", filter=Q(agreed_by=None) & stands),
        ended=Count("pk", filter=until & ~stands),
    )  # fmt: skip
    return {row["country_id"]: Numbers(row["inside"], row["undated"], row["ended"]) for row in rows}
