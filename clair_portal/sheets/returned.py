"""A sheet that goes back with its errors: the same columns in the same order, red cells, a column that says why, and a sheet of
all errors. Below 5 MB the sender's own workbook is kept with its formatting; above, and for .xls and CSV, it is written anew.

Nothing the sender wrote runs in it: a formula in a wrong cell comes back as text.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, NamedTuple

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from clair_portal.sheets import cells
from clair_portal.sheets.cells import Cell
from clair_portal.sheets.pages import Page, column_letters
from clair_portal.sheets.writing import OPTIONS, Value, font, like_formula, sheet_name, write_cell

KEPT_BELOW = 5 * 1024 * 1024
RED, PALE = "FFC7CE", "FFEBEE"
WIDTHS = (8, 8, 24, 90)  # of the sheet of errors


class Wrong(NamedTuple):
    """Row as the spreadsheet numbers it, cell (C5; empty: the row as a whole), heading, sentence."""

    row: int
    cell: str
    column: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where the table of the file stands: name of its sheet and the last row of its headings."""

    sheet: str
    head: int


def write_returned(
    out: BinaryIO, name: str, content: bytes, pages: Sequence[Page], at: Place, wrong: Sequence[Wrong]
) -> None:
    """`pages`: of the file, opened. Writes a workbook (.xlsx), whatever the file was."""
    if name.lower().endswith(".xlsx") and len(content) < KEPT_BELOW:
        _into_own_workbook(out, content, at, wrong)
    else:
        _written_anew(out, pages, at, wrong)


def _errors_title() -> str:
    return sheet_name(_("Errors"))


def _by_row(wrong: Iterable[Wrong]) -> dict[int, list[Wrong]]:
    rows: dict[int, list[Wrong]] = defaultdict(list)
    for each in wrong:
        rows[each.row].append(each)
    return rows


def _said(wrong: Iterable[Wrong]) -> str:
    return "\n".join(f"{each.column}: {each.text}" if each.column else each.text for each in wrong)


def _lines(wrong: Sequence[Wrong]) -> Iterator[tuple[int | str, ...]]:
    yield (_("Row"), _("Cell"), _("Column"), _("What to do"))
    for each in wrong:
        yield (each.row, each.cell, each.column, each.text)


