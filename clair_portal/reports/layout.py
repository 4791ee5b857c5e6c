"""What the screen, the workbook and the PDF say around the same grid, and the grid as a printed document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.calendars.fiscal import FiscalYear, tokyo_date
from clair_portal.language.words import listed
from clair_portal.reports import blocks, charts, numbers, pdf
from clair_portal.reports.tables import Grid, Leaf, Table

PORTRAIT_COLUMNS = 6


def year_label(year: FiscalYear) -> str:
    """Both ways of counting: 令和8年度(2026年度), FY2026 (Reiwa 8)."""
    language = get_language() or "en"
    label = year.label(language)
    return f"{label}({year.year}年度)" if language.startswith("ja") else label


def span_of(year: FiscalYear) -> str:
    language = get_language() or "en"
    first, last = (pdf.written_day(day, language) for day in (year.first_day, year.last_day))
    return _("%(first)s to %(last)s, Tokyo time") % {"first": first, "last": last}


def counted_line(grid: Grid) -> str:
    day = pdf.written_day(tokyo_date(grid.counted_at), get_language() or "en")
    return _("Counted on %(day)s from the records of the portal.") % {"day": day}


def column_label(leaf: Leaf, table: Table) -> str:
    """The head of one column of numbers, in one line."""
    title = str(leaf.measure.title)
    if table.columns is None:
        return title
    head = _("Total") if leaf.head is None else leaf.head.label
    return head if len(table.measures) == 1 else f"{head} · {title}"


def groups_of(grid: Grid) -> list[dict[str, Any]]:
    """The upper row of a head of two rows: each label and over how many columns it stands."""
    found = []
    for head, leaves in groupby(grid.leaves, key=lambda leaf: leaf.head):
        found.append({"label": _("Total") if head is None else head.label, "columns": len(list(leaves))})
    return found


def printed(grid: Grid, *, language: str, made_at: dt.datetime, sample: bool) -> bytes:
    """The grid as a PDF."""
    data = {
        "title": f"{grid.table.title} {year_label(grid.year)}",
        "subtitle": span_of(grid.year),
        "landscape": len(grid.leaves) > PORTRAIT_COLUMNS,
        "sample": sample,
        "blocks": grid_blocks(grid),
    }
    return pdf.render("document", data, language=language, made_at=made_at)


def printed_together(title: str, grids: Sequence[Grid], *, language: str, made_at: dt.datetime, sample: bool) -> bytes:
    """Several grids of one year as one PDF, each on a page of its own under its heading."""
    content: list[blocks.Block] = []
    for number, grid in enumerate(grids):
        page = [blocks.new_page()] if number else []
        content += [*page, blocks.heading(str(grid.table.title)), *grid_blocks(grid)]
    data = {
        "title": f"{title} {year_label(grids[0].year)}", "subtitle": span_of(grids[0].year), "landscape": True,
        "sample": sample, "blocks": content,
    }  # fmt: skip
    return pdf.render("document", data, language=language, made_at=made_at)


def grid_blocks(grid: Grid) -> list[blocks.Block]:
    """The drawing, the numbers, what others say, and how it was counted."""
    drawing = charts.svg(grid)
    return [
        *([blocks.picture(drawing, charts.sentence(grid))] if drawing else []),
        *([blocks.quiet(_legend(grid))] if charts.legend(grid) else []),
        _numbers(grid),
        *([_claims(grid)] if grid.claims else []),
        blocks.quiet("\n".join(filter(None, [str(grid.table.note), counted_line(grid)]))),
    ]


def _legend(grid: Grid) -> str:
    """On paper the parts are told by their order, because grey prints of blue are hard to tell apart."""
    parts = listed(label for label, _number, _colour in charts.legend(grid))
    return _("Parts of the bars from left to right: %(parts)s") % {"parts": parts}


def _numbers(grid: Grid) -> blocks.Block:
    table = grid.table
    columns = [
        blocks.Column(str(table.rows.title), width=2),
        *(blocks.Column(column_label(leaf, table), width=1, number=True) for leaf in grid.leaves),
    ]
    rows = [
        (head.label, *(numbers.written(cell) for cell in cells))
        for head, cells in zip(grid.heads, grid.body, strict=True)
    ]
    foot = [(_("Total"), *(numbers.written(cell) for cell in grid.foot))]
    return blocks.table(columns, rows, foot=foot)


def _claims(grid: Grid) -> blocks.Block:
    heads = (_("What"), _("Counted here"), _("What others say"), _("As of"), _("Source"))
    rows = [
        (line.what, numbers.written(line.ours), line.value, line.as_of or numbers.DASH, line.source)
        for line in grid.claims
    ]
    return blocks.table([blocks.Column(head, width=1) for head in heads], rows, caption=_("What others say"))
