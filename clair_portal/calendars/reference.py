"""The eras and holidays that come with the application, put into the tables where rows are missing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction

from clair_portal.calendars.eras import forget_eras, reference_eras
from clair_portal.calendars.models import Era, Holiday

FOLDER = Path(__file__).parent / "reference"
HOLIDAYS_FILES = (FOLDER / "holidays.csv", FOLDER / "holidays_of_countries.csv")


@transaction.atomic
def load() -> int:
    """Insert the eras and holidays of `reference/` that the tables do not have; return how many rows were added.

    Safe to run again and again: a row that exists, whatever an editor wrote into it, is left as it is.
    """
    return _load_eras() + add_missing(_holidays_of_files())


def add_missing(holidays: Iterable[Holiday]) -> int:
    """Insert the holidays whose (calendar, date) has no row yet; return how many. Safe beside a second process."""
    rows = list(holidays)
    known = set(Holiday.objects.values_list("calendar", "date"))
    missing = [row for row in rows if (row.calendar, row.date) not in known]
    return _insert(Holiday, missing)


def _insert(model: type[Era] | type[Holiday], rows: Sequence[Era | Holiday]) -> int:
    before = model.objects.count()
    model.objects.bulk_create(rows, ignore_conflicts=True)  # type: ignore[arg-type]
    return model.objects.count() - before


def _load_eras() -> int:
    """An era is known by its first day: an editor may have corrected its names or closed it."""
    known = set(Era.objects.values_list("starts_on", flat=True))
    missing = [
        Era(name_ja=e.name_ja, name_en=e.name_en, letter=e.letter, starts_on=e.starts_on, ends_on=e.ends_on)
        for e in reference_eras()
        if e.starts_on not in known
    ]
    added = _insert(Era, missing)
    forget_eras()
    return added


def _holidays_of_files() -> list[Holiday]:
    return [row for path in HOLIDAYS_FILES for row in _holidays_of_file(path)]


def _holidays_of_file(path: Path) -> list[Holiday]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Holiday(
                calendar=row["calendar"],
                date=date.fromisoformat(row["date"]),
                name_ja=row["name_ja"],
                name_en=row["name_en"],
                name_local=row["name_local"],
                working=row["working"] == "1",
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]
