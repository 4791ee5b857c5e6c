"""What time it is at an office, and whether somebody is likely to answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clair_portal.calendars.business_days import CLOSE, ZONES, WorkingCalendar, calendar_for, calendars_for
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
    """Headquarters, then where offices are, from east to west, each place once. Two short queries."""
    homes = _homes(now.date())
    local = {zone: now.astimezone(ZoneInfo(zone)) for zone in homes}
    kept = calendars_for(set(homes.values()) & set(ZONES), days={each.date() for each in local.values()})
    return [
        Place(zone, local[zone], _is_open(kept.get(calendar, WorkingCalendar(calendar, zone)), local[zone]))
        for zone, calendar in homes.items()
    ]


def _homes(day: dt.date) -> dict[str, str]:
    """The calendar kept in each time zone."""
    there = Organisation.objects.filter(kind__in=(Kind.HEADQUARTERS, Kind.OFFICE)).in_being(day).order_by("code")
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    rows = sorted(
        there.values_list("kind", "time_zone", "calendar"),
        key=lambda row: (row[0] == Kind.OFFICE, -_offset(noon.astimezone(ZoneInfo(row[1])))),
    )
    homes: dict[str, str] = {}
    for _kind, zone, calendar in rows:
        homes.setdefault(zone, calendar)
    return homes


def _offset(local: dt.datetime) -> dt.timedelta:
    return local.utcoffset() or dt.timedelta(0)


def _is_open(calendar: WorkingCalendar, local: dt.datetime) -> bool:
    return calendar.is_business_day(local.date()) and OPENS <= local.time() < CLOSE


def _day_off(calendar: str, day: dt.date, language: str) -> str:
    holiday = Holiday.objects.filter(calendar=calendar, date=day, working=False).first()
    return name_of(holiday, language) if holiday else _("Weekend")


def name_of(holiday: Holiday, language: str) -> str:
    return holiday.name_ja if language.startswith("ja") and holiday.name_ja else holiday.name_en
