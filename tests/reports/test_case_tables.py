"""The tables of every kind of case: a matter counts once, on the day it was filed, whoever works on it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone, translation

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case, Referral
from clair_portal.reports import api
from clair_portal.reports.tables import TABLES, Grid, fill, records
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in, draft, step
from tests.cast import NOW, reader
from tests.offices import research_travel

YEAR = FiscalYear(2026)
FILED = dt.datetime(2027, 3, 30, 1, 0, tzinfo=dt.UTC)
REFERRED = dt.datetime(2027, 4, 2, 1, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
TABLES_OF_CASES = ("cases.by_branch", "cases.by_month", "cases.by_kind")


def grid(cast: SimpleNamespace, key: str, who: str = "hq_officer", year: FiscalYear = YEAR) -> Grid:
    actor = reader(cast, who)
    with translation.override("en"), acting(actor.scope):
        return fill(TABLES[key], actor, year, now=NOW)


def total(found: Grid) -> Any:
    """The number of cases in all."""
    at = next(n for n, leaf in enumerate(found.leaves) if leaf.is_total)
    return found.foot[at].value


def behind(cast: SimpleNamespace, key: str, who: str) -> list[str]:
    """The numbers of the cases that the total opens."""
    actor = reader(cast, who)
    with acting(actor.scope):
        listed, _words = records(TABLES[key], actor, YEAR, row=None, column=None, measure=None)
        return list(listed.values_list("number", flat=True))


def refer_to_two(cast: SimpleNamespace, case: Case, now: dt.datetime = NOW) -> Case:
    offices = [cast.places["london"], cast.places["newyork"]]
    return step(cast, case, "hq_officer", "refer", offices=offices, owner=offices[0], now=now)


def part(cast: SimpleNamespace, whole: Case, office: str) -> Case:
    """The newest of the office."""
    own = Referral.objects.filter(office=cast.places[office]).values("case")
    return Case.objects.filter(parent=whole, pk__in=own).latest("pk")


@pytest.fixture
def trip(cast: SimpleNamespace) -> Case:
    """Filed by Otaru on 30 March; headquarters refers it to London and New York on 2 April."""
    case = step(cast, draft(cast), "otaru", "file", now=FILED)
    case = step(cast, case, "hokkaido", "pass_on", now=FILED)
    return refer_to_two(cast, case, now=REFERRED)


@pytest.mark.parametrize("key", TABLES_OF_CASES)
@pytest.mark.parametrize("who", ["hq_officer", "hokkaido", "otaru", "london", "newyork"])
def test_a_trip_to_two_offices_is_one_case_of_the_year_it_was_filed_in(
    cast: SimpleNamespace, trip: Case, key: str, who: str
) -> None:
    assert total(grid(cast, key, who)) == 1
    assert total(grid(cast, key, who, FiscalYear(2027))) == 0
    assert behind(cast, key, who) == [
        {"london": f"{trip.number}-1", "newyork": f"{trip.number}-2"}.get(who, trip.number)
    ]


@pytest.mark.parametrize("who", ["hq_officer", "london"])
def test_it_counts_in_the_month_it_was_filed_in(cast: SimpleNamespace, trip: Case, who: str) -> None:
    found = grid(cast, "cases.by_month", who)
    assert {head.label: found.cell(head.key).value for head in found.heads if found.cell(head.key).value} == {
        "March": 1
    }


def test_only_offices_have_a_row_for_parts(cast: SimpleNamespace, trip: Case) -> None:
    for who in ("hq_officer", "otaru"):
        found = grid(cast, "cases.by_kind", who)
        assert "offices.part" not in {head.key for head in found.heads}
        assert found.cell("offices.support").value == 1
    found = grid(cast, "cases.by_kind", "london")
    assert (found.cell("offices.support").value, found.cell("offices.part").value) == (0, 1)


def test_an_office_counts_a_reopened_trip_once(cast: SimpleNamespace, trip: Case) -> None:
    """It still sees the part it had before, beside the whole that came back to headquarters and beside a new part."""
    for office in ("london", "newyork"):
        for key in ("accept", "begin", "report"):
            step(cast, part(cast, trip, office), office, key, now=REFERRED)
    closed = step(cast, trip, "hq_officer", "close", now=REFERRED + DAY)
    assert behind(cast, "cases.by_branch", "london") == [f"{trip.number}-1"]
    reopened = step(cast, closed, "hq_officer", "reopen", now=REFERRED + 2 * DAY)
    assert behind(cast, "cases.by_branch", "london") == [trip.number]
    refer_to_two(cast, reopened, now=REFERRED + 3 * DAY)
    assert behind(cast, "cases.by_branch", "london") == [f"{trip.number}-3"]
    assert total(grid(cast, "cases.by_branch", "london")) == 1


def days_until_closed(cast: SimpleNamespace, who: str = "hq_officer") -> Any:
    found = grid(cast, "cases.by_month", who)
    return next(
        cell.value for leaf, cell in zip(found.leaves, found.foot, strict=True) if leaf.measure.key == "closing"
    )


def test_days_until_closed_are_those_of_cases_that_were_carried_through(cast: SimpleNamespace) -> None:
    """Closed after 10 days, research answered after 20 and shared; what ended otherwise after a day does not count."""
    shared = research_travel.case_in(cast, "shared")
    for case, days in ((case_in(cast, "closed"), 10), (shared, 20)):
        Case.objects.filter(pk=case.pk).update(closed_at=case.filed_at + days * DAY)
    others = [case_in(cast, state) for state in ("withdrawn", "declined")]
    others += [research_travel.case_in(cast, state) for state in ("not_feasible", "declined", "withdrawn")]
    reopened = step(cast, case_in(cast, "closed"), "hq_officer", "reopen")
    others.append(step(cast, reopened, "hq_officer", "decline"))
    for case in others:
        assert case.closed_at is not None
        Case.objects.filter(pk=case.pk).update(closed_at=case.filed_at + DAY)
    case_in(cast, "in_progress")
    assert days_until_closed(cast) == 15.0


def test_days_until_closed_of_a_part_run_from_the_filing_of_the_matter(cast: SimpleNamespace, trip: Case) -> None:
    for office in ("london", "newyork"):
        for key in ("accept", "begin", "report"):
            step(cast, part(cast, trip, office), office, key, now=REFERRED)
    step(cast, trip, "hq_officer", "close", now=FILED + 12 * DAY)
    assert [days_until_closed(cast, who) for who in ("hq_officer", "otaru", "london")] == [12.0, 12.0, 12.0]


def test_a_program_abroad_reads_the_day_of_counting_in_tokyo(cast: SimpleNamespace) -> None:
    actor = reader(cast, "newyork")
    with timezone.override("America/New_York"), acting(actor.scope):
        found = fill(TABLES["cases.by_kind"], actor, YEAR, now=dt.datetime(2026, 11, 25, 15, 30, tzinfo=dt.UTC))
        assert api._written(found)["reference_date"] == dt.date(2026, 11, 26)
