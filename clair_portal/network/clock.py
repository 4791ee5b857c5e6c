"""What time it is at an office, and whether somebody is likely to answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clair_portal.calendars.business_days import CLOSE, calendar_for
from clair_portal.calendars.models import Holiday
from clair_portal.calendars.zones import TwoZones, in_both_zones
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
    is_open = business_day and OPENS <= local.time() < CLOSE
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


def _day_off(calendar: str, day: dt.date, language: str) -> str:
    holiday = Holiday.objects.filter(calendar=calendar, date=day, working=False).first()
    return name_of(holiday, language) if holiday else _("Weekend")


def name_of(holiday: Holiday, language: str) -> str:
    return holiday.name_ja if language.startswith("ja") and holiday.name_ja else holiday.name_en
