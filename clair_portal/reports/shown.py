"""What the pages show of a grid (templates/reports/grid.html)."""

from __future__ import annotations

from typing import Any

from clair_portal.reports import charts, layout, numbers
from clair_portal.reports.tables import Grid, Table


def shown(grid: Grid) -> dict[str, Any]:
    """What the template needs of one table."""
    return {
        "table": grid.table, "grid": grid, "chart": charts.svg(grid), "legend": charts.legend(grid),
        "groups": layout.groups_of(grid), "two_rows": _two_rows(grid.table), "lines": _lines(grid),
        "foot": _cells(grid.foot), "span": layout.span_of(grid.year), "counted": layout.counted_line(grid),
        "claims": [{"line": line, "ours": numbers.written(line.ours)} for line in grid.claims],
    }  # fmt: skip


def _two_rows(table: Table) -> bool:
    return table.columns is not None and len(table.measures) > 1


def _lines(grid: Grid) -> list[dict[str, Any]]:
    return [{"label": head.label, "cells": _cells(cells)} for head, cells in zip(grid.heads, grid.body, strict=True)]


def _cells(cells: Any) -> list[dict[str, str]]:
    return [{"text": numbers.written(cell), "url": cell.url} for cell in cells]
