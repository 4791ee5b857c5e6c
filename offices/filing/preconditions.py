"""Preconditions looked at for one request: which questions its offices ask, and what is worth a warning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from clair_portal.calendars.business_days import WorkingCalendar, calendars_there
from clair_portal.calendars.eras import in_words
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.presentation import countries_by_code
from clair_portal.language.words import listed
from clair_portal.network.models import Organisation
from clair_portal.network.queries import in_force
from offices.enums import PreconditionCheck
from offices.models import Precondition, SupportRequest
from offices.routing import offices_for

SATURDAY = 5
LONGEST_TRIP = 60  # days looked at one by one; longer stays are no visits
QUESTION_SHEETS = ("質問票", "question")  # names papers carry that are one


@dataclass(frozen=True)
class Looked:
    """What a check needs to know of a request at one office."""

    detail: SupportRequest
    topics: Sequence[str]
    papers: Sequence[CaseFile]
    calendar: WorkingCalendar
    countries: Sequence[tuple[str, WorkingCalendar]]  # name and days of each the office looks after
    today: dt.date

    @property
    def days(self) -> list[dt.date]:
        first, last = self.detail.starts_on, self.detail.ends_on or self.detail.starts_on
        if not first or not last or last < first:
            return []
        return [first + dt.timedelta(days=n) for n in range(min((last - first).days + 1, LONGEST_TRIP))]


def offices_of(case: Case, detail: SupportRequest, today: dt.date) -> dict[Organisation, list[str]]:
    """The offices of a trip, each with the countries it is responsible for."""
    found: dict[Organisation, list[str]] = {}
    for country, office in offices_for(case.countries, detail.starts_on or today).items():
        found.setdefault(office, []).append(country)
    return found


def preconditions_of(offices: Iterable[Organisation], detail: SupportRequest, today: dt.date) -> list[Precondition]:
    """Those that hold today for these offices and the kinds of support asked for."""
    here = Q(office=None) | Q(office__in=list(offices))
    kinds = Q(kind="") | Q(kind__in=detail.kinds)
    return list(Precondition.objects.filter(here & kinds & in_force(today), active=True).select_related("office"))


def questions_for(case: Case, detail: SupportRequest, today: dt.date) -> list[Precondition]:
    """What the offices ask in the form."""
    found = preconditions_of(offices_of(case, detail, today), detail, today)
    return [each for each in found if each.check_code == PreconditionCheck.ASK]


@dataclass(frozen=True)
class Said:
    """A precondition that has something to say about a request, at these offices. `more`: the days or the count."""

    offices: tuple[Organisation, ...]
    row: Precondition
    more: str

    def __str__(self) -> str:
        return f"{listed(self.offices)}: {self.row.text}{self.more}"


def said_of(
    case: Case, detail: SupportRequest, papers: Sequence[CaseFile], today: dt.date, *, only: Sequence[int] = ()
) -> list[Said]:
    """What the offices' preconditions say today; the same thing at several offices once. `only`: the offices a reader
    answers for."""
    if case.holding is not None and case.holding_id in only:
        offices = {case.holding: case.countries}
    else:
        offices = {
            office: countries for office, countries in offices_of(case, detail, today).items()
            if not only or office.pk in only
        }  # fmt: skip
    rows = preconditions_of(offices, detail, today)
    calendars, abroad = calendars_there((office.calendar for office in offices), case.countries)
    named = countries_by_code(case) if offices else {}
    found: dict[tuple[int, str], list[Organisation]] = {}
    for office, codes in offices.items():
        countries = [(named[code], abroad[code]) for code in codes if code in named]
        looked = Looked(detail, case.topics, papers, calendars[office.calendar], countries, today)
        for row in rows:
            if row.office_id in (None, office.pk) and (more := CHECKS[row.check_code](row, looked)) is not None:
                found.setdefault((row.pk, more), []).append(office)
    by_key = {row.pk: row for row in rows}
    return [Said(tuple(where), by_key[key], more) for (key, more), where in found.items()]


def warnings_for(
    case: Case, detail: SupportRequest, papers: Sequence[CaseFile], today: dt.date, *, only: Sequence[int] = ()
) -> list[str]:
    """Sentences about this request; they refuse nothing, because the requester may know better."""
    return [str(said) for said in said_of(case, detail, papers, today, only=only) if not is_advice(said)]


def is_advice(said: Said) -> bool:
    """Holds for every request, so it is no remark on this one."""
    return said.row.check_code == PreconditionCheck.NOTE


def obstacles_for(case: Case, detail: SupportRequest, papers: Sequence[CaseFile], today: dt.date) -> list[str]:
    """What headquarters has declared must be settled before filing, and is not."""
    return [str(said) for said in said_of(case, detail, papers, today) if said.row.blocks]


def _weekend(row: Precondition, looked: Looked) -> str | None:
    return _named([day for day in looked.days if day.weekday() >= SATURDAY and day not in looked.calendar.working])


def _holiday(row: Precondition, looked: Looked) -> str | None:
    """The holidays of each country, by its name; nothing is said of a country or year whose holidays are not known."""
    on_weekdays = [day for day in looked.days if day.weekday() < SATURDAY]
    found = {name: [day for day in on_weekdays if not days.is_business_day(day)] for name, days in looked.countries}
    said = [_("%(country)s: %(days)s") % {"country": name, "days": _some(days)} for name, days in found.items() if days]
    return f" ({' / '.join(said)})" if said else None


def _named(days: list[dt.date]) -> str | None:
    """The days in brackets; None when there are none."""
    return f" ({_some(days)})" if days else None


def _some(days: list[dt.date]) -> str:
    return f"{listed(in_words(day, weekday=True) for day in days[:5])}{' …' if len(days) > 5 else ''}"


def _questions(row: Precondition, looked: Looked) -> str | None:
    count = len([line for line in looked.detail.questions.splitlines() if line.strip()])
    if row.value is None or count <= row.value:
        return None
    return " " + _("(%(count)s questions, counted as lines of the question sheet)") % {"count": count}


def _fields(row: Precondition, looked: Looked) -> str | None:
    count = len(looked.topics)
    if row.value is None or count <= row.value:
        return None
    return " " + _("(%(count)s fields of exchange were chosen)") % {"count": count}


def _question_sheet(row: Precondition, looked: Looked) -> str | None:
    there = looked.detail.questions.strip() or sheets_among(looked.papers, looked.detail)
    return None if there else ""


def sheets_among(papers: Sequence[CaseFile], detail: SupportRequest) -> list[CaseFile]:
    """Papers that are a question sheet: the one marked, or one that says so in its name."""
    return [
        paper for paper in papers
        if paper.pk == detail.question_sheet or any(word in paper.name.casefold() for word in QUESTION_SHEETS)
    ]  # fmt: skip


def _notice(row: Precondition, looked: Looked) -> str | None:
    first = looked.detail.starts_on
    if row.value is None or first is None or (first - looked.today).days >= row.value:
        return None
    return " " + _("(%(days)s days)") % {"days": (first - looked.today).days}


def _fixed_dates(row: Precondition, looked: Looked) -> str | None:
    return "" if looked.days and not looked.detail.flexible else None


def _unanswered(row: Precondition, looked: Looked) -> str | None:
    return None if looked.detail.answers.get(row.key) else " " + _("(not answered yet)")


CHECKS: dict[str, Callable[[Precondition, Looked], str | None]] = {
    PreconditionCheck.WEEKEND: _weekend,
    PreconditionCheck.HOLIDAY: _holiday,
    PreconditionCheck.TOPICS: _questions,
    PreconditionCheck.FIELDS: _fields,
    PreconditionCheck.QUESTION_SHEET: _question_sheet,
    PreconditionCheck.NOTICE: _notice,
    PreconditionCheck.FIXED_DATES: _fixed_dates,
    PreconditionCheck.ASK: _unanswered,
    PreconditionCheck.NOTE: lambda row, looked: "",
    PreconditionCheck.LUNCH: lambda row, looked: None,  # a request has no hours; its itinerary has (offices/lunch.py)
}
