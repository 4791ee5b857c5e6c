"""One table as .xlsx or CSV, row by row, so that the memory needed does not grow with the rows.

Text stays text. A workbook says so of each cell (type text, and "quoted" where it begins like a formula), and keeps it letter
by letter. CSV cannot say it: there a text that begins like a formula gets an apostrophe, which `sheets.reading` takes off.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language

Value = str | int | Decimal | dt.date | dt.datetime | None
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UTF8, CP932 = "utf-8-sig", "cp932"
OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "remove_timezone": True,
}  # fmt: skip
HEAD_ROW = 4
INSTEAD = "〓"  # what printers set for a character they lack
EXAMPLES = 10
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")  # Excel in Japanese takes the wide ones as well
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Head:
    label: str
    width: int = 16  # in characters


@dataclass(frozen=True)
class Paper:
    """What stands around the rows. `lines`: said below the title of a workbook, at most three rows with it."""

    title: str
    heads: Sequence[Head]
    lines: Sequence[str] = ()


@dataclass
class Lost:
    """Characters an encoding does not have. `examples`: row of the file, column, character."""

    characters: int = 0
    cells: int = 0
    examples: list[tuple[int, str, str]] = field(default_factory=list)


def like_formula(text: str) -> bool:
    """Whether a spreadsheet could run the text. Spaces before the sign do not help against all of them."""
    return text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA_SIGNS)


def harmless(text: str) -> str:
    """For files that cannot say what is text: an apostrophe before what a spreadsheet would run.

    Also before one that has an apostrophe already, so that `cells.bared` gives back each text as it was.
    """
    return f"'{text}" if like_formula(text.lstrip("'")) else text


# --- Workbooks ----------------------------------------------------------------------------------------------------------
def font() -> dict[str, Any]:
    return {"font_name": "Yu Gothic" if (get_language() or "").startswith("ja") else "Arial", "font_size": 10}


def sheet_name(title: str) -> str:
    """At most 31 characters, without those that Excel refuses."""
    return _NOT_IN_NAMES.sub(" ", title).strip("' ")[:31] or "1"


def set_page(sheet: Any, head_row: int = HEAD_ROW) -> None:
    """The head stays in sight and on every printed page; A4 across, as wide as the paper."""
    sheet.repeat_rows(head_row)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def write_xlsx(
    out: BinaryIO, paper: Paper, rows: Iterable[Sequence[Value]], *, made_at: dt.datetime, small: bool, foot: str = ""
) -> int:
    """Returns the number of rows. `small`: no temporary file. `foot`: said below the rows, with %(count)s."""
    count = 0
    with xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": small}) as book:
        book.set_properties({"title": paper.title, "created": made_at.replace(tzinfo=None)})
        sheet, formats = book.add_worksheet(sheet_name(paper.title)), _formats(book)
        _write_heads(sheet, paper, formats)
        for count, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                write_cell(sheet, HEAD_ROW + count, place, value, formats)
        if foot:
            sheet.write_string(HEAD_ROW + count + 2, 0, foot % {"count": f"{count:,}"}, formats["text"])
    return count


def _formats(book: Any) -> dict[str, Any]:
    wrapped = {**font(), "text_wrap": True, "valign": "top"}
    return {
        "text": book.add_format(font()),
        "title": book.add_format({**font(), "bold": True, "font_size": 14}),
        "head": book.add_format({**wrapped, "bold": True, "bottom": 1, "bg_color": "#F2F2F2"}),
        "cell": book.add_format(wrapped),
        "quoted": book.add_format({**wrapped, "quote_prefix": True}),
        "day": book.add_format({**wrapped, "num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({**wrapped, "num_format": "yyyy-mm-dd hh:mm"}),
    }


def _write_heads(sheet: Any, paper: Paper, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, paper.title, formats["title"])
    for number, line in enumerate(paper.lines, 1):
        sheet.write_string(number, 0, line, formats["text"])
    for place, head in enumerate(paper.heads):
        sheet.set_column(place, place, head.width)
        sheet.write_string(HEAD_ROW, place, head.label, formats["head"])
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    set_page(sheet)


def write_cell(sheet: Any, row: int, place: int, value: Value, formats: dict[str, Any]) -> None:
    """Numbers and days keep their kind; everything else is a string, whatever it begins with."""
    if value is None or value == "":
        sheet.write_blank(row, place, None, formats["cell"])
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, place, _on_the_clock(value), formats["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, place, dt.datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, place, value, formats["cell"])
    else:
        text = str(value)
        sheet.write_string(row, place, text, formats["quoted" if like_formula(text) else "cell"])


def _on_the_clock(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


# --- CSV ----------------------------------------------------------------------------------------------------------------
def write_csv(
    out: BinaryIO, paper: Paper, rows: Iterable[Sequence[Value]], *, encoding: str = UTF8
) -> tuple[int, Lost]:
    """Heads and rows, nothing around them. Returns the number of rows and what the encoding could not hold; each lost
    character stands as 〓. UTF-8 has a BOM, without which Excel reads it as cp932.

    Of cp932 Windows itself writes 〜 as ～, − as －, ‖ as ∥: these look the same and are not counted as lost.
    """
    lost, count = Lost(), 0
    text = io.TextIOWrapper(out, encoding=encoding, newline="")
    try:
        writer = csv.writer(text)
        labels = [head.label for head in paper.heads]
        writer.writerow([_held(harmless(label), encoding, lost, 1, label) for label in labels])
        for count, row in enumerate(rows, 1):
            cells = [
                _held(written(value), encoding, lost, count + 1, label)
                for label, value in zip(labels, row, strict=True)
            ]
            writer.writerow(cells)
        text.flush()
    finally:
        text.detach()
    return count, lost


def written(value: Value) -> str:
    """A value as CSV has it: days and moments as ISO writes them, on the clock in force."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{_on_the_clock(value):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, int | Decimal) else harmless(str(value))


def _held(text: str, encoding: str, lost: Lost, row: int, column: str) -> str:
    try:
        text.encode(encoding)
        return text
    except UnicodeEncodeError:
        missing = [character for character in text if not _has(encoding, character)]
    lost.characters += len(missing)
    lost.cells += 1
    room = EXAMPLES - len(lost.examples)
    lost.examples += [(row, column, character) for character in dict.fromkeys(missing)][:room]
    return "".join(character if _has(encoding, character) else INSTEAD for character in text)


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
