"""An itinerary as people use it: days in two zones, warnings, the paper in Japanese and in English, the calendar file."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import icalendar
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.calendars.business_days import SATURDAY, WorkingCalendar, calendars_there
from clair_portal.calendars.eras import format_era, in_words
from clair_portal.calendars.zones import WEEKDAYS_JA, city_name
from clair_portal.casework.presentation import countries_by_code
from clair_portal.contacts.models import Stop, Visit
from clair_portal.language.words import in_japanese

A_YEAR = dt.timedelta(days=366)
TOKYO = zoneinfo.ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Line:
    """One stop with its times there and in Tokyo."""

    stop: Stop
    clock: str
    city: str
    tokyo: str

    @property
    def times(self) -> str:
        return f"{self.clock} {self.city}"


@dataclass(frozen=True)
class Day:
    date: dt.date
    words: str
    lines: tuple[Line, ...]


def days_of(stops: Sequence[Stop]) -> list[Day]:
    """By day and hour, in the active language."""
    by_day = groupby(in_order(stops), lambda stop: stop.day)
    return [Day(day, written(day), tuple(_line(stop) for stop in group)) for day, group in by_day]


def in_order(stops: Iterable[Stop]) -> list[Stop]:
    """By the day at the place, within it as they happen: over the date line a flight lands at an earlier hour of the day it left."""
    return sorted(stops, key=lambda stop: (stop.day, begins_at(stop), stop.turn, stop.pk))


def written(day: dt.date) -> str:
    """With the day of the week, which a party looks for first: 令和9年6月1日(火), Tue 1 Jun 2027."""
    if in_japanese():
        return f"{format_era(day)}({WEEKDAYS_JA[day.weekday()]})"
    return in_words(day, weekday=True)


def _line(stop: Stop) -> Line:
    times = f"{stop.begins:%H:%M}" + (f"–{stop.ends:%H:%M}" if stop.ends else "")
    city = city_name(stop.zone, get_language() or "en")
    return Line(stop, times, city, "" if stop.zone == TOKYO.key else _in_tokyo(stop))


def _in_tokyo(stop: Stop) -> str:
    tokyo = begins_at(stop).astimezone(TOKYO)
    days = (tokyo.date() - stop.day).days
    return f"{tokyo:%H:%M}" + {1: _(" (next day)"), 0: "", -1: _(" (day before)")}[days]


def begins_at(stop: Stop) -> dt.datetime:
    return dt.datetime.combine(stop.day, stop.begins, zoneinfo.ZoneInfo(stop.zone))


def warnings_of(visit: Visit, stops: Sequence[Stop]) -> list[str]:
    """What a reader would stumble over: days outside, a day off of the office or the country, two stops at once, no words for hosts."""
    off = _days_off(visit)
    said = [line for stop in stops for line in _about(visit, stop, off)]
    more = [line for warning in _MORE_WARNINGS for line in warning(visit, stops)]
    return list(dict.fromkeys([*said, *_at_once(stops), *more]))


Remark = Callable[[Visit, Sequence[Stop]], Iterable[str]]
_MORE_WARNINGS: list[Remark] = []


def register_warning(warning: Remark) -> None:
    """A pillar adds what it knows of the places an itinerary leads to."""
    _MORE_WARNINGS.append(warning)


@dataclass(frozen=True)
class DaysOff:
    """Of the office, and of the countries of the case by name, where they are not the office's own."""

    office: WorkingCalendar
    countries: dict[str, WorkingCalendar]


def _days_off(visit: Visit) -> DaysOff:
    offices, abroad = calendars_there([visit.office.calendar], visit.case.countries)
    office, names = offices[visit.office.calendar], countries_by_code(visit.case)
    return DaysOff(office, {names[code]: days for code, days in abroad.items() if code in names and days != office})


