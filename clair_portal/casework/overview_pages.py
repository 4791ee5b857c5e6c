"""The overview for managers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework import overview


@needs("cases.manage")
def overview_page(request: Any) -> HttpResponse:
    reader, now = request.reader, timezone.now()
    this = FiscalYear.of(now)
    years = [this, FiscalYear(this.year - 1)]
    measured = overview.measured_in(reader, years)
    heads = [
        f"{each.title} {year.label(get_language() or 'en')}" for each in overview.MEASURES.values() for year in years
    ]
    office_heads = [_("Open"), _("Waiting for the office"), _("Waiting for others"), _("Overdue"), *heads]
    people_heads = [_("Open"), _("Their turn"), _("Overdue"), *heads]
    context = {
        "tiles": _tiles(overview.own_numbers(reader, now)),
        "offices": _shown(overview.office_lines(reader, now, years, measured), office_heads),
        "office_heads": office_heads,
        "people": _shown(overview.person_lines(reader, now, years, measured), people_heads),
        "people_heads": people_heads,
        "organisation": reader.chosen.organisation_name if reader.chosen else "",
    }
    return render(request, "casework/overview.html", context)


def _shown(lines: list[overview.Line], heads: list[str]) -> list[dict[str, Any]]:
    """Each number with its head, which stands beside it on a phone."""
    return [
        {"name": each.name, "note": each.note, "with_heads": list(zip(heads, each.numbers, strict=True))}
        for each in lines
    ]


def _tiles(numbers: dict[str, overview.Number]) -> list[dict[str, Any]]:
    labels = {
        "open": _("Open"), "mine": _("Waiting for us"), "late": _("Overdue"), "nobody": _("Nobody in charge here"),
    }  # fmt: skip
    return [{"label": labels[key], "number": number} for key, number in numbers.items()]
