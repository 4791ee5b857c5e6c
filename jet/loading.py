"""Published totals of the JET Programme, loaded by `manage.py load_reference`; the files decide."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from clair_portal.network import stated
from clair_portal.network.models import Claim, Organisation
from clair_portal.network.reference import rows_of
from jet.models import YearlyTotal

FOLDER = Path(__file__).parent / "reference"
read = partial(rows_of, FOLDER)
SUBJECT = "JET Programme"
GATHERED = "2026-11-22"
NUMBERS = ("year", "total", "alt", "cir", "sea", "countries", "cumulative")


def load() -> str:
    """Years and claims become those of the files: what is missing there goes. Returns how many."""
    added, changed, gone = _years()
    return f"{added} years added, {changed} changed, {gone} removed, {_claims()}"


def _years() -> tuple[int, int, int]:
    known = {row.year: row for row in YearlyTotal.objects.all()}
    wanted = {row.year: row for row in map(_year, read("participants.csv"))}
    names = [field.name for field in YearlyTotal._meta.fields if not field.primary_key]
    new = [row for year, row in wanted.items() if year not in known]
    differ = [row for year, row in wanted.items() if year in known and _of(row, names) != _of(known[year], names)]
    gone = known.keys() - wanted.keys()
    YearlyTotal.objects.filter(year__in=gone).delete()
    YearlyTotal.objects.bulk_create(new)
    YearlyTotal.objects.bulk_update(differ, names)
    return len(new), len(differ), len(gone)


def _year(row: dict[str, str]) -> YearlyTotal:
    values: dict[str, Any] = {
        name: (int(text) if text else None) if name in NUMBERS else text for name, text in row.items()
    }
    return YearlyTotal(**values)


def _of(row: YearlyTotal, names: list[str]) -> list[Any]:
    return [getattr(row, name) for name in names]


def _claims() -> str:
    """One row for each source; those that contradict each other stand side by side."""
    hq = Organisation.objects.filter(code="HQ").first()
    return stated.follow(
        SUBJECT, [Claim(subject=part(row.pop("of")), organisation=hq, **row) for row in read("claims.csv")]
    )


def part(of: str) -> str:
    """The subject of claims about a part of the Programme: a country by its code, or a table."""
    return f"{SUBJECT}: {of}" if of else SUBJECT
