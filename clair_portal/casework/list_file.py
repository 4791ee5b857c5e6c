"""A list as a file: exactly the columns and rows the page shows, all pages of them, as a workbook or CSV.

A short list is written at once; a longer one by a job, which counts while it writes.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import storages
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.keyset import every_page
from clair_portal.casework.listing import LISTINGS, Asked, Column, SheetColumn, asked_of, chips_of, gathered_for
from clair_portal.language.words import listed
from clair_portal.outbox import jobs
from clair_portal.outbox.jobs import Progress
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job
from clair_portal.sheets.writing import CP932, UTF8, XLSX_TYPE, Head, Lost, Paper, Value, write_csv, write_xlsx

JOB = "casework.list_file"
FOLDER = "lists"
AT_ONCE = 2000  # rows; more is a job
MOST = 1_000_000  # a sheet of Excel has 1,048,576 rows
BATCH = 500
Step = Callable[[int, int], Any]


@dataclass(frozen=True)
class Format:
    """`encoding`: of CSV; a workbook has none. `write`: of a format another app adds; `offered`: whether this list and reader
    have it. `back`: where such a file comes back to, and in which words."""

    label: Any
    suffix: str
    media_type: str
    encoding: str = ""
    write: Callable[..., Written] | None = None
    offered: Callable[[Asked], bool] = lambda asked: True
    back: Callable[[Asked], tuple[str, str]] | None = None


FORMATS = {
    "xlsx": Format("Excel", "xlsx", XLSX_TYPE),
    "csv": Format("CSV (UTF-8)", "csv", "text/csv; charset=utf-8", UTF8),
    "cp932": Format(gettext_lazy("CSV for older programs (Shift JIS)"), "csv", "text/csv; charset=Shift_JIS", CP932),
}


@dataclass(frozen=True)
class Written:
    """`expected`: rows counted before. It may differ from those written while others work."""

    expected: int
    count: int
    lost: Lost = field(default_factory=Lost)


def formats_for(asked: Asked) -> dict[str, Format]:
    return {key: kind for key, kind in FORMATS.items() if kind.offered(asked)}


def short_enough(asked: Asked) -> bool:
    return asked.found.values("pk")[: AT_ONCE + 1].count() <= AT_ONCE


def file_name(asked: Asked, kind: Format, now: dt.datetime) -> str:
    return f"{asked.listing.title}_{timezone.localdate(now).isoformat()}.{kind.suffix}"


def written(
    asked: Asked, out: BinaryIO, *, kind: Format, now: dt.datetime, step: Step = lambda done, total: None
) -> Written:
    """Writes the file into `out`, a batch of rows after the other."""
    if kind.write is not None:
        return kind.write(asked, out, now=now, step=step)
    expected = min(asked.found.count(), MOST)
    paper, rows = paper_of(asked, expected, now), _rows(asked, expected, now, step)
    if kind.encoding:
        count, lost = write_csv(out, paper, rows, encoding=kind.encoding)
        return Written(expected, count, lost)
    foot = _("Rows written: %(count)s")
    return Written(expected, write_xlsx(out, paper, rows, made_at=now, small=expected <= AT_ONCE, foot=foot))


def paper_of(asked: Asked, expected: int, now: dt.datetime) -> Paper:
    """Rows 1 to 3 of a workbook say what it holds, so that it can be read without the page it came from."""
    words = {
        "count": f"{expected:,}",
        "when": f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
        "zone": asked.reader.time_zone,
    }
    lines = (
        " / ".join(str(chip["label"]) for chip in chips_of(asked)) or _("Everything you may see"),
        _("Rows expected: %(count)s. Made %(when)s (%(zone)s).") % words,
    )
    heads = [Head(str(each.label), each.width) for _column, each in _sheet_columns(asked)]
    return Paper(str(asked.listing.title), heads, lines)


def _sheet_columns(asked: Asked) -> list[tuple[Column, SheetColumn]]:
    return [(column, each) for column in asked.columns for each in column.sheet_columns()]


def _rows(asked: Asked, expected: int, now: dt.datetime, step: Step) -> Iterator[list[Value]]:
    columns, count = _sheet_columns(asked), 0
    for records in every_page(asked.found, asked.order, BATCH):
        rows, gathered = asked.listing.rows(records, asked.reader, now), gathered_for(asked, records)
        for row, record in zip(rows, records, strict=True):
            if count == MOST:
                return
            count += 1
            yield [
                gathered[column.key].get(record.pk, "") if column.gather else each.value(row)
                for column, each in columns
            ]
        step(min(count, expected), expected)


def lost_words(lost: Lost) -> str:
    """What the file could not hold, in one sentence with examples."""
    examples = listed(
        _("%(character)s (row %(row)s, %(column)s)") % {"character": character, "row": row, "column": column}
        for row, column, character in lost.examples
    )
    return _("Characters: %(number)s, cells: %(cells)s. Examples: %(examples)s") % {
        "number": f"{lost.characters:,}", "cells": f"{lost.cells:,}", "examples": examples,
    }  # fmt: skip


# --- As a job -----------------------------------------------------------------------------------------------------------
def start(asked: Asked, *, kind: str, user: int) -> Job:
    """Queues the file for the acting person."""
    params = {
        "listing": asked.listing.key, "query": asked.address().removeprefix("?"), "language": get_language() or "en",
        "path": asked.listing.path + asked.address(), "format": kind,
    }  # fmt: skip
    title = _("%(list)s as %(format)s") % {"list": asked.listing.title, "format": FORMATS[kind].label}
    return start_job(JOB, title=title, person=asked.reader.person, user=user, params=params)


@jobs.register(JOB)
def make(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    """The rows the owner may see when it runs, on the owner's clock and in the language it was asked for."""
    now, kind = timezone.now(), FORMATS[job.params.get("format", "xlsx")]
    with translation.override(job.params["language"]), timezone.override(owner.time_zone):
        asked = asked_of(LISTINGS[job.params["listing"]], QueryDict(job.params["query"]), owner)
        with tempfile.TemporaryFile() as kept:
            made = written(asked, kept, kind=kind, now=now, step=progress)
            kept.seek(0)
            place = f"{FOLDER}/{job.pk}.{kind.suffix}"
            storages["documents"].delete(place)  # of a start that died
            name = storages["documents"].save(place, File(kept))
        lost = (
            {_("Shown as 〓, because Shift JIS does not have them"): lost_words(made.lost)} if made.lost.cells else {}
        )
        return {
            "file": name, "file_name": file_name(asked, kind, now), _("Rows expected"): f"{made.expected:,}",
            _("Rows written"): f"{made.count:,}", **lost,
        }  # fmt: skip
