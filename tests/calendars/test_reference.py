from __future__ import annotations

import csv
from datetime import date

import pytest
from django.conf import settings

from clair_portal.calendars.business_days import KEPT_AT, calendars_there
from clair_portal.calendars.holidays_package import COUNTRIES, holidays_of, seed_year
from clair_portal.calendars.models import Era, Holiday
from clair_portal.calendars.reference import load

pytestmark = pytest.mark.django_db
CODES = ["HQ", "NYC", "LON", "PAR", "SIN", "SEL", "SYD", "BJS"]
ERAS_IN_FILE, HOLIDAYS_IN_FILES = 5, 569 + 1260


@pytest.fixture(autouse=True)
def empty_tables() -> None:
    Era.objects.all().delete()
    Holiday.objects.all().delete()


def test_loading_twice_adds_nothing() -> None:
    assert load() == ERAS_IN_FILE + HOLIDAYS_IN_FILES
    assert load() == 0


def test_what_an_editor_wrote_is_kept() -> None:
    load()
    Holiday.objects.filter(calendar="NYC", date=date(2026, 2, 12)).update(working=True, name_en="Open after all")
    Holiday.objects.filter(calendar="PAR", date=date(2026, 5, 8)).delete()
    Era.objects.filter(name_ja="令和").update(ends_on=date(2040, 12, 31))
    assert load() == 1
    kept = Holiday.objects.get(calendar="NYC", date=date(2026, 2, 12))
    assert (kept.working, kept.name_en) == (True, "Open after all")
    assert Era.objects.get(name_ja="令和").ends_on == date(2040, 12, 31)


def test_names_in_the_languages_of_the_place() -> None:
    load()
    tokyo = Holiday.objects.get(calendar="HQ", date=date(2026, 11, 23))
    assert (tokyo.name_ja, tokyo.name_en) == ("勤労感謝の日", "Labor Thanksgiving Day")
    paris = Holiday.objects.get(calendar="PAR", date=date(2026, 7, 14))
    assert (paris.name_ja, paris.name_en, paris.name_local) == ("", "National Day", "Fête nationale")
    beijing = Holiday.objects.get(calendar="BJS", date=date(2026, 2, 14))
    assert (beijing.working, beijing.name_local) == (True, "调休上班日")


def test_headquarters_is_closed_at_the_turn_of_the_year() -> None:
    load()
    closed = Holiday.objects.filter(calendar="HQ", date__range=(date(2026, 12, 29), date(2027, 1, 3)))
    assert [row.date.day for row in closed] == [29, 30, 31, 1, 2, 3]


def test_every_row_names_its_source() -> None:
    load()
    assert not Holiday.objects.filter(source="").exists()
    assert Holiday.objects.filter(calendar="BJS", source__contains="estimate").count() == 19


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_package_and_the_file_agree(code: str, year: int) -> None:
    load()
    of_file = Holiday.objects.filter(calendar=code, date__year=year).values_list("date", "working", "name_en")
    of_package = [(row.date, row.working, row.name_en) for row in holidays_of(code, year)]
    if code == "HQ":  # two packages word the substitute holidays differently
        assert [row[:2] for row in of_file] == [row[:2] for row in of_package]
    else:
        assert list(of_file) == of_package


def test_the_package_and_the_file_agree_on_the_countries_without_an_office() -> None:
    load()
    of_file = Holiday.objects.filter(calendar__in=COUNTRIES).values_list("calendar", "date", "working", "name_en")
    assert set(of_file) == {
        (row.calendar, row.date, row.working, row.name_en)
        for country in COUNTRIES for year in (2025, 2026, 2027) for row in holidays_of(country, year)
    }  # fmt: skip


def test_every_country_an_office_looks_after_has_a_calendar() -> None:
    with (settings.BASE_DIR / "clair_portal/network/reference/jurisdictions.csv").open(encoding="utf-8") as file:
        assert {row["country"] for row in csv.DictReader(file)} <= {*COUNTRIES, *KEPT_AT}


def test_a_country_has_the_days_of_its_own_or_of_the_place_there() -> None:
    load()
    _offices, countries = calendars_there(["LON"], ["DE", "GB", "MN"])
    ascension, early_may = date(2027, 5, 6), date(2027, 5, 3)
    assert [countries[code].is_business_day(ascension) for code in ("DE", "GB")] == [False, True]
    assert [countries[code].is_business_day(early_may) for code in ("DE", "GB")] == [True, False]
    assert [countries[code].knows(ascension) for code in ("DE", "GB", "MN")] == [True, True, False]


def test_a_year_the_file_does_not_have_is_seeded_from_the_package() -> None:
    load()
    Holiday.objects.create(calendar="LON", date=date(2028, 12, 25), name_en="Written by an editor")
    assert seed_year("LON", 2028) == 8
    assert seed_year("LON", 2028) == 0
    assert Holiday.objects.get(calendar="LON", date=date(2028, 12, 25)).name_en == "Written by an editor"
    assert Holiday.objects.get(calendar="LON", date=date(2028, 4, 14)).name_en == "Good Friday"


def test_an_unknown_calendar_cannot_be_seeded() -> None:
    with pytest.raises(LookupError, match="MARS"):
        seed_year("MARS", 2026)
