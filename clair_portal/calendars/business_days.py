"""Business days and deadlines by the calendar of the place that has to act.

Weekends are Saturday and Sunday; holidays and substitute working days are rows that editors keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONES = {
    "HQ": "Asia/Tokyo",
    "NYC": "America/New_York",
    "LON": "Europe/London",
    "PAR": "Europe/Paris",
    "SIN": "Asia/Singapore",
    "SEL": "Asia/Seoul",
    "SYD": "Australia/Sydney",
    "BJS": "Asia/Shanghai",
}
# Countries whose holidays stand in the calendar of the place there; those of any other in a calendar of its ISO code.
KEPT_AT = {"JP": "HQ", "US": "NYC", "GB": "LON", "FR": "PAR", "SG": "SIN", "KR": "SEL", "AU": "SYD", "CN": "BJS"}
CLOSE = time(17, 0)
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When one place works. `working` days are worked whatever the weekday, and win over `holidays`. `zone`: empty for a
    country, by whose calendar nothing falls due."""

    code: str
    zone: str
    holidays: frozenset[date] = field(default=frozenset(), repr=False)
    working: frozenset[date] = field(default=frozenset(), repr=False)

    def is_business_day(self, day: date) -> bool:
        return day in self.working or (day.weekday() < SATURDAY and day not in self.holidays)

    def knows(self, day: date) -> bool:
        """Whether holidays of that year have been entered; if not, only weekends are taken out of a count."""
        return any(known.year == day.year for known in self.holidays)

    def add(self, day: date, business_days: int) -> date:
        """The business day that many business days after `day` (before it, when negative); `day` is not counted.

        0 gives `day` itself or, when the place is closed, the first day it opens again.
        """
        if business_days == 0:
            return day if self.is_business_day(day) else self.next_business_day(day)
        open_days = (near for near in _days_from(day, business_days) if self.is_business_day(near))
        for _count in range(abs(business_days)):
            found = next(open_days)
        return found

    def next_business_day(self, day: date) -> date:
        """The first business day after `day`, which itself is never the answer."""
        return self.add(day, 1)

    def between(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; negative when `end` comes first.

        `add(start, between(start, end)) == end` for every business day `end` other than `start`.
        """
        if end < start:
            return -sum(self.is_business_day(end + ONE_DAY * n) for n in range((start - end).days))
        return sum(self.is_business_day(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))


def _days_from(day: date, direction: int) -> Iterator[date]:
    step = ONE_DAY if direction > 0 else -ONE_DAY
    while True:
        day += step
        yield day


def calendar_for(code: str) -> WorkingCalendar:
    """The calendar of headquarters ("HQ") or an office ("LON"), from the Holiday table.

    One query of some 250 short rows, never cached: an editor's change counts at once in every process. Load it once
    for a list. Raises LookupError for a code without a time zone in `ZONES`.
    """
    return calendars_for([code])[code]


def calendars_for(codes: Iterable[str]) -> dict[str, WorkingCalendar]:
    """The calendars of several places, by code, in one query; none for no code. Raises LookupError as `calendar_for`."""
    wanted = sorted(set(codes))
    for code in wanted:
        if code not in ZONES:
            raise LookupError(f"No calendar {code!r}: the codes are {', '.join(ZONES)}.")
    return _read(wanted)


def calendars_there(codes: Iterable[str], countries: Iterable[str]) -> tuple[dict[str, WorkingCalendar], ...]:
    """The calendars of places by code, as `calendars_for`, and of countries by ISO code; both in one query. Of a country
    nobody has entered anything for, the calendar knows no day."""
    wanted, abroad = set(codes), {code: KEPT_AT.get(code, code) for code in countries}
    found = _read(sorted({*wanted, *abroad.values()}))
    return {code: found[code] for code in wanted}, {code: found[kept] for code, kept in abroad.items()}


def _read(wanted: list[str]) -> dict[str, WorkingCalendar]:
    from clair_portal.calendars.models import Holiday

    found: dict[str, dict[bool, set[date]]] = {code: {True: set(), False: set()} for code in wanted}
    if wanted:
        rows = Holiday.objects.filter(calendar__in=wanted).order_by().values_list("calendar", "date", "working")
        for code, day, working in rows:
            found[code][working].add(day)
    return {
        code: WorkingCalendar(code, ZONES.get(code, ""), holidays=frozenset(days[False]), working=frozenset(days[True]))
        for code, days in found.items()
    }


def close_of_business(day: date, zone: str) -> datetime:
    """17:00 on `day` by the wall clock of `zone` (IANA name), as an aware instant in UTC; summer time is respected."""
    return datetime.combine(day, CLOSE, ZoneInfo(zone)).astimezone(UTC)


def due_after(business_days: int, from_instant: datetime, calendar: WorkingCalendar) -> datetime:
    """The deadline `business_days` (1 or more) after an aware instant: close of business where the work is done.

    The local day of the instant itself is not counted (初日不算入, Civil Code art. 140), whatever the hour.
    Raises ValueError for less than one day or an instant without a time zone.
    """
    if business_days < 1:
        raise ValueError("A deadline lies at least one business day ahead.")
    if from_instant.utcoffset() is None:
        raise ValueError("An instant without a time zone has no local day: pass an aware datetime.")
    local_day = from_instant.astimezone(ZoneInfo(calendar.zone)).date()
    return close_of_business(calendar.add(local_day, business_days), calendar.zone)
