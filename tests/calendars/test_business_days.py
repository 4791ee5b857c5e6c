from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clair_portal.calendars.business_days import (
    ZONES,
    WorkingCalendar,
    calendar_for,
    close_of_business,
    due_after,
)
from clair_portal.calendars.models import Holiday
from clair_portal.calendars.reference import load

PLAIN = WorkingCalendar("LON", "Europe/London", holidays=frozenset({date(2026, 12, 25)}))
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, 20 + n) for n in range(4))


@pytest.fixture
def loaded(db: None) -> None:
    load()


def test_weekends_are_closed() -> None:
    assert [PLAIN.is_business_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [True, False, False, True]


def test_a_working_day_wins_over_weekend_and_holiday() -> None:
    calendar = WorkingCalendar("X", "UTC", frozenset({FRIDAY}), frozenset({FRIDAY, SATURDAY}))
    assert calendar.is_business_day(FRIDAY)
    assert calendar.is_business_day(SATURDAY)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (FRIDAY, 5, date(2026, 11, 27)),
        (MONDAY, -1, FRIDAY),
        (SUNDAY, -1, FRIDAY),
        (FRIDAY, 0, FRIDAY),
        (SATURDAY, 0, MONDAY),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
    ],
)
def test_adding_business_days(start: date, count: int, end: date) -> None:
    assert PLAIN.add(start, count) == end


def test_the_next_business_day_is_never_the_day_itself() -> None:
    assert PLAIN.next_business_day(FRIDAY) == MONDAY
    assert PLAIN.next_business_day(MONDAY) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, SUNDAY, 0),
        (FRIDAY, MONDAY, 1),
        (MONDAY, FRIDAY, -1),
        (date(2026, 12, 1), date(2026, 12, 31), 21),
    ],
)
def test_counting_business_days(start: date, end: date, count: int) -> None:
    assert PLAIN.between(start, end) == count


def test_counting_and_adding_agree() -> None:
    for offset in range(-40, 41):
        end = FRIDAY + timedelta(days=offset)
        if offset and PLAIN.is_business_day(end):
            assert PLAIN.add(FRIDAY, PLAIN.between(FRIDAY, end)) == end


@pytest.mark.parametrize(
    ("code", "start", "count", "end"),
    [
        # Tokyo: 28 December 2026 is the last day of work, 4 January the first; Golden Week; the September holidays
        ("HQ", date(2026, 12, 28), 1, date(2027, 1, 4)),
        ("HQ", date(2026, 4, 28), 1, date(2026, 4, 30)),
        ("HQ", date(2026, 5, 1), 1, date(2026, 5, 7)),
        ("HQ", date(2026, 9, 18), 1, date(2026, 9, 24)),
        ("HQ", date(2026, 11, 20), 1, date(2026, 11, 24)),
        ("NYC", date(2026, 11, 25), 1, date(2026, 11, 27)),
        ("NYC", date(2026, 7, 2), 1, date(2026, 7, 6)),
        ("LON", date(2026, 12, 24), 1, date(2026, 12, 29)),
        ("LON", date(2027, 3, 25), 1, date(2027, 3, 30)),
        ("PAR", date(2026, 5, 7), 3, date(2026, 5, 13)),
        ("SIN", date(2027, 2, 5), 1, date(2027, 2, 9)),
        ("SEL", date(2026, 2, 13), 1, date(2026, 2, 19)),
        ("SYD", date(2026, 4, 2), 1, date(2026, 4, 7)),
        # Beijing, spring 2026: work on Saturday 14 February, closed 15 to 23, work on Saturday 28 February
        ("BJS", date(2026, 2, 13), 1, date(2026, 2, 14)),
        ("BJS", date(2026, 2, 14), 1, date(2026, 2, 24)),
        ("BJS", date(2026, 2, 27), 1, date(2026, 2, 28)),
        ("BJS", date(2026, 9, 30), 1, date(2026, 10, 8)),
    ],
)
def test_holidays_of_each_place(loaded: None, code: str, start: date, count: int, end: date) -> None:
    assert calendar_for(code).add(start, count) == end


