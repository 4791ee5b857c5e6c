"""What time it is at an office, and whether somebody is likely to answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from clair_portal.calendars.business_days import CLOSE, WorkingCalendar, calendar_for
from clair_portal.calendars.models import Holiday
from clair_portal.calendars.zones import TwoZones, in_both_zones
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation

OPENS = dt.time(9, 0)  # no source gives opening hours: an assumption that the page states
TOKYO = "Asia/Tokyo"


@dataclass(frozen=True)
class Clock:
    """`times`: now there and in Tokyo. `reason`: why it is closed, "" while it is open. `next_day`: when it opens next."""

    times: TwoZones
    open: bool
    reason: str
    next_day: dt.date


def clock_of(organisation: Organisation, *, now: dt.datetime, language: str) -> Clock:
    """Two short queries. LookupError for a calendar nobody keeps."""
    calendar = calendar_for(organisation.calendar)
    local = now.astimezone(ZoneInfo(organisation.time_zone))
    today = local.date()
    business_day = calendar.is_business_day(today)
    is_open = _is_open(calendar, local)
    reason = (
        ""
        if is_open
        else _("Outside working hours")
        if business_day
        else _day_off(organisation.calendar, today, language)
    )
    times = in_both_zones(now, organisation.time_zone, TOKYO, language, now=now)
    before_hours = business_day and local.time() < OPENS
    return Clock(times, is_open, reason, today if before_hours else calendar.next_business_day(today))


@dataclass(frozen=True)
class Place:
    """Headquarters or an office at one moment, by the clock on its wall."""

    zone: str
    local: dt.datetime
    open: bool


def places_at(now: dt.datetime) -> list[Place]:
    """Headquarters, then where offices are, from east to west, each place once. One short query."""
    homes = {home.time_zone: home for home in reversed(_homes(now))}
    there = {zone: now.astimezone(ZoneInfo(zone)) for zone in homes}
    first = sorted(there, key=lambda zone: (homes[zone].kind == Kind.OFFICE, -_offset(there[zone]), zone))
    return [Place(zone, there[zone], _is_open(_around(homes[zone]), there[zone])) for zone in first]


def _homes(now: dt.datetime) -> list[Any]:
    """Headquarters and offices with the days off, and the days worked instead, of today wherever they are."""
    today = now.astimezone(dt.UTC).date()
    near = Holiday.objects.filter(
        calendar=OuterRef("calendar"), date__range=(today - dt.timedelta(days=1), today + dt.timedelta(days=1))
    ).values("date")
    found = Organisation.objects.filter(kind__in=(Kind.HEADQUARTERS, Kind.OFFICE)).in_being(today)
    return list(
        found.only("kind", "time_zone", "calendar").order_by("kind", "code").annotate(
            off=ArraySubquery(near.filter(working=False)), worked=ArraySubquery(near.filter(working=True))
        )
    )  # fmt: skip


def _around(home: Any) -> WorkingCalendar:
    """The calendar of a place, for today alone."""
    return WorkingCalendar(home.calendar, home.time_zone, frozenset(home.off), frozenset(home.worked))


def _offset(local: dt.datetime) -> dt.timedelta:
    return local.utcoffset() or dt.timedelta(0)


def _is_open(calendar: WorkingCalendar, local: dt.datetime) -> bool:
    return calendar.is_business_day(local.date()) and OPENS <= local.time() < CLOSE


def _day_off(calendar: str, day: dt.date, language: str) -> str:
    holiday = Holiday.objects.filter(calendar=calendar, date=day, working=False).first()
    return name_of(holiday, language) if holiday else _("Weekend")


def name_of(holiday: Holiday, language: str) -> str:
    return holiday.name_ja if language.startswith("ja") and holiday.name_ja else holiday.name_en
