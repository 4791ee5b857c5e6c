"""Participants by year as upright bars; a year nobody published is a gap with a dash, not a bar of nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clair_portal.language.cldr import number
from clair_portal.reports.charts import COLOURS, Drawing, Mark, Shape, scale
from jet.models import YearlyTotal

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 264, 72, 20, 32
EVERY = 5  # years between two labels


def svg(years: Sequence[YearlyTotal]) -> str:
    """The drawing, with a title and a sentence for those who do not see it; empty without a single number."""
    counted = [year for year in years if year.total]
    if not counted:
        return ""
    context = {
        "drawing": _drawing(years), "width": WIDTH, "title": _("Participants of the JET Programme by year"),
        "sentence": _sentence(counted), "name": "chart-jet",
    }  # fmt: skip
    return render_to_string("reports/chart.svg", context)


def _sentence(counted: Sequence[YearlyTotal]) -> str:
    most = max(counted, key=lambda year: year.total or 0)
    first, last = counted[0], counted[-1]
    said = _(
        "%(first)s: %(begin)s participants. Most: %(most)s (%(top)s). %(last)s: %(now)s. The table has all numbers."
    )
    return said % {
        "first": first.year, "begin": number(first.total), "most": most.year, "top": number(most.total), "last": last.year,
        "now": number(last.total),
    }  # fmt: skip


def _drawing(years: Sequence[YearlyTotal]) -> Drawing:
    end, step = scale(max(year.total or 0 for year in years))
    ground, up = HEIGHT - BOTTOM, (HEIGHT - BOTTOM - TOP) / end
    apart = (WIDTH - LEFT - 8) / len(years)
    drawing = Drawing(HEIGHT)
    for line in range(end // step + 1):
        y = ground - line * step * up
        drawing.axes.append(f"M{LEFT} {y:.1f}H{WIDTH}")
        drawing.marks.append(Mark(LEFT - 6, y + 4, number(line * step), "end"))
    for place, year in enumerate(years):
        middle = LEFT + apart * (place + 0.5)
        if year.year % EVERY == 0 or place == 0:
            drawing.marks.append(Mark(middle, HEIGHT - 10, str(year.year), "middle"))
        if year.total is None:
            drawing.marks.append(Mark(middle, ground - 4, "–", "middle"))
        else:
            tall = year.total * up
            drawing.bars.append(Shape(middle - apart * 0.4, ground - tall, apart * 0.8, tall, 1, COLOURS[0]))
    return drawing
