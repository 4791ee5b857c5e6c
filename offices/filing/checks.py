"""What is worth knowing while and before a request is filed: where it will go, which days are closed there, what is like it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.business_days import KEPT_AT, WorkingCalendar, calendars_there
from clair_portal.calendars.eras import LAST_YEAR, in_words
from clair_portal.casework.deadlines import version_of
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import Row, rows_of
from clair_portal.casework.similar import Similar, similar_to
from clair_portal.casework.workflow import workflow_of
from clair_portal.language.words import in_japanese, listed
from clair_portal.network.models import Country, Organisation
from offices.filing.preconditions import SATURDAY
from offices.models import SupportRequest
from offices.routing import Proposal, propose

AROUND = dt.timedelta(days=2)  # shown before and after the trip
ALIKE, ALIKE_THERE = 0.5, 0.3  # part of the words of a subject; in the same country or field fewer are enough
Place = Organisation | Country
LONGEST_SHOWN = 14  # days of a trip; a longer one has the warnings only


@dataclass(frozen=True)
class Route:
    """Where the request will be referred to, in a sentence, and why."""

    proposals: tuple[Proposal, ...]
    on: dt.date

    @property
    def day(self) -> str:
        return in_words(self.on, weekday=True)

    @property
    def sentence(self) -> str:
        offices = [str(each.office) for each in self.proposals if each.office]
        if not offices:
            return _("No overseas office is responsible for these countries: headquarters answers itself.")
        if len(offices) == 1:
            return _("This request goes to: %(office)s") % {"office": offices[0]}
        return _("Several offices will share this request: %(offices)s. Headquarters says which one leads.") % {
            "offices": listed(offices)
        }


def route_of(case: Case, detail: SupportRequest, today: dt.date) -> Route | None:
    """By the jurisdiction on the first day of the trip (today, while there is none); None without countries."""
    if not case.countries:
        return None
    on = detail.starts_on or today
    return Route(tuple(propose(case.countries, on)), on)


@dataclass(frozen=True)
class Day:
    """One day at one office. `look`: off, hit (a holiday within the trip), in (of the trip) or "" (an ordinary day)."""

    look: str
    text: str


@dataclass(frozen=True)
class Calendar:
    """The days of a trip at its offices, and in the countries they look after from elsewhere. `unknown`: years of which
    nobody has entered an office's holidays yet; `not_known`: countries whose holidays are not known here."""

    days: tuple[str, ...]
    rows: tuple[tuple[Place, tuple[Day, ...]], ...]
    unknown: tuple[int, ...]
    not_known: tuple[Country, ...]


def calendar_of(route: Route | None, detail: SupportRequest) -> Calendar | None:
    """None without an office or without days that make sense."""
    first, last = detail.starts_on, detail.ends_on or detail.starts_on
    if route is None or not first or not last or not 0 <= (last - first).days < LONGEST_SHOWN or last.year > LAST_YEAR:
        return None
    start = first - AROUND
    days = [start + dt.timedelta(days=n) for n in range((last + AROUND - start).days + 1)]
    offices = [each.office for each in route.proposals if each.office]
    if not offices:
        return None
    countries = [each for proposal in route.proposals for each in proposal.countries if each.code not in KEPT_AT]
    kept, abroad = calendars_there([each.calendar for each in offices], [each.code for each in countries])
    places: list[tuple[Place, WorkingCalendar]] = [(each, kept[each.calendar]) for each in offices]
    there: list[tuple[Place, WorkingCalendar]] = [
        (each, abroad[each.code]) for each in countries if _known(abroad[each.code], days)
    ]
    rows = tuple(
        (place, tuple(_day(day, first <= day <= last, calendar) for day in days))
        for place, calendar in [*places, *there]
    )
    years = {day.year for day in days for _office, calendar in places if not calendar.knows(day)}
    not_known = tuple(each for each in countries if not _known(abroad[each.code], days))
    return Calendar(tuple(_short(day) for day in days), rows, tuple(sorted(years)), not_known)


def _known(calendar: WorkingCalendar, days: list[dt.date]) -> bool:
    return all(calendar.knows(day) for day in days)


def _day(day: dt.date, in_trip: bool, calendar: WorkingCalendar) -> Day:
    if calendar.is_business_day(day):
        return Day("in", _("visit")) if in_trip else Day("", "")
    weekend = day.weekday() >= SATURDAY and day not in calendar.holidays
    return Day("hit" if in_trip else "off", _("closed") if weekend else _("holiday"))


def _short(day: dt.date) -> str:
    return date_format(day, "n/j(D)" if in_japanese() else "D j M")


@dataclass(frozen=True)
class Like:
    """A request like this one, as a row of a list shows it, and why it is like it."""

    row: Row
    same_country: bool
    same_topic: bool
    words: tuple[str, ...]

    @property
    def why(self) -> str:
        """same country · same field · words: 下水道、視察"""
        reasons = [
            text
            for text, holds in ((_("same country"), self.same_country), (_("same field"), self.same_topic))
            if holds
        ]
        said = [_("words in common: %(words)s") % {"words": listed(self.words)}] if self.words else []
        return " · ".join([*reasons, *said])


def requests_like(
    title: str, countries: list[str], topics: list[str], reader: Reader, *, but_not: int | None = None
) -> list[Like]:
    """Requests the reader sees that may already be what is being typed, most alike first."""
    found = similar_to([title], countries, topics, reader.scope, but_not=but_not, enough=_alike)
    rows = rows_of([each.case for each in found], reader, timezone.now())
    return [Like(row, each.same_country, each.same_topic, each.words) for row, each in zip(rows, found, strict=True)]


def _alike(found: Similar) -> bool:
    return found.share >= (ALIKE_THERE if found.same_country or found.same_topic else ALIKE)


@dataclass(frozen=True)
class Stage:
    """What happens after sending: who does it, what, and within how many business days of theirs (None: no term)."""

    who: str
    what: str
    days: int | None


def stages_of(case: Case, route: Route | None, office_state: str = "referred") -> list[Stage]:
    """The way of a draft once it is sent, with the terms of the version it was opened under.

    `office_state`: the one in which the office looks at it first."""
    terms, workflow = version_of(case).terms, workflow_of(case)
    days = {state.key: terms.get(state.key, state.business_days) for state in workflow.states}
    offices = [str(each.office) for each in route.proposals if each.office] if route else []
    found = []
    if case.applicant.branch_id:
        found.append(Stage(str(case.applicant.branch), _("checks it and passes it on"), days["branch_check"]))
    found.append(Stage(_("Tokyo headquarters"), _("looks at it and refers it by country"), days["triage"]))
    if offices or route is None:
        who = listed(offices) or _("the overseas office")
        found.append(Stage(who, _("says whether it can help"), days[office_state]))
    return found
