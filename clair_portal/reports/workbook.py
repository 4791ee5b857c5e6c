"""A grid as an Excel workbook. Numbers are numbers; text is text, never a formula or a link."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from clair_portal.reports import numbers
from clair_portal.reports.layout import column_label, counted_line, year_label
from clair_portal.reports.tables import UNPUBLISHED, Cell, Grid
from clair_portal.sheets.writing import HEAD_ROW, OPTIONS, XLSX_TYPE, font, set_page, sheet_name

MEDIA_TYPE = XLSX_TYPE


def workbook(*grids: Grid, made_at: dt.datetime, title: str = "", names: Sequence[str] = ()) -> bytes:
    """A sheet for each table, followed by one with what others say where there is any; the head stays in sight.

    `names`: of the sheets; empty: those of the tables.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": True})
    book.set_properties({"title": title or str(grids[0].table.title), "created": made_at.replace(tzinfo=None)})
    formats = _formats(book)
    taken: set[str] = set()
    for grid, name in zip(grids, names or [str(grid.table.title) for grid in grids], strict=True):
        _numbers(book.add_worksheet(_free_name(name, taken)), grid, formats)
        if grid.claims:
            _claims(book.add_worksheet(_free_name(_("What others say"), taken)), grid, formats)
    book.close()
    return out.getvalue()


def _free_name(title: str, taken: set[str]) -> str:
    """Excel refuses two sheets of one name, whatever their case."""
    name, number = sheet_name(title), 1
    while name.casefold() in taken:
        number += 1
        name = f"{sheet_name(title)[:28]} {number}"
    taken.add(name.casefold())
    return name


def _formats(book: Any) -> dict[str, Any]:
    made = {kind: book.add_format({**font(), "num_format": code}) for kind, code in numbers.EXCEL_FORMATS.items()}
    made |= {
        f"{kind} total": book.add_format({**font(), "num_format": code, "bold": True, "top": 1})
        for kind, code in numbers.EXCEL_FORMATS.items()
    }
    head = {**font(), "bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#F2F2F2"}
    return made | {
        "title": book.add_format({**font(), "bold": True, "font_size": 14}),
        "text": book.add_format(font()),
        "head": book.add_format(head),
        "total": book.add_format({**font(), "bold": True, "top": 1}),
        "word": book.add_format({**font(), "align": "right"}),
    }


def _numbers(sheet: Any, grid: Grid, formats: dict[str, Any]) -> None:
    table = grid.table
    sheet.write_string(0, 0, str(table.title), formats["title"])
    sheet.write_string(1, 0, year_label(grid.year), formats["text"])
    sheet.write_string(2, 0, counted_line(grid), formats["text"])
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(grid.leaves), 13)
    labels = [str(table.rows.title), *(column_label(leaf, table) for leaf in grid.leaves)]
    for column, label in enumerate(labels):
        sheet.write_string(HEAD_ROW, column, label, formats["head"])
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    row = HEAD_ROW
    for row, (head, cells) in enumerate(zip(grid.heads, grid.body, strict=True), HEAD_ROW + 1):
        sheet.write_string(row, 0, head.label, formats["text"])
        for column, cell in enumerate(cells, 1):
            _write(sheet, row, column, cell, formats, "")
    sheet.write_string(row + 1, 0, _("Total"), formats["total"])
    for column, cell in enumerate(grid.foot, 1):
        _write(sheet, row + 1, column, cell, formats, " total")
    set_page(sheet)


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any], suffix: str) -> None:
    if cell.value is None or cell.value == UNPUBLISHED:
        sheet.write_string(row, column, numbers.written(cell), formats["word"])
    else:
        sheet.write_number(row, column, cell.value, formats[f"{cell.number}{suffix}"])


def _claims(sheet: Any, grid: Grid, formats: dict[str, Any]) -> None:
    heads = (_("What"), _("Counted here"), _("What others say"), _("As of"), _("Source"))
    sheet.set_column(0, 4, 28)
    for column, label in enumerate(heads):
        sheet.write_string(0, column, label, formats["head"])
    for row, line in enumerate(grid.claims, 1):
        sheet.write_string(row, 0, line.what, formats["text"])
        _write(sheet, row, 1, line.ours, formats, "")
        for column, text in enumerate((line.value, line.as_of, line.source), 2):
            sheet.write_string(row, column, text, formats["text"])
    sheet.freeze_panes(1, 0)