def test_a_calendar_costs_one_query_and_sees_an_edit_at_once(loaded: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        before = calendar_for("LON")
    assert before.is_business_day(date(2026, 6, 15))
    Holiday.objects.create(calendar="LON", date=date(2026, 6, 15), name_en="Move of the office")
    assert not calendar_for("LON").is_business_day(date(2026, 6, 15))
    assert calendar_for("PAR").is_business_day(date(2026, 6, 15))


def test_a_holiday_marked_as_working_is_worked(loaded: None) -> None:
    Holiday.objects.filter(calendar="NYC", date=date(2026, 2, 12)).update(working=True)
    assert calendar_for("NYC").is_business_day(date(2026, 2, 12))


def test_a_calendar_says_which_years_it_knows(loaded: None) -> None:
    assert calendar_for("LON").knows(date(2027, 6, 1))
    assert not calendar_for("LON").knows(date(2028, 6, 1))


def test_a_calendar_without_a_zone_is_refused() -> None:
    with pytest.raises(LookupError, match="HQ, NYC, LON"):
        calendar_for("MARS")


def test_the_eight_calendars_have_zones_that_exist() -> None:
    assert list(ZONES) == ["HQ", "NYC", "LON", "PAR", "SIN", "SEL", "SYD", "BJS"]
    for zone in ZONES.values():
        ZoneInfo(zone)


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        (date(2026, 11, 24), "Asia/Tokyo", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        # the days before and after the clocks change
        (date(2027, 3, 26), "Europe/London", datetime(2027, 3, 26, 17, tzinfo=UTC)),
        (date(2027, 3, 29), "Europe/London", datetime(2027, 3, 29, 16, tzinfo=UTC)),
        (date(2026, 10, 2), "Australia/Sydney", datetime(2026, 10, 2, 7, tzinfo=UTC)),
        (date(2026, 10, 5), "Australia/Sydney", datetime(2026, 10, 5, 6, tzinfo=UTC)),
        (date(2026, 10, 30), "America/New_York", datetime(2026, 10, 30, 21, tzinfo=UTC)),
        (date(2026, 11, 2), "America/New_York", datetime(2026, 11, 2, 22, tzinfo=UTC)),
    ],
)
def test_close_of_business_is_five_by_the_wall_clock(day: date, zone: str, instant: datetime) -> None:
    assert close_of_business(day, zone) == instant
    assert close_of_business(day, zone).tzinfo is UTC


@pytest.mark.parametrize(
    ("code", "asked", "business_days", "due"),
    [
        # London: asked Thursday 25 March 2027; Good Friday, the clocks and Easter Monday lie between
        ("LON", datetime(2027, 3, 25, 12, tzinfo=UTC), 1, datetime(2027, 3, 30, 16, tzinfo=UTC)),
        # Sydney: Friday 2 October 2026; summer time begins on Sunday, Labour Day is Monday
        ("SYD", datetime(2026, 10, 2, 2, tzinfo=UTC), 1, datetime(2026, 10, 6, 6, tzinfo=UTC)),
        # New York: Friday 30 October 2026; summer time ends on Sunday, Election Day is Tuesday
        ("NYC", datetime(2026, 10, 30, 15, tzinfo=UTC), 2, datetime(2026, 11, 4, 22, tzinfo=UTC)),
        # 09:00 on 24 November in Tokyo is still the 23rd in New York: that local day is the one not counted
        ("NYC", datetime(2026, 11, 24, 0, tzinfo=UTC), 1, datetime(2026, 11, 24, 22, tzinfo=UTC)),
        # after closing time the day is not counted either, no more and no less than before
        ("HQ", datetime(2026, 11, 24, 14, 59, tzinfo=UTC), 1, datetime(2026, 11, 25, 8, tzinfo=UTC)),
        ("HQ", datetime(2026, 12, 28, 3, tzinfo=UTC), 5, datetime(2027, 1, 8, 8, tzinfo=UTC)),
    ],
)
def test_deadlines(loaded: None, code: str, asked: datetime, business_days: int, due: datetime) -> None:
    assert due_after(business_days, asked, calendar_for(code)) == due


def test_a_deadline_needs_a_day_and_a_zone() -> None:
    with pytest.raises(ValueError, match="at least one business day"):
        due_after(0, datetime(2026, 11, 24, tzinfo=UTC), PLAIN)
    with pytest.raises(ValueError, match="aware"):
        due_after(1, datetime(2026, 11, 24), PLAIN)
