"""Several tables as one report of a fiscal year: one page, one workbook with a sheet a table, one PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.outbox.jobs import Progress
from clair_portal.reports import layout, table_files, workbook
from clair_portal.reports.documents import Made, Params, ReportKind
from clair_portal.reports.documents import declare as declare_kind
from clair_portal.reports.tables import TABLES, Grid, Table, Text, fill

KIND = "reports.collection"


@dataclass(frozen=True)
class Collection:
    """`tables`: keys of declared tables, in the order of the report. A reader finds those that a posting opens."""

    key: str
    title: Text
    tables: tuple[str, ...]
    note: Text = ""
    order: int = 0

    def seen_by(self, reader: Reader) -> list[Table]:
        return [TABLES[key] for key in self.tables if TABLES[key].may_be_seen_by(reader)]

    @property
    def first_year(self) -> int:
        return min(TABLES[key].first_year for key in self.tables)


COLLECTIONS: dict[str, Collection] = {}


def declare(collection: Collection) -> None:
    """Called in ready(), after its tables. ValueError: a table nobody declared."""
    if unknown := set(collection.tables) - TABLES.keys():
        raise ValueError(f"{collection.key}: no such tables: {sorted(unknown)}")
    COLLECTIONS[collection.key] = collection


def grids_of(
    collection: Collection, reader: Reader, year: FiscalYear, *, now: dt.datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Grid]:  # fmt: skip
    """Every table that the reader sees. With a million records that takes seconds: for workers, not for pages."""
    tables, grids = collection.seen_by(reader), []
    for number, table in enumerate(tables):
        progress(number, len(tables) + 1)
        grids.append(fill(table, reader, year, now=now))
    return grids


# --- As files ---------------------------------------------------------------------------------------------------------
def params_of(collection: Collection, year: FiscalYear, format_name: str) -> Params:
    return {"collection": collection.key, "year": year.year, "format": format_name}


def title(reader: Reader, params: Params) -> str:
    words = {
        "table": COLLECTIONS[params["collection"]].title,
        "year": layout.year_label(FiscalYear(params["year"])),
        "format": table_files.FORMATS[params["format"]],
    }
    return _("%(table)s, %(year)s, as %(format)s") % words


def version(reader: Reader, params: Params) -> Any:
    """Which tables, and a span of time: asking is not the moment to count all of them, the job is."""
    tables = [table.key for table in COLLECTIONS[params["collection"]].seen_by(reader)]
    return [tables, table_files.span_of_time()]


def make(reader: Reader, params: Params, at: dt.datetime, progress: Progress) -> Made:
    collection, year = COLLECTIONS[params["collection"]], FiscalYear(params["year"])
    grids = grids_of(collection, reader, year, now=timezone.now(), progress=progress)
    name = f"{collection.title}_{year.year}.{params['format']}"
    if params["format"] == "xlsx":
        return Made(workbook.workbook(*grids, made_at=at, title=str(collection.title)), name, workbook.MEDIA_TYPE)
    language = get_language() or "en"
    return Made(
        layout.printed_together(str(collection.title), grids, language=language, made_at=at, sample=settings.DEMO), name
    )


declare_kind(ReportKind(KIND, title, version, make))
