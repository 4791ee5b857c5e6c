"""The JET Programme for everybody: what it is, its numbers since 1987, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.cldr import territory
from clair_portal.language.lists import joined
from clair_portal.network.claims import label_of, lines, linked, side_by_side, written
from clair_portal.network.models import Claim
from clair_portal.open_data.files import csv_file
from clair_portal.sheets.writing import Value
from jet.chart import svg
from jet.loading import GATHERED, SUBJECT
from jet.models import YearlyTotal
from jet.words import BODIES, BY_NAME, REGIONS

SOURCES = ("source", "job_types_source", "countries_source", "cumulative_source")
COLUMNS = ("year", "total", "alt", "cir", "sea", "countries", "cumulative")


@public_page
def programme(request: Any) -> HttpResponse:
    years = list(YearlyTotal.objects.all())
    counted = [year for year in years if year.total]
    context = {
        "years": years[::-1], "newest": counted[-1] if counted else None, "chart": svg(years),
        "by_job": [(year, linked(year.job_types_source)) for year in years[::-1] if year.alt is not None],
    }  # fmt: skip
    return render(request, "jet/programme.html", context | _stated())


def _stated() -> dict[str, Any]:
    """What sources say, in tables of their own where many say the same kinds of things."""
    by_part: dict[str, list[Claim]] = {}
    about = Claim.objects.filter(Q(subject=SUBJECT) | Q(subject__startswith=f"{SUBJECT}: "))
    for claim in about.exclude(claim__in=("began", "ministries")).order_by("subject", "claim", "-as_of", "id"):
        by_part.setdefault(claim.subject.removeprefix(SUBJECT).removeprefix(": "), []).append(claim)
    bodies, regions = by_part.pop("contracting organisations", []), by_part.pop("participating countries", [])
    facts = side_by_side(claim for claims in by_part.values() for claim in claims)
    return {
        "bodies": _table(bodies, BODIES), "regions": _table(regions, REGIONS),
        "named": [_by_name(claim) for claim in regions if claim.claim == BY_NAME],
        "facts": [replace(fact, scope=_scope(fact.subject)) for fact in facts],
    }  # fmt: skip


def _by_name(claim: Claim) -> tuple[Claim, str, SafeString]:
    return claim, joined([territory(code) for code in claim.value.split()]), linked(claim.source)


def _scope(subject: str) -> str:
    code = subject.removeprefix(SUBJECT).removeprefix(": ")
    return territory(code) if code else ""


def _table(claims: list[Claim], columns: Sequence[str]) -> dict[str, Any]:
    heads = [_capital(label_of(name)) for name in columns]
    cells = [
        (line, [(head, written(text)) for head, text in zip(heads, line.values, strict=True)])
        for line in lines(claims, columns)
    ]
    return {"heads": heads, "lines": cells}


@public_page
def participants_file(request: Any) -> HttpResponse:
    """The table as CSV (UTF-8 with BOM): each number with its source, each line with its time."""
    heads = [_heading(name) for name in (*COLUMNS, *SOURCES)] + [_("Note"), _("As of"), _("Gathered on")]
    return csv_file("jet_participants", heads, map(_line, YearlyTotal.objects.all()))


def _heading(name: str) -> str:
    return _capital(next(str(field.verbose_name) for field in YearlyTotal._meta.fields if field.name == name))


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _line(year: YearlyTotal) -> list[Value]:
    values = (getattr(year, name) for name in (*COLUMNS, *SOURCES))
    return [*values, year.note, year.as_of or str(year.year), GATHERED]