# --- In the sender's own workbook ---------------------------------------------------------------------------------------
def _into_own_workbook(out: BinaryIO, content: bytes, at: Place, wrong: Sequence[Wrong]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[at.sheet]
    column = _error_column(sheet, at.head)
    for row, found in _by_row(wrong).items():
        _put(sheet.cell(row, column), _said(found), fill=_fill(PALE))
        for each in found:
            if each.cell:
                _mark(sheet[each.cell])
    _errors_sheet(book, wrong)
    book.save(out)


def _error_column(sheet: Any, head: int) -> int:
    """Behind the last column; that of a file that went back before is used again, and its red cells are white."""
    title, last = _("Errors"), sheet.max_column
    again = sheet.cell(head, last).value == title
    column = last if again else last + 1
    if again:
        _wipe(sheet, head, column)
    _put(sheet.cell(head, column), title, font=Font(bold=True, color="9C0006"))
    shape = sheet.column_dimensions[get_column_letter(column)]
    shape.width, shape.hidden = 60, False
    return int(column)


def _wipe(sheet: Any, head: int, column: int) -> None:
    for row in sheet.iter_rows(min_row=head + 1):
        for cell in row:
            if cell.fill.fill_type == "solid" and str(cell.fill.start_color.rgb).endswith((RED, PALE)):
                cell.fill = PatternFill()
        sheet.cell(row[0].row, column).value = None


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", start_color=color)


def _mark(cell: Any) -> None:
    cell.fill = _fill(RED)
    if cell.data_type == "f":  # shown, not run
        _put(cell, str(cell.value))


def _put(cell: Any, text: str, *, font: Font | None = None, fill: PatternFill | None = None) -> None:
    """Text that stays text, whatever it begins with."""
    cell.value = text
    cell.data_type, cell.quotePrefix = "s", like_formula(text)
    if font:
        cell.font = font
    if fill:
        cell.fill = fill


def _errors_sheet(book: Any, wrong: Sequence[Wrong]) -> None:
    if _errors_title() in book.sheetnames:
        del book[_errors_title()]
    sheet = book.create_sheet(_errors_title())
    for number, line in enumerate(_lines(wrong), 1):
        for place, said in enumerate(line, 1):
            if isinstance(said, int):
                sheet.cell(number, place, said)
            else:
                _put(sheet.cell(number, place), said, font=Font(bold=True) if number == 1 else None)
    for letters, width in zip("ABCD", WIDTHS, strict=True):
        sheet.column_dimensions[letters].width = width


# --- Written anew -------------------------------------------------------------------------------------------------------
def _written_anew(out: BinaryIO, pages: Sequence[Page], at: Place, wrong: Sequence[Wrong]) -> None:
    """Row by row, so that it does not grow with the file. Of the formatting nothing is left, merged headings neither."""
    with xlsxwriter.Workbook(out, {**OPTIONS, "remove_timezone": True}) as book:
        looks = _looks(book)
        for page in pages:
            sheet = book.add_worksheet(sheet_name(page.name or _("Sheet")))
            if page.hidden:
                sheet.hide()
            if page.name == at.sheet:
                _copy_with_errors(sheet, page, at, wrong, looks)
            else:
                _copy(sheet, page, looks)
        sheet = book.add_worksheet(_errors_title())
        for number, line in enumerate(_lines(wrong)):
            for place, said in enumerate(line):
                write_cell(sheet, number, place, said, looks["head" if number == 0 else "plain"])
        for place, width in enumerate(WIDTHS):
            sheet.set_column(place, place, width)


def _looks(book: Any) -> dict[str, dict[str, Any]]:
    base = {**font(), "valign": "top"}
    return {
        name: {
            kind: book.add_format({**base, **look, **more})
            for kind, more in (
                ("cell", {}), ("quoted", {"quote_prefix": True}), ("day", {"num_format": "yyyy-mm-dd"}),
                ("moment", {"num_format": "yyyy-mm-dd hh:mm"}),
            )
        }
        for name, look in (
            ("plain", {}), ("head", {"bold": True}), ("wrong", {"bg_color": f"#{RED}"}),
            ("said", {"bg_color": f"#{PALE}", "text_wrap": True}),
        )
    }  # fmt: skip


def _copy(sheet: Any, page: Page, looks: dict[str, dict[str, Any]]) -> None:
    for number, row in page.rows():
        for place, cell in enumerate(row):
            if not cells.is_empty(cell):
                write_cell(sheet, number - 1, place, _as_value(cell), looks["plain"])


def _copy_with_errors(
    sheet: Any, page: Page, at: Place, wrong: Sequence[Wrong], looks: dict[str, dict[str, Any]]
) -> None:
    by_row, column = _by_row(wrong), _free_column(page, at.head)
    for number, row in page.rows():
        found = by_row.get(number, [])
        red = {each.cell for each in found}
        for place, cell in enumerate(row[:column]):
            if not cells.is_empty(cell) or f"{column_letters(place)}{number}" in red:
                look = (
                    "wrong" if f"{column_letters(place)}{number}" in red else "head" if number == at.head else "plain"
                )
                write_cell(sheet, number - 1, place, _as_value(cell), looks[look])
        if number == at.head:
            write_cell(sheet, number - 1, column, _("Errors"), looks["head"])
        elif found:
            write_cell(sheet, number - 1, column, _said(found), looks["said"])
    sheet.set_column(column, column, 60)


def _free_column(page: Page, head: int) -> int:
    """Behind the widest row; the column of errors of a file that went back before is used again."""
    widest, named = 0, None
    for number, row in page.rows():
        widest = max(widest, len(row))
        if number == head and row and cells.as_text(row[-1]) == _("Errors"):
            named = len(row) - 1
    return widest if named is None else named


def _as_value(cell: Cell) -> Value:
    if isinstance(cell, bool | dt.time | dt.timedelta):
        return cells.as_text(cell)
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else Decimal(repr(cell))
    return cell
