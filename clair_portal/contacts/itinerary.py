"""An itinerary as people use it: days in two zones, warnings, the paper in Japanese and in English, the calendar file."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import icalendar
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.calendars.business_days import calendar_for
from clair_portal.calendars.eras import format_era
from clair_portal.calendars.zones import city_name
from clair_portal.contacts.models import Stop, Visit

TOKYO = zoneinfo.ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Line:
    """One stop with its times there and in Tokyo."""

    stop: Stop
    times: str
    tokyo: str


@dataclass(frozen=True)
class Day:
    date: dt.date
    words: str
    lines: tuple[Line, ...]


def days_of(stops: Sequence[Stop]) -> list[Day]:
    """By day and hour, in the active language."""
    ordered = sorted(stops, key=lambda stop: (stop.day, stop.begins, stop.pk))
    return [
        Day(day, written(day), tuple(_line(stop) for stop in group)) for day, group in groupby(ordered, lambda s: s.day)
    ]


def written(day: dt.date) -> str:
    return format_era(day) if (get_language() or "en").startswith("ja") else date_format(day, "D j M Y")


def _line(stop: Stop) -> Line:
    times = f"{stop.begins:%H:%M}" + (f"–{stop.ends:%H:%M}" if stop.ends else "")
    city = city_name(stop.zone, get_language() or "en")
    there, tokyo = begins_at(stop), begins_at(stop).astimezone(TOKYO)
    other = (
        ""
        if stop.zone == "Asia/Tokyo"
        else f"{tokyo:%H:%M}" + (_(" (next day)") if tokyo.date() > there.date() else "")
    )
    return Line(stop, f"{times} {city}", other)


def begins_at(stop: Stop) -> dt.datetime:
    return dt.datetime.combine(stop.day, stop.begins, zoneinfo.ZoneInfo(stop.zone))


def warnings_of(visit: Visit, stops: Sequence[Stop]) -> list[str]:
    """What a reader would stumble over: days outside, two stops at once, a day off of the office's calendar."""
    said = []
    calendar = calendar_for(visit.office.calendar)
    for stop in stops:
        if not visit.starts_on <= stop.day <= visit.ends_on:
            said.append(_("%(what)s is outside the days of the visit.") % {"what": stop.what})
        if not calendar.is_business_day(stop.day):
            said.append(_("%(what)s is on a day off (%(day)s).") % {"what": stop.what, "day": written(stop.day)})
    ordered = sorted(stops, key=begins_at)
    for one, two in pairwise(ordered):
        ends = dt.datetime.combine(one.day, one.ends or one.begins, zoneinfo.ZoneInfo(one.zone))
        if begins_at(two) < ends or begins_at(one) == begins_at(two):
            said.append(_("%(one)s and %(two)s are at the same time.") % {"one": one.what, "two": two.what})
    return list(dict.fromkeys(said))


# --- The calendar file ------------------------------------------------------------------------------------------------
def calendar_file(visit: Visit, stops: Sequence[Stop]) -> bytes:
    """iCalendar with the time zones of the places; a later download updates the same entries (UID, SEQUENCE)."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//CLAIR portal//itinerary//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", visit.title)
    for stop in stops:
        calendar.add_component(_event(visit, stop))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(visit: Visit, stop: Stop) -> icalendar.Event:
    begins, event = begins_at(stop), icalendar.Event()
    ends = dt.datetime.combine(stop.day, stop.ends, zoneinfo.ZoneInfo(stop.zone)) if stop.ends else begins
    event.add("uid", f"{stop.uid}@{settings.MAIL_IN_DOMAIN or 'portal'}")
    event.add("sequence", visit.version)
    event.add("dtstamp", visit.changed_at.astimezone(dt.UTC))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", stop.what)
    event.add("location", ", ".join(part for part in (stop.place, stop.address) if part))
    event.add(
        "description", "\n".join(part for part in (stop.host_name, stop.person, stop.telephone, stop.note) if part)
    )
    return event


# --- On paper ---------------------------------------------------------------------------------------------------------
def rows(stops: Sequence[Stop], language: str) -> dict[str, Any]:
    """What the paper says, in Japanese or in English: heads and one row a stop, grouped by day."""
    with translation.override(language), timezone.override(TOKYO):
        foreign = not language.startswith("ja")
        heads = [_("Time"), _("What"), _("Place"), _("Host, person"), _("Interpreter"), _("Telephone")]
        days = [(day.words, [_row(line, foreign) for line in day.lines]) for day in days_of(stops)]
    return {"heads": heads, "days": days}


def _row(line: Line, foreign: bool) -> tuple[str, ...]:
    stop = line.stop
    when = line.times if foreign or not line.tokyo else f"{line.times}\n({_('Tokyo')} {line.tokyo})"
    what = stop.what_foreign or stop.what if foreign else stop.what
    place = "\n".join(part for part in (stop.place, stop.address) if part)
    host = "\n".join(part for part in (stop.host_name, stop.person) if part)
    return (when, "\n".join(part for part in (what, stop.note) if part), place, host, stop.interpreter, stop.telephone)
