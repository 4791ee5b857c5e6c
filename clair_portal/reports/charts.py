"""Drawings of a grid: bars, stacked bars, lines. Geometry here, SVG in templates/reports/chart.svg.

Classes are coloured by the site's style sheet; the same shapes carry plain colours for paper, which knows no classes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import category

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clair_portal.language import cldr
from clair_portal.reports import numbers
from clair_portal.reports.tables import Cell, Grid, Head

MOST_BARS = 20
COLOURS = ("#0017c1", "#7096f8", "#c5d7fb", "#4d4d4d", "#949494", "#cccccc")
LEFT, WIDTH, STEP = 150, 500, 30
TOP = 8
BARS_LEFT, BARS_WIDTH, BARS_LETTERS = 210, 560, 14
LINE_HEIGHT, LINE_LEFT, LINE_BOTTOM = 260, 44, 30
LETTERS = 9  # kanji of a head that fit beside a bar; on phones letters are larger


@dataclass(frozen=True)
class Shape:
    """A bar (x, y, width, height) or a point of a line (x, y)."""

    x: float
    y: float
    width: float = 0
    height: float = 0
    series: int = 1
    colour: str = COLOURS[0]


@dataclass(frozen=True)
class Mark:
    """Words at a place. `value`: a number beside its bar."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    value: bool = False


@dataclass
class Drawing:
    """`across`: lines of the scale run upwards. `paths`: points of each line as SVG wants them."""

    height: float
    bars: list[Shape] = field(default_factory=list)
    points: list[Shape] = field(default_factory=list)
    paths: list[tuple[str, int, str]] = field(default_factory=list)
    axes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    legend: list[tuple[str, int, str]] = field(default_factory=list)


def svg(grid: Grid) -> str:
    """The drawing with its title and the sentence that says what it shows; empty where there is nothing to draw."""
    if not grid.table.chart or grid.is_empty or not grid.heads:
        return ""
    drawing = _drawing(grid)
    context = {
        "drawing": drawing, "width": WIDTH, "title": f"{grid.table.title} – {grid.table.measures[0].title}",
        "sentence": sentence(grid), "name": f"chart-{grid.table.key.replace('.', '-')}",
    }  # fmt: skip
    return render_to_string("reports/chart.svg", context)


def bars(name: str, title: str, rows: Sequence[tuple[str, int]]) -> str:
    """The drawing of plain numbers beside a table that holds them all: a bar for each of the largest; empty without rows."""
    ranked = sorted((row for row in rows if row[1]), key=lambda row: -row[1])[:MOST_BARS]
    if not ranked:
        return ""
    drawing = Drawing(TOP + STEP * len(ranked) + 4)
    across = (BARS_WIDTH - BARS_LEFT - 80) / ranked[0][1]
    for place, (label, size) in enumerate(ranked):
        y = TOP + STEP * place + 5
        drawing.marks.append(Mark(BARS_LEFT - 8, y + 15, _short(label, BARS_LETTERS), "end"))
        drawing.marks.append(Mark(BARS_LEFT + size * across + 6, y + 15, cldr.number(size), value=True))
        drawing.bars.append(Shape(BARS_LEFT, y, size * across, STEP - 10, 1, COLOURS[0]))
    words = {"most": ranked[0][0], "most_number": cldr.number(ranked[0][1])}
    told = _("Most: %(most)s (%(most_number)s).") % words + " " + _("The table has all numbers.")
    context = {"drawing": drawing, "width": BARS_WIDTH, "title": title, "sentence": told, "name": f"chart-{name}"}
    return render_to_string("reports/chart.svg", context)


def legend(grid: Grid) -> list[tuple[str, int, str]]:
    """Label, number and colour of each series; empty where there is only one."""
    if grid.table.chart == "stacked" and not grid.is_empty and _series(grid):
        return [(head.label, number, COLOURS[number - 1]) for number, head in enumerate(_series(grid), 1)]
    return []


def sentence(grid: Grid) -> str:
    """What the drawing shows, for those who do not see it."""
    ranked = sorted(_totals(grid), key=lambda pair: pair[1], reverse=True)
    (most, largest), (least, smallest) = ranked[0], ranked[-1]
    zero = sum(not size for _head, size in ranked)
    words = {"most": most.label, "most_number": _written(grid, largest), "least": least.label,
             "least_number": _written(grid, smallest), "zero": zero}  # fmt: skip
    told = _("Most: %(most)s (%(most_number)s). Least: %(least)s (%(least_number)s).") % words
    if zero > 1:
        told = _("Most: %(most)s (%(most_number)s). %(zero)s rows count nothing.") % words
    drawn = len(_drawn(grid))
    if drawn < len(ranked) and grid.table.chart != "line":
        told += " " + _("Drawn are the %(some)s largest rows of %(all)s.") % {"some": drawn, "all": len(ranked)}
    return told + " " + _("The table has all numbers.")


