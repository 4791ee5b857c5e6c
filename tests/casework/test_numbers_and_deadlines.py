"""Case numbers by the fiscal year of Tokyo, and terms in the business days of whoever has the ball."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.calendars.models import Holiday
from clair_portal.casework.deadlines import fiscal_day
from clair_portal.casework.models import Case
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.services import give_number
from offices.workflow import KIND, SUPPORT
from tests.casework.travel import case_in, draft, step
from tests.cast import NOW

TOKYO = ZoneInfo("Asia/Tokyo")


def number_at(moment: dt.datetime) -> str:
    case = Case(kind=KIND)
    return give_number(SUPPORT.series, FiscalYear.of(fiscal_day(case, moment)))


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (dt.datetime(2027, 3, 31, 23, 59, tzinfo=TOKYO), "R8-支-0001"),
        (dt.datetime(2027, 4, 1, 0, 0, tzinfo=TOKYO), "R9-支-0001"),
        (dt.datetime(2027, 3, 31, 15, 0, tzinfo=dt.UTC), "R9-支-0001"),  # 1 April in Tokyo
        (dt.datetime(2027, 3, 31, 12, 0, tzinfo=ZoneInfo("America/New_York")), "R9-支-0001"),
        (dt.datetime(2019, 3, 31, 23, 59, tzinfo=TOKYO), "H30-支-0001"),
        (
            dt.datetime(2019, 4, 15, 9, 0, tzinfo=TOKYO),
            "R1-支-0001",
        ),  # still Heisei that day; the year is named Reiwa 1
    ],
)
def test_a_number_carries_the_fiscal_year_of_tokyo(db: None, moment: dt.datetime, number: str) -> None:
    assert number_at(moment) == number


def test_numbers_run_on_within_a_year_and_begin_anew_with_the_next(db: None) -> None:
    last, first = dt.datetime(2027, 3, 31, 23, 59, tzinfo=TOKYO), dt.datetime(2027, 4, 1, tzinfo=TOKYO)
    assert [number_at(moment) for moment in (last, last, first, last, first)] == [
        "R8-支-0001", "R8-支-0002", "R9-支-0001", "R8-支-0003", "R9-支-0002",
    ]  # fmt: skip


def test_a_number_is_given_when_a_case_is_filed_and_never_changes(cast: SimpleNamespace) -> None:
    case = draft(cast)
    assert case.number is None
    case = step(cast, case, "otaru", "file", now=dt.datetime(2027, 3, 31, 23, 59, tzinfo=TOKYO))
    assert case.number == "R8-支-0001"
    step(cast, case, "hokkaido", "send_back")
    case = step(cast, case, "otaru", "file", now=dt.datetime(2027, 4, 1, 0, 1, tzinfo=TOKYO))
    assert case.number == "R8-支-0001"
    assert case.filed_at == dt.datetime(2027, 3, 31, 23, 59, tzinfo=TOKYO)


def test_a_refused_filing_takes_no_number(cast: SimpleNamespace) -> None:
    unfinished = draft(cast)
    type(unfinished.support_request).objects.update(purpose="")
    with pytest.raises(NotAllowed):
        step(cast, unfinished, "otaru", "file")
    assert step(cast, draft(cast), "otaru", "file").number == "R8-支-0001"


# --- Terms --------------------------------------------------------------------------------------------------------------------
def holidays(calendar: str, *days: str) -> None:
    for day in days:
        Holiday.objects.update_or_create(calendar=calendar, date=day, defaults={"name_ja": day, "name_en": day})


@pytest.fixture(autouse=True)
def only_these_holidays(db: None) -> None:
    Holiday.objects.all().delete()
    holidays("HQ", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-11")
    holidays("LON", "2026-12-25", "2026-12-28", "2027-01-01")
    holidays("NYC", "2026-11-26", "2026-12-25", "2027-01-01")


def test_the_branch_has_five_business_days_of_the_japanese_calendar(cast: SimpleNamespace) -> None:
    """Filed on Tuesday 24 November; weekends are not counted."""
    case = step(cast, draft(cast), "otaru", "file", now=dt.datetime(2026, 11, 24, 10, tzinfo=TOKYO))
    assert case.due_at == dt.datetime(2026, 12, 1, 17, tzinfo=TOKYO)
    assert (case.due_zone, case.holding) == ("Asia/Tokyo", cast.places["hokkaido"])


def test_the_turn_of_the_year_is_not_counted_in_japan(cast: SimpleNamespace) -> None:
    case = step(cast, draft(cast), "otaru", "file", now=dt.datetime(2026, 12, 24, 10, tzinfo=TOKYO))
    assert case.due_at == dt.datetime(2027, 1, 6, 17, tzinfo=TOKYO)


def test_london_counts_its_own_holidays_and_its_own_clock(cast: SimpleNamespace) -> None:
    """Referred on Monday 21 December in London: 22, 23, 24, then after Christmas 29 and 30."""
    case = step(cast, case_in(cast, "triage"), "hq_officer", "refer", now=dt.datetime(2026, 12, 21, 9, tzinfo=dt.UTC))
    assert case.due_at == dt.datetime(2026, 12, 30, 17, tzinfo=ZoneInfo("Europe/London"))
    assert (case.due_zone, case.holding) == ("Europe/London", cast.places["london"])


def test_new_york_begins_to_count_on_its_own_day(cast: SimpleNamespace) -> None:
    """Tuesday morning in Tokyo is Monday evening in New York; Thanksgiving is not counted."""
    triage, new_york = case_in(cast, "triage"), cast.places["newyork"]
    case = step(cast, triage, "hq_officer", "refer", now=NOW, office=new_york)
    assert case.due_at == dt.datetime(2026, 12, 1, 17, tzinfo=ZoneInfo("America/New_York"))
    assert case.due_zone == "America/New_York"


def test_a_requester_has_ten_business_days_to_give_information(cast: SimpleNamespace) -> None:
    case = step(cast, case_in(cast, "triage"), "hq_officer", "ask", now=dt.datetime(2026, 11, 24, 10, tzinfo=TOKYO))
    assert case.due_at == dt.datetime(2026, 12, 8, 17, tzinfo=TOKYO)
    assert case.holding == cast.places["otaru"]


@pytest.mark.parametrize("state", ["draft", "in_progress", "closed", "declined", "withdrawn"])
def test_where_no_term_is_set_there_is_no_deadline(cast: SimpleNamespace, state: str) -> None:
    case = case_in(cast, state)
    assert (case.due_at, case.due_zone) == (None, "Asia/Tokyo")


@pytest.mark.parametrize(("state", "ended"), [("closed", True), ("declined", True), ("triage", False)])
def test_only_an_ended_case_has_a_day_of_ending_and_nobody_holds_it(
    cast: SimpleNamespace, state: str, ended: bool
) -> None:
    case = case_in(cast, state)
    assert (case.closed_at is not None, case.holding is None) == (ended, ended)
