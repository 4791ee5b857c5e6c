"""The desk: what waits for me, what waits for others, what is due soon, what is new."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.approvals.presentation import waiting_for
from clair_portal.approvals.views import TAKE_PART
from clair_portal.calendars.eras import format_era
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.calendars.zones import city_name
from clair_portal.casework import presentation
from clair_portal.casework.models import Case, Task
from clair_portal.network.clock import places_at
from clair_portal.outbox.models import Notification
from clair_portal.outbox.queries import unread
from clair_portal.pages.views.notifications import shown
from clair_portal.publishing.content import desk as translations
from clair_portal.staffing import desk as staff_desk

NEWS = 8
COUNTED = 99
SHOWN = 20


@signed_in()
def desk(request: Any) -> HttpResponse:
    reader, scope, now = request.reader, request.scope, timezone.now()
    cases = Case.objects.visible_to(scope).listed_for(scope).for_list()
    found = [
        list(held.order_by("due_at", "-id")[: SHOWN + 1])
        for held in (cases.held_by(scope), cases.held_by_others(scope))
    ]
    rows = presentation.rows_of([*found[0], *found[1]], reader, now)
    mine, others = rows[: len(found[0])], rows[len(found[0]) :]
    soon = sorted((row for row in mine + others if row.due and row.due.soon), key=lambda row: row.case.due_at or now)
    notices = list(Notification.objects.visible_to(scope).filter(read_at=None).order_by("-created_at")[:NEWS])
    if len(notices) < NEWS:
        request.unread_notices = len(notices)
    language = get_language() or "en"
    context = {
        "today": format_era(timezone.localdate(now))
        if language.startswith("ja")
        else timezone.localtime(now).strftime("%a %-d %b %Y"),
        "fiscal_year": FiscalYear.of(now).label(language),
        "clocks": clocks(now, language),
        "mine": mine[:SHOWN],
        "others": others[:SHOWN],
        "soon": soon[:6],
        "notices": [shown(notice) for notice in notices],
        "tiles": tiles(mine, others, soon, unread(request)),
        "tasks": Task.objects.visible_to(scope).open().select_related("case").order_by("due_on", "id")[:SHOWN],
        "stamps": waiting_for(reader)[:SHOWN] if reader.can(TAKE_PART) else [],
        "translations": translations.waiting_for(reader, timezone.localdate(now), SHOWN),
        "endings": staff_desk.my_endings(reader),
        "handovers_missing": staff_desk.missing_here(reader),
        "more_mine": len(mine) > SHOWN,
        "more_others": len(others) > SHOWN,
    }
    return render(request, "pages/desk.html", context)


def tiles(mine: list[Any], others: list[Any], soon: list[Any], new: int) -> list[dict[str, Any]]:
    late = sum(row.late for row in mine)
    return [
        {
            "url": "#me",
            "number": _capped(len(mine)),
            "label": _("Waiting for me"),
            "note": _("%(late)s late") % {"late": late} if late else "",
        },
        {"url": "#others", "number": _capped(len(others)), "label": _("Waiting for others"), "note": ""},
        {"url": "#soon", "number": _capped(len(soon)), "label": _("Due soon"), "note": _("within 2 business days")},
        {"url": "#new", "number": _capped(new, COUNTED), "label": _("New"), "note": _("not read yet")},
    ]


def _capped(number: int, most: int = SHOWN) -> str:
    return f"{most}+" if number > most else str(number)


def clocks(now: dt.datetime, language: str) -> list[dict[str, Any]]:
    """The time at headquarters and at each office, and whether its day is another than in Tokyo."""
    tokyo = timezone.localdate(now, zoneinfo.ZoneInfo("Asia/Tokyo"))
    return [
        {
            "city": city_name(place.zone, language),
            "time": f"{place.local.hour}:{place.local.minute:02}",
            "working": place.open,
            "note": _("the day before") if place.local.date() < tokyo else "",
        }
        for place in places_at(now)
    ]
