"""Published totals of the JET Programme, loaded by `manage.py load_reference`; the files decide."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from clair_portal.network.models import Claim, Organisation
from clair_portal.network.reference import rows_of
from jet.models import YearlyTotal

FOLDER = Path(__file__).parent / "reference"
read = partial(rows_of, FOLDER)
SUBJECT = "JET Programme"
NUMBERS = ("year", "total", "alt", "cir", "sea", "countries", "cumulative")


def load() -> str:
    """Years and claims that are missing are added, years that differ follow the file. Returns how many."""
    added, changed = _years()
    return f"{added} years added, {changed} changed, {_claims()} claims added"


def _years() -> tuple[int, int]:
    known = {row.year: row for row in YearlyTotal.objects.all()}
    wanted = [YearlyTotal(**_values(row)) for row in read("participants.csv")]
    new = [row for row in wanted if row.year not in known]
    names = [field.name for field in YearlyTotal._meta.fields if not field.primary_key]
    differ = [row for row in wanted if row.year in known and _of(row, names) != _of(known[row.year], names)]
    YearlyTotal.objects.bulk_create(new)
    YearlyTotal.objects.bulk_update(differ, names)
    return len(new), len(differ)


def _values(row: dict[str, str]) -> dict[str, Any]:
    return {name: (int(text) if text else None) if name in NUMBERS else text for name, text in row.items()}


def _of(row: YearlyTotal, names: list[str]) -> list[Any]:
    return [getattr(row, name) for name in names]


def _claims() -> int:
    """One row for each source; those that contradict each other stand side by side."""
    of_jet = Claim.objects.filter(subject=SUBJECT)
    stated = set(of_jet.values_list("claim", "value", "as_of", "source"))
    hq = Organisation.objects.filter(code="HQ").first()
    rows = [
        Claim(subject=SUBJECT, organisation=hq, **row)
        for row in read("claims.csv") if (row["claim"], row["value"], row["as_of"], row["source"]) not in stated
    ]  # fmt: skip
    Claim.objects.bulk_create(rows)
    return len(rows)
