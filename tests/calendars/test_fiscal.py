from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from clair_portal.calendars.eras import reference_eras
from clair_portal.calendars.fiscal import FiscalYear, tokyo_date

ERAS = reference_eras()


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2027, 3, 31), 2026), (date(2027, 4, 1), 2027), (date(2026, 12, 31), 2026), (date(2027, 1, 1), 2026)],
)
def test_the_year_turns_on_the_first_of_april(day: date, year: int) -> None:
    assert FiscalYear.of(day) == FiscalYear(year)


@pytest.mark.parametrize(
    ("zone", "in_tokyo", "year"),
    [
        ("America/New_York", "2027-04-01T06:00:00+09:00", 2027),
        ("Europe/London", "2027-04-01T01:00:00+09:00", 2027),
        ("Europe/Paris", "2027-04-01T00:00:00+09:00", 2027),
        ("Asia/Singapore", "2027-03-31T18:00:00+09:00", 2026),
        ("Asia/Shanghai", "2027-03-31T18:00:00+09:00", 2026),
        ("Asia/Tokyo", "2027-03-31T17:00:00+09:00", 2026),
        ("Asia/Seoul", "2027-03-31T17:00:00+09:00", 2026),
        ("Australia/Sydney", "2027-03-31T15:00:00+09:00", 2026),
    ],
)
def test_five_in_the_afternoon_of_31_march_belongs_to_the_year_of_tokyo(zone: str, in_tokyo: str, year: int) -> None:
    instant = datetime(2027, 3, 31, 17, tzinfo=ZoneInfo(zone))
    assert instant.astimezone(ZoneInfo("Asia/Tokyo")).isoformat() == in_tokyo
    assert FiscalYear.of(instant) == FiscalYear(year)


def test_first_and_last_day_and_instants() -> None:
    year = FiscalYear(2026)
    assert (year.first_day, year.last_day) == (date(2026, 4, 1), date(2027, 3, 31))
    assert year.starts_at == datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert year.ends_at == datetime(2027, 3, 31, 15, tzinfo=UTC)


def test_what_lies_in_a_year() -> None:
    year = FiscalYear(2026)
    assert date(2027, 3, 31) in year
    assert date(2027, 4, 1) not in year
    assert datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC) in year
    assert datetime(2027, 3, 31, 15, 0, tzinfo=UTC) not in year


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        tokyo_date(datetime(2027, 3, 31, 17))


def test_years_sort_by_time() -> None:
    assert sorted([FiscalYear(2027), FiscalYear(2019), FiscalYear(2026)]) == [
        FiscalYear(2019),
        FiscalYear(2026),
        FiscalYear(2027),
    ]
    assert FiscalYear(2026) < FiscalYear(2027)


@pytest.mark.parametrize(
    ("year", "japanese", "english"),
    [
        (2026, "令和8年度", "FY2026 (Reiwa 8)"),
        (2020, "令和2年度", "FY2020 (Reiwa 2)"),
        (2019, "令和元年度", "FY2019 (Reiwa 1)"),
        (2018, "平成30年度", "FY2018 (Heisei 30)"),
        (1989, "平成元年度", "FY1989 (Heisei 1)"),
        (1988, "昭和63年度", "FY1988 (Showa 63)"),
    ],
)
def test_a_year_bears_the_era_of_its_december(year: int, japanese: str, english: str) -> None:
    assert FiscalYear(year).label("ja", ERAS) == japanese
    assert FiscalYear(year).label("ja-simple", ERAS) == japanese
    assert FiscalYear(year).label("en", ERAS) == english
    assert FiscalYear(year).label("fr", ERAS) == english


def test_a_year_as_text_needs_no_era() -> None:
    assert str(FiscalYear(2026)) == "FY2026"
    assert FiscalYear(2026).label("ja", ()) == "2026年度"


@pytest.mark.django_db
def test_the_label_uses_the_table() -> None:
    assert FiscalYear(2026).label("ja") == "令和8年度"


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 4, 1), 1),
        (date(2026, 6, 30), 1),
        (date(2026, 7, 1), 2),
        (date(2026, 9, 30), 2),
        (date(2026, 10, 1), 3),
        (date(2026, 12, 31), 3),
        (date(2027, 1, 1), 4),
        (date(2027, 3, 31), 4),
        (datetime(2026, 6, 30, 15, tzinfo=UTC), 2),
    ],
)
def test_quarters(day: date, quarter: int) -> None:
    assert FiscalYear.quarter_of(day) == quarter
