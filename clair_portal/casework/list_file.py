"""A list as a workbook: exactly the columns and rows the page shows, all pages of them. Text stays text, never a formula.

A short list is written at once; a longer one by a job, which counts while it writes.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.core.files.base import File
from django.core.files.storage import storages
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.keyset import every_page
from clair_portal.casework.listing import LISTINGS, Asked, Column, SheetColumn, Value, asked_of, chips_of, gathered_for
from clair_portal.outbox import jobs
from clair_portal.outbox.jobs import Progress
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job

JOB = "casework.list_file"
FOLDER = "lists"
AT_ONCE = 2000  # rows; more is a job
MOST = 1_000_000  # a sheet of Excel has 1,048,576 rows
BATCH = 500
HEAD_ROW = 4
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "remove_timezone": True,
}  # fmt: skip
Step = Callable[[int, int], Any]


def short_enough(asked: Asked) -> bool:
    return asked.found.values("pk")[: AT_ONCE + 1].count() <= AT_ONCE


def file_name(asked: Asked, now: dt.datetime) -> str:
    return f"{asked.listing.title}_{timezone.localdate(now).isoformat()}.xlsx"


def written(asked: Asked, out: BinaryIO, *, now: dt.datetime, step: Step = lambda done, total: None) -> tuple[int, int]:
    """Writes the workbook; returns the rows expected (counted before) and written. They may differ while others work."""
    expected = min(asked.found.count(), MOST)
    with xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": expected <= AT_ONCE}) as book:
        book.set_properties({"title": str(asked.listing.title), "created": now.replace(tzinfo=None)})
        sheet, formats = book.add_worksheet(str(asked.listing.title)[:31]), _formats(book)
        _heading(sheet, asked, formats, expected, now)
        count = _rows(sheet, asked, formats, expected, now, step)
        sheet.write_string(
            HEAD_ROW + count + 2, 0, _("Rows written: %(count)s") % {"count": f"{count:,}"}, formats["text"]
        )
    return expected, count


def _formats(book: Any) -> dict[str, Any]:
    font = {"font_name": "Yu Gothic" if (get_language() or "").startswith("ja") else "Arial", "font_size": 10}
    wrapped = {**font, "text_wrap": True, "valign": "top"}
    return {
        "text": book.add_format(font),
        "title": book.add_format({**font, "bold": True, "font_size": 14}),
        "head": book.add_format({**wrapped, "bold": True, "bottom": 1, "bg_color": "#F2F2F2"}),
        "cell": book.add_format(wrapped),
        "day": book.add_format({**wrapped, "num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({**wrapped, "num_format": "yyyy-mm-dd hh:mm"}),
    }


def _heading(sheet: Any, asked: Asked, formats: dict[str, Any], expected: int, now: dt.datetime) -> None:
    """Rows 1 to 3 say what the sheet holds, so that it can be read without the page it came from."""
    sheet.write_string(0, 0, str(asked.listing.title), formats["title"])
    narrowed = [str(chip["label"]) for chip in chips_of(asked)]
    sheet.write_string(1, 0, " / ".join(narrowed) or _("Everything you may see"), formats["text"])
    words = {
        "count": f"{expected:,}",
        "when": f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
        "zone": asked.reader.time_zone,
    }
    sheet.write_string(2, 0, _("Rows expected: %(count)s. Made %(when)s (%(zone)s).") % words, formats["text"])
    for place, (_column, each) in enumerate(_sheet_columns(asked)):
        sheet.set_column(place, place, each.width)
        sheet.write_string(HEAD_ROW, place, str(each.label), formats["head"])
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _sheet_columns(asked: Asked) -> list[tuple[Column, SheetColumn]]:
    return [(column, each) for column in asked.columns for each in column.sheet_columns()]


def _rows(
    sheet: Any, asked: Asked, formats: dict[str, Any], expected: int, now: dt.datetime, step: Step
) -> int:  # fmt: skip
    columns, count = _sheet_columns(asked), 0
    for records in every_page(asked.found, asked.order, BATCH):
        rows, gathered = asked.listing.rows(records, asked.reader, now), gathered_for(asked, records)
        for row, record in zip(rows, records, strict=True):
            if count == MOST:
                return count
            count += 1
            for place, (column, each) in enumerate(columns):
                value = gathered[column.key].get(record.pk, "") if column.gather else each.value(row)
                _write(sheet, HEAD_ROW + count, place, value, formats)
        step(min(count, expected), expected)
    return count


def _write(sheet: Any, row: int, place: int, value: Value, formats: dict[str, Any]) -> None:
    """Numbers and days keep their kind; everything else is a string, whatever it begins with."""
    if value is None or value == "":
        sheet.write_blank(row, place, None, formats["cell"])
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, place, timezone.localtime(value).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, place, dt.datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, place, value, formats["cell"])
    else:
        sheet.write_string(row, place, str(value), formats["cell"])


# --- As a job -----------------------------------------------------------------------------------------------------------
def start(asked: Asked, *, user: int, path: str) -> Job:
    """Queues the file for the acting person. `path`: the page it was asked for on."""
    params = {
        "listing": asked.listing.key, "query": asked.address().removeprefix("?"), "language": get_language() or "en",
        "path": path,
    }  # fmt: skip
    title = _("%(list)s as Excel") % {"list": asked.listing.title}
    return start_job(JOB, title=title, person=asked.reader.person, user=user, params=params)


@jobs.register(JOB)
def make(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    """The rows the owner may see when it runs, on the owner's clock and in the language it was asked for."""
    now = timezone.now()
    with translation.override(job.params["language"]), timezone.override(owner.time_zone):
        asked = asked_of(LISTINGS[job.params["listing"]], QueryDict(job.params["query"]), owner)
        with tempfile.TemporaryFile() as kept:
            expected, count = written(asked, kept, now=now, step=progress)
            kept.seek(0)
            storages["documents"].delete(f"{FOLDER}/{job.pk}.xlsx")  # of a start that died
            name = storages["documents"].save(f"{FOLDER}/{job.pk}.xlsx", File(kept))
        return {
            "file": name, "file_name": file_name(asked, now), _("Rows expected"): f"{expected:,}",
            _("Rows written"): f"{count:,}",
        }  # fmt: skip