def _totals(grid: Grid) -> list[tuple[Head, float]]:
    """The first measure of each row."""
    at = next(n for n, leaf in enumerate(grid.leaves) if leaf.is_total and leaf.measure is grid.table.measures[0])
    return [(head, _size(cells[at])) for head, cells in zip(grid.heads, grid.body, strict=True)]


def _written(grid: Grid, size: float) -> str:
    """A drawn number as the table writes it."""
    return numbers.written(Cell(size, grid.table.measures[0].number))


def _drawn(grid: Grid) -> list[tuple[Head, float]]:
    """The rows that get a bar: all, or of many the largest that count anything."""
    totals = _totals(grid)
    if len(totals) <= MOST_BARS:
        return totals
    return sorted((pair for pair in totals if pair[1]), key=lambda pair: -pair[1])[:MOST_BARS]


def _size(cell: Cell) -> float:
    return float(cell.value) if isinstance(cell.value, int | float) else 0.0


def _series(grid: Grid) -> Sequence[Head]:
    """The parts of stacked bars: columns that count anything. More than six cannot be told apart: then there are none."""
    first = grid.table.measures[0]
    used = [
        leaf.head
        for leaf, cell in zip(grid.leaves, grid.foot, strict=True)
        if leaf.head is not None and leaf.measure is first and cell.value
    ]
    return used if len(used) <= len(COLOURS) else ()


def _drawing(grid: Grid) -> Drawing:
    return _lines(grid) if grid.table.chart == "line" else _bars(grid)


def scale(largest: float) -> tuple[int, int]:
    """The end of the axis and the step between its lines: 1, 2 or 5 times a power of ten, at most five lines."""
    steps = (base * 10**power for power in itertools.count() for base in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= largest)
    return step * math.ceil(max(largest, 1) / step), step


def _bars(grid: Grid) -> Drawing:
    totals = _drawn(grid)
    end, step = scale(max(size for _head, size in totals))
    bottom = TOP + STEP * len(totals)
    across = (WIDTH - LEFT - 60) / end
    drawing = Drawing(bottom + 24)
    for line in range(end // step + 1):
        x = LEFT + line * step * across
        drawing.axes.append(f"M{x:.1f} {TOP}V{bottom}")
        drawing.marks.append(Mark(x, bottom + 16, numbers.written(Cell(line * step)), "middle"))
    for number, (head, size) in enumerate(totals):
        y = TOP + STEP * number + 5
        drawing.marks.append(Mark(LEFT - 8, y + 15, _short(head.short or head.label), "end"))
        drawing.marks.append(Mark(LEFT + size * across + 6, y + 15, _written(grid, size), value=True))
        drawing.bars += _parts(grid, head, y, across)
    return drawing


def _parts(grid: Grid, head: Head, y: float, across: float) -> list[Shape]:
    """One bar, or its parts one behind the other."""
    first, series = grid.table.measures[0], _series(grid) if grid.table.chart == "stacked" else ()
    line = zip(grid.leaves, grid.body[grid.heads.index(head)], strict=True)
    sizes = {leaf.head: _size(cell) for leaf, cell in line if leaf.measure is first}
    x, found = float(LEFT), []
    for number, column in enumerate(series or (None,), 1):
        size = sizes[column] * across
        if size:
            found.append(Shape(x, y, size, STEP - 10, number, COLOURS[number - 1]))
        x += size
    return found


def _lines(grid: Grid) -> Drawing:
    totals = _totals(grid)
    end, step = scale(max(size for _head, size in totals))
    bottom, up = LINE_HEIGHT - LINE_BOTTOM, (LINE_HEIGHT - LINE_BOTTOM - 24) / end
    apart = (WIDTH - LINE_LEFT - 20) / max(len(totals) - 1, 1)
    drawing = Drawing(LINE_HEIGHT)
    for line in range(end // step + 1):
        y = bottom - line * step * up
        drawing.axes.append(f"M{LINE_LEFT} {y:.1f}H{WIDTH}")
        drawing.marks.append(Mark(LINE_LEFT - 6, y + 4, numbers.written(Cell(line * step)), "end"))
    for number, (head, size) in enumerate(totals):
        x, y = LINE_LEFT + 10 + number * apart, bottom - size * up
        drawing.points.append(Shape(x, y))
        drawing.marks.append(Mark(x, bottom + 18, _short(head.short or head.label, 4), "middle"))
        if size:
            drawing.marks.append(Mark(x, y - 8, _written(grid, size), "middle", value=True))
    drawing.paths.append(("M" + "L".join(f"{point.x:.1f} {point.y:.1f}" for point in drawing.points), 1, COLOURS[0]))
    return drawing


def _short(label: str, letters: int = LETTERS) -> str:
    """A kanji is as wide as two Latin letters, a Burmese letter nearly so; marks above and below take no room."""
    room, kept = letters * 2, ""
    for letter in label:
        room -= 0 if category(letter) == "Mn" else 2 if ord(letter) >= 0x2E80 or 0x1000 <= ord(letter) < 0x10A0 else 1
        if room < 0:
            return kept[:-1] + "…"
        kept += letter
    return label
