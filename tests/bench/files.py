"""What files of the list cost at a volume: 2,000 requests out, for editing, in again with 300 changed; a fiscal year of all.

The baseline of a file is a sheet of as many rows of plain values; that of the way in is reading the same sheet alone.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from clair_portal.accounts.reader import Reader
from clair_portal.casework import list_file
from clair_portal.casework.case_list import CASES
from clair_portal.casework.listing import Asked, asked_of
from clair_portal.imports.models import Import
from clair_portal.outbox.handlers import do
from clair_portal.sheets.pages import open_pages
from clair_portal.sheets.writing import Head, Paper, write_xlsx
from clair_portal.walls.scope import acting
from tests.bench.measuring import interleaved, line

ROWS, CHANGED, HEADINGS = 2_000, 300, 5
YEAR = "year=2016"


def list_files(size: int, reader: Reader, client: Client) -> None:
    at = f"{size:,} cases"
    with acting(reader.scope), translation.override("ja"):
        keys = _spread(reader)
        for name, kind in (("workbook", "xlsx"), ("CSV", "csv")):
            times = interleaved(lambda kind=kind: _out(_these(reader, keys), kind), lambda: _plain(ROWS), 3, 1)  # type: ignore[misc]
            line(f"list of {ROWS:,} as {name}", at, *times, "as many rows of plain values")
        year = asked_of(CASES, QueryDict(YEAR), reader)
        rows = year.found.count()
        took = _seconds(lambda: _out(asked_of(CASES, QueryDict(YEAR), reader), "csv"))
        plain = _seconds(lambda: _plain(rows))
        line(f"a fiscal year of {rows:,} as CSV", at, took * 1000, plain * 1000, "as many rows of plain values")
        open_ones = _spread(reader, "show=open&kind=offices.support")
        rows, content = len(open_ones), _out(_these(reader, open_ones), "edit")
    _in_again(at, client, content, rows)


def _spread(reader: Reader, query: str = "") -> list[int]:
    """Keys of 2,000 requests, spread over all that are found."""
    keys = list(asked_of(CASES, QueryDict(query), reader).found.order_by("pk").values_list("pk", flat=True))
    return keys[:: max(1, len(keys) // ROWS)][:ROWS]


def _these(reader: Reader, keys: list[int]) -> Asked:
    """The list, narrowed to them."""
    asked = asked_of(CASES, QueryDict(""), reader)
    asked.found = asked.found.filter(pk__in=keys)
    return asked


def _out(asked: Asked, kind: str) -> bytes:
    out = io.BytesIO()
    list_file.written(asked, out, kind=list_file.FORMATS[kind], now=timezone.now())
    return out.getvalue()


def _plain(rows: int) -> None:
    values = ["R8-支-0001", "見本の件名です", "小樽市", "対応中", "ロンドン事務所", "2026-11-25", "あと3日"]
    heads = [Head(str(place)) for place in range(len(values))]
    write_xlsx(
        io.BytesIO(),
        Paper("見本", heads, ["line"]),
        (values for _row in range(rows)),
        made_at=timezone.now(),
        small=False,
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


# --- In again -------------------------------------------------------------------------------------------------------------
def _in_again(at: str, client: Client, content: bytes, rows: int) -> None:
    edited = _edited(content)
    reading = _seconds(lambda: open_pages("見本.xlsx", edited))
    sheet = _sent(client, edited)
    checking = _seconds(lambda: _worked(sheet))
    sheet.refresh_from_db()
    if (sheet.rows, sheet.changes, sheet.errors) != (rows, CHANGED, 0):
        raise RuntimeError(f"the sheet was read as {sheet.rows}, {sheet.changes}, {sheet.errors}")
    line(f"dry run of {rows:,} rows, {CHANGED} changed", at, checking * 1000, reading * 1000, "reading the sheet alone")
    if client.post(f"/desk/sheets/{sheet.pk}/confirm/").status_code != 302:
        raise RuntimeError("the sheet could not be confirmed")
    sheet.refresh_from_db()
    applying = _seconds(lambda: _worked(sheet))
    line(f"{CHANGED} changes applied, each in the log", at, applying * 1000, reading * 1000, "reading the sheet alone")


def _edited(content: bytes) -> bytes:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    place = next(cell.column for cell in page[HEADINGS] if cell.value == "件名")
    for row in range(1, CHANGED + 1):
        page.cell(HEADINGS + row, place).value = f"訂正 {row}(見本)"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sent(client: Client, content: bytes) -> Import:
    answer = client.post("/desk/sheets/new/cases/", {"sheet": SimpleUploadedFile("見本.xlsx", content)})
    if answer.status_code != 302:
        raise RuntimeError(f"sending the sheet answered {answer.status_code}")
    return Import.objects.latest("uploaded_at")


def _worked(sheet: Import) -> Any:
    sheet.refresh_from_db()
    return do("job", sheet.job, timezone.now())
