"""Events for calendar programs (RFC 5545): one event, or the feed of all that are released.

Readings are taken away here: a line that is folded may break inside one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from clair_portal.gatherings.call_presentation import both_clocks
from clair_portal.gatherings.enums import CallState, State
from clair_portal.gatherings.models import Call, Event
from clair_portal.gatherings.presentation import TOKYO, rows
from clair_portal.language.reading_marks import without_readings

AROUND = dt.timedelta(days=366)


def calendar_file(events: Iterable[Event], calls: Iterable[Call] = ()) -> bytes:
    """iCalendar in the language of the page; a later download updates the same entries (UID, SEQUENCE).

    `calls`: the moments they close, on the clock of Tokyo.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//CLAIR portal//events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Events of CLAIR"))
    shown = rows(events)
    for row in shown:
        calendar.add_component(_entry(row))
    closing = list(calls)
    for call in closing:
        calendar.add_component(_closing(call))
    days = [row["event"].begins_at.date() for row in shown] + [call.closes_at.date() for call in closing]
    if days:
        calendar.add_missing_timezones(min(days) - AROUND, max(days) + AROUND)
    return calendar.to_ical()


def _entry(row: dict[str, Any]) -> icalendar.Event:
    event, zone = row["event"], ZoneInfo(row["event"].zone)
    entry = icalendar.Event()
    entry.add("uid", str(event.pk))
    entry.add("sequence", int(event.changed_at.timestamp()) // 60)  # grows with each change, and fits 31 bits
    entry.add("dtstamp", event.changed_at.astimezone(dt.UTC))
    entry.add("dtstart", event.begins_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", without_readings(row["title"]))
    entry.add("status", "CANCELLED" if event.state == State.CANCELLED else "CONFIRMED")
    place = row["place"]
    entry.add(
        "location", without_readings(", ".join(part for part in (row["where"], place.address if place else "") if part))
    )
    entry.add("description", without_readings(row["summary"]))
    entry.add("url", settings.PORTAL_URL.rstrip("/") + reverse("public_event", args=[event.pk]))
    return entry


def _closing(call: Call) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", f"closing-{call.pk}")
    entry.add("sequence", int(call.changed_at.timestamp()) // 60)
    entry.add("dtstamp", call.changed_at.astimezone(dt.UTC))
    entry.add("dtstart", call.closes_at.astimezone(ZoneInfo(TOKYO)))
    entry.add("summary", _("Closes: %(title)s") % {"title": without_readings(str(call))})
    entry.add("status", "CANCELLED" if call.state == CallState.CANCELLED else "CONFIRMED")
    entry.add("description", _("Applications must arrive by %(when)s.") % {"when": both_clocks(call.closes_at)})
    entry.add("url", settings.PORTAL_URL.rstrip("/") + reverse("public_call", args=[call.pk]))
    return entry
