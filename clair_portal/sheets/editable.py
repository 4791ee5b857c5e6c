"""A list as a workbook that may be changed and sent back: key and mark of each row, what can be changed, drop-downs.

The first column is the key, locked as is everything that only shows where one is; the last, hidden one is the mark of the row as
it was. A hidden sheet says which list it is and by which version of its columns it was made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter

from clair_portal.sheets import cells
from clair_portal.sheets.pages import Page, column_letters
from clair_portal.sheets.writing import HEAD_ROW, OPTIONS, Head, Paper, Value, font, set_page, sheet_name, write_cell

ABOUT, CHOICES = "_portal", "_choices"
LONGEST_TITLE, LONGEST_HELP = 32, 255  # characters Excel takes for what it says beside a cell
MOST_CHOICES = 2000


@dataclass(frozen=True)
class EditHead:
    """A column that can be changed. `choices`: its drop-down. `number`: not kept as text."""

    label: str
    width: int = 24
    choices: Sequence[str] = ()
    help: str = ""
    number: bool = False


@dataclass(frozen=True)
class EditRow:
    """`shown`: for orientation. `values`: what can be changed; `open`: which of them for this row."""

    key: str
    shown: Sequence[Value]
    values: Sequence[Value]
    open: Sequence[bool]
    mark: str


def write_editable(
    out: BinaryIO, paper: Paper, edits: Sequence[EditHead], rows: Iterable[EditRow], *, key: str, mark: str,
    about: Mapping[str, str], made_at: dt.datetime, small: bool,
) -> int:  # fmt: skip
    """Returns the number of rows. `paper.heads`: the columns for orientation. `key`, `mark`: headings of those two columns."""
    count = 0
    with xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": small}) as book:
        book.set_properties({"title": paper.title, "created": made_at.replace(tzinfo=None)})
        sheet, formats = book.add_worksheet(sheet_name(paper.title)), _formats(book)
        _write_heads(sheet, paper, edits, formats, key=key, mark=mark)
        for count, row in enumerate(rows, 1):
            _write_row(sheet, HEAD_ROW + count, row, edits, formats)
        _write_choices(book, sheet, edits, 1 + len(paper.heads), count)
        _write_about(book, about)
    return count


def _formats(book: Any) -> dict[str, dict[str, Any]]:
    base = {**font(), "text_wrap": True, "valign": "top"}
    kinds: dict[str, dict[str, Any]] = {
        "locked": {"font_color": "#595959", "bg_color": "#F2F2F2"},
        "open": {"locked": False, "num_format": "@", "bottom": 4, "bottom_color": "#BFBFBF"},
        "number": {"locked": False, "bottom": 4, "bottom_color": "#BFBFBF"},
    }
    return {name: _of_kind(book, {**base, **more}) for name, more in kinds.items()} | {
        "page": {
            "title": book.add_format({**font(), "bold": True, "font_size": 14}),
            "text": book.add_format(font()),
            "locked": book.add_format({**base, "bold": True, "bottom": 1, "bg_color": "#D9D9D9"}),
            "open": book.add_format({**base, "bold": True, "bottom": 1, "bg_color": "#DDEBF7"}),
        }
    }


def _of_kind(book: Any, base: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell": book.add_format(base),
        "quoted": book.add_format({**base, "quote_prefix": True}),
        "day": book.add_format({**base, "num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm"}),
    }


def _write_heads(
    sheet: Any, paper: Paper, edits: Sequence[EditHead], formats: dict[str, dict[str, Any]], *, key: str, mark: str
) -> None:
    looks = formats["page"]
    sheet.write_string(0, 0, paper.title, looks["title"])
    for number, line in enumerate(paper.lines, 1):
        sheet.write_string(number, 0, line, looks["text"])
    heads = [(Head(key, 10), "locked"), *((head, "locked") for head in paper.heads)]
    heads += [(Head(edit.label, edit.width), "open") for edit in edits]
    for place, (head, look) in enumerate([*heads, (Head(mark, 10), "locked")]):
        sheet.set_column(place, place, head.width, None, {"hidden": place == len(heads)})
        sheet.write_string(HEAD_ROW, place, head.label, looks[look])
    sheet.freeze_panes(HEAD_ROW + 1, min(2, len(paper.heads) + 1))
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    set_page(sheet)


def _write_row(
    sheet: Any, number: int, row: EditRow, edits: Sequence[EditHead], formats: dict[str, dict[str, Any]]
) -> None:
    locked = formats["locked"]
    sheet.write_string(number, 0, row.key, locked["cell"])
    for place, value in enumerate(row.shown, 1):
        write_cell(sheet, number, place, value, locked)
    first = 1 + len(row.shown)
    for place, (edit, value, free) in enumerate(zip(edits, row.values, row.open, strict=True), first):
        write_cell(sheet, number, place, value, formats["number" if edit.number else "open"] if free else locked)
    sheet.write_string(number, first + len(edits), row.mark, locked["cell"])


def _write_choices(book: Any, sheet: Any, edits: Sequence[EditHead], first: int, count: int) -> None:
    """Drop-downs take their lines from a hidden sheet: in the cell itself Excel holds 255 characters of them."""
    lines = book.add_worksheet(CHOICES)
    lines.hide()
    columns = [list(edit.choices)[:MOST_CHOICES] for edit in edits]
    for number in range(max(map(len, columns), default=0)):
        for place, column in enumerate(columns):
            if number < len(column):
                lines.write_string(number, place, column[number])
    for place, (edit, column) in enumerate(zip(edits, columns, strict=True)):
        letters = column_letters(place)
        rule: dict[str, Any] = {"validate": "any"}
        if column:
            rule = {
                "validate": "list",
                "source": f"={CHOICES}!${letters}$1:${letters}${len(column)}",
                "error_type": "warning",
            }
        if edit.help:
            rule |= {"input_title": edit.label[:LONGEST_TITLE], "input_message": edit.help[:LONGEST_HELP]}
        if count and len(rule) > 1:
            sheet.data_validation(HEAD_ROW + 1, first + place, HEAD_ROW + count, first + place, rule)


def _write_about(book: Any, about: Mapping[str, str]) -> None:
    sheet = book.add_worksheet(ABOUT)
    sheet.very_hidden()
    for number, pair in enumerate(about.items()):
        sheet.write_row(number, 0, pair)


def about_of(pages: Iterable[Page]) -> dict[str, str]:
    """What the hidden sheet says; empty where somebody made a new workbook of the rows."""
    page = next((page for page in pages if page.name == ABOUT), None)
    rows = [row for _number, row in page.rows()] if page else []
    return {cells.as_text(row[0]): cells.as_text(row[1]) for row in rows if len(row) > 1}
