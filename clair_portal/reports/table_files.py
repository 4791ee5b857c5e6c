"""Tables as files: the kind of report that makes a workbook or a PDF of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.outbox.jobs import Progress
from clair_portal.reports import layout, workbook
from clair_portal.reports.documents import Made, Params, ReportKind, declare
from clair_portal.reports.tables import TABLES, Table, fill

KIND = "reports.table"
FORMATS = {"xlsx": "Excel", "pdf": "PDF"}
SAME_FOR = 300  # seconds; a file asked for again within them is not counted again. Each says when it was counted


def params_of(table: Table, year: FiscalYear, format_name: str) -> Params:
    return {"table": table.key, "year": year.year, "format": format_name}


def span_of_time() -> int:
    """Changes when a file that is asked for again has to be counted again."""
    return int(timezone.now().timestamp()) // SAME_FOR


def _table(reader: Reader, params: Params) -> Table:
    """LookupError: no such table, or none for this reader."""
    table = TABLES[params["table"]]
    if not table.may_be_seen_by(reader):
        raise LookupError(table.key)
    return table


def title(reader: Reader, params: Params) -> str:
    table, year = TABLES[params["table"]], FiscalYear(params["year"])
    words = {"table": table.title, "year": layout.year_label(year), "format": FORMATS[params["format"]]}
    return _("%(table)s, %(year)s, as %(format)s") % words


def version(reader: Reader, params: Params) -> Any:
    """A span of time: asking and fetching are no moments to count what may be a million records, the job is."""
    return [_table(reader, params).key, span_of_time()]


def make(reader: Reader, params: Params, at: dt.datetime, progress: Progress) -> Made:
    grid = fill(_table(reader, params), reader, FiscalYear(params["year"]), now=timezone.now())
    name = f"{grid.table.title}_{grid.year.year}.{params['format']}"
    if params["format"] == "xlsx":
        return Made(workbook.workbook(grid, made_at=at), name, workbook.MEDIA_TYPE)
    return Made(layout.printed(grid, language=get_language() or "en", made_at=at, sample=settings.DEMO), name)


declare(ReportKind(KIND, title, version, make))