def _about(visit: Visit, stop: Stop, off: DaysOff) -> Iterator[str]:
    words = {"what": stop.what, "day": written(stop.day)}
    if not visit.starts_on <= stop.day <= visit.ends_on:
        yield _("%(what)s is outside the days of the visit.") % words
    if not off.office.is_business_day(stop.day):
        yield _("%(what)s is on a day off of the %(office)s (%(day)s).") % {**words, "office": visit.office}
    elif not off.office.knows(stop.day):
        yield _("Holidays of that year are not entered yet (%(day)s).") % words
    for country, days in off.countries.items():
        if stop.day.weekday() < SATURDAY and not days.is_business_day(stop.day):
            yield _("%(what)s is on a holiday of %(country)s (%(day)s).") % {**words, "country": country}
    if visit.title_foreign and not stop.what_foreign:
        yield _("%(what)s has no words for hosts yet.") % words


def _at_once(stops: Sequence[Stop]) -> Iterator[str]:
    """Each stop against the one before it that lasts longest."""
    ordered = sorted(stops, key=begins_at)
    longest = ordered[0] if ordered else None
    for stop in ordered[1:]:
        assert longest is not None
        if begins_at(stop) < _ends_at(longest) or begins_at(stop) == begins_at(longest):
            yield _("%(one)s and %(two)s are at the same time.") % {"one": longest.what, "two": stop.what}
        longest = max(longest, stop, key=_ends_at)


def _ends_at(stop: Stop) -> dt.datetime:
    return dt.datetime.combine(stop.day, stop.ends or stop.begins, zoneinfo.ZoneInfo(stop.zone))


# --- The calendar file ------------------------------------------------------------------------------------------------
def calendar_file(visit: Visit, stops: Sequence[Stop]) -> bytes:
    """iCalendar with the time zones of the places; a later download updates the same entries (UID, SEQUENCE), and cancels
    those of stops that were removed (RFC 5545, 3.8.1.11)."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//CLAIR portal//itinerary//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", in_words_of_reader(visit.title, visit.title_foreign))
    for stop in stops:
        calendar.add_component(_event(visit, stop))
    for gone in visit.removed:
        calendar.add_component(_cancelled(visit, gone))
    calendar.add_missing_timezones(visit.starts_on - A_YEAR, visit.ends_on + A_YEAR)  # the changes of clocks around it
    return calendar.to_ical()


def in_words_of_reader(japanese: str, foreign: str) -> str:
    """Of what is written twice: local staff read the words for hosts."""
    return japanese if in_japanese() else foreign or japanese


def _event(visit: Visit, stop: Stop) -> icalendar.Event:
    event = _entry(visit, str(stop.uid), begins_at(stop))
    if stop.ends:  # an end must be later than the beginning (RFC 5545, 3.8.2.2)
        event.add("dtend", _ends_at(stop))
    event.add("summary", in_words_of_reader(stop.what, stop.what_foreign))
    event.add("location", ", ".join(part for part in (stop.place, stop.address) if part))
    interpreter = stop.interpreter and f"{_('Interpreter')}: {stop.interpreter}"
    told = (stop.host_name, stop.person, interpreter, stop.telephone, stop.note)
    event.add("description", "\n".join(filter(None, told)))
    return event


def _cancelled(visit: Visit, gone: dict[str, str]) -> icalendar.Event:
    """Of a stop that was removed: the version of the itinerary was counted up then, so SEQUENCE is above what was taken."""
    begins = dt.datetime.fromisoformat(gone["at"]).replace(tzinfo=zoneinfo.ZoneInfo(gone["zone"]))
    event = _entry(visit, gone["uid"], begins)
    event.add("status", "CANCELLED")
    event.add("summary", _("Removed from the itinerary"))
    return event


def _entry(visit: Visit, uid: str, begins: dt.datetime) -> icalendar.Event:
    """A UUID alone is a good UID (RFC 7986, 5.3), and stays when the portal gets another name."""
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("sequence", visit.version)
    event.add("dtstamp", visit.changed_at.astimezone(dt.UTC))
    event.add("dtstart", begins)
    return event
