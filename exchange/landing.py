"""International exchange for everybody: ties as counts, what others count, a survey, who looks for a partner, support."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language import cldr
from clair_portal.language.cldr import territory
from clair_portal.network.claims import Fact, linked, side_by_side
from clair_portal.network.enums import Kind
from clair_portal.network.models import Claim, Organisation
from clair_portal.open_data.files import csv_file
from clair_portal.reports import charts
from clair_portal.sheets.writing import Value
from exchange import search
from exchange.drawn import points
from exchange.loading import GATHERED, SUBJECT, SURVEY, read
from exchange.models import Tie, standing
from exchange.totals import newest_total

LARGEST = 10


@dataclass(frozen=True)
class Counted:
    """Ties of the list that stand, by prefecture and by country; those of them without a date, and how many ended."""

    by_prefecture: Counter[str]
    by_country: Counter[str]
    undated: int
    ended: int

    @property
    def total(self) -> int:
        return self.by_country.total()


def counted() -> Counted:
    grouped = Tie.objects.order_by().values("prefecture", "country_id")
    rows = grouped.annotate(
        number=Count("pk", filter=standing()), without=Count("pk", filter=Q(agreed_by=None) & standing()),
        ended=Count("pk", filter=~standing()),
    )  # fmt: skip
    places, countries, undated, ended = Counter[str](), Counter[str](), 0, 0
    for row in rows:
        places[row["prefecture"]] += row["number"]
        countries[row["country_id"]] += row["number"]
        undated += row["without"]
        ended += row["ended"]
    return Counted(+places, +countries, undated, ended)


def _prefectures() -> dict[str, Organisation]:
    found = Organisation.objects.filter(kind=Kind.PREFECTURE).exclude(code=None).order_by("code")
    return {(each.code or "")[:2]: each for each in found.only("code", "kind", "name_ja", "name_en")}


@public_page
def landing(request: Any) -> HttpResponse:
    found, names = counted(), _prefectures()
    places = [(code, names.get(code), number) for code, number in sorted(found.by_prefecture.items())]
    countries = [(code, territory(code), number) for code, number in found.by_country.most_common()]
    context = {
        "counted": found, "gathered": cldr.day(dt.date.fromisoformat(GATHERED)), "form": _form(countries, names),
        "map": points(countries), "places": places, "countries": countries, "largest": countries[:LARGEST],
        "seekers": seekers(names), "schemes": schemes(),
        "place_chart": charts.bars("prefectures", _("Ties by prefecture"), [(str(name or code), number) for code, name, number in places]),
        "country_chart": charts.bars("countries", _("Ties by country"), [(name, number) for _code, name, number in countries[:LARGEST]]),
    }  # fmt: skip
    return render(request, "exchange/landing.html", context | _stated())


def _form(countries: list[tuple[str, str, int]], names: dict[str, Organisation]) -> search.TieSearch:
    """The search of the list, empty: it leads there."""
    listed = sorted(((code, name) for code, name, _number in countries), key=lambda pair: pair[1])
    return search.TieSearch({}, listed, [(code, str(name)) for code, name in names.items()])


def _stated() -> dict[str, Any]:
    """Totals of others in time, and the survey, each as its source states it."""
    about = Claim.objects.filter(Q(subject=SUBJECT) | Q(subject__startswith=f"{SURVEY}: "))
    by_subject: dict[str, list[Fact]] = {}
    for fact in side_by_side(about.order_by("subject", "claim", "as_of", "id")):
        by_subject.setdefault(fact.subject, []).append(fact)
    of_survey = {key.removeprefix(f"{SURVEY}: "): facts for key, facts in by_subject.items() if key != SUBJECT}
    partners = sorted(of_survey.get("partners", []), key=lambda fact: -int(fact.claims[0].value))
    drawn = [(fact.label, int(fact.claims[0].value)) for fact in partners]
    facts, activities = by_subject.get(SUBJECT, []), of_survey.get("activities", [])
    return {
        "facts": facts, "published": newest_total(facts), "surveyed": _year(activities), "activities": activities, "partners": partners,
        "fields": of_survey.get("fields", []),
        "partner_chart": charts.bars("partners", _("Activities of prefectures by partner"), drawn),
    }  # fmt: skip


def _year(activities: list[Fact]) -> str:
    """The year a survey is of: FY2024 -> 2024."""
    return activities[0].claims[0].as_of.removeprefix("FY") if activities else ""


@public_page
def prefectures_file(request: Any) -> HttpResponse:
    """The table of ties by prefecture, with those of each country."""
    found, names = counted(), _prefectures()
    heads = [_("Code"), _("Prefecture"), _("Ties"), _("As of"), _("Source")]
    source = _("List of the portal, gathered from public sources")
    rows: list[list[Value]] = [
        [code, str(names.get(code, code)), number, GATHERED, source]
        for code, number in sorted(found.by_prefecture.items())
    ]
    return csv_file("ties_by_prefecture", heads, rows)


@dataclass(frozen=True)
class Scheme:
    """A grant or other support as pages described it when they were read."""

    name_ja: str
    name_en: str
    eligible: str
    ceiling: str
    rate: str
    calls: str
    status: str
    source: str

    @property
    def linked(self) -> SafeString:
        return linked(self.source)


@functools.cache
def schemes() -> list[Scheme]:
    return [Scheme(**row) for row in read("schemes.csv")]


@dataclass(frozen=True)
class Seeker:
    """A local government that looked for a partner on a list of CLAIR in a year."""

    year: str
    name_ja: str
    name_en: str
    prefecture: Any
    wanted: str
    source: SafeString


def seekers(names: dict[str, Organisation]) -> list[Seeker]:
    """The newest list first."""
    found = [
        Seeker(
            row["year"],
            row["name_ja"],
            row["name_en"],
            names.get(row["prefecture"]),
            row["wanted"],
            linked(row["source"]),
        )
        for row in _seekers()
    ]
    return sorted(found, key=lambda each: each.year, reverse=True)


@functools.cache
def _seekers() -> list[dict[str, str]]:
    return list(read("seekers.csv"))
