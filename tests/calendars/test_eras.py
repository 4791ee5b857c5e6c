from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from clair_portal.calendars.eras import DateError, current_eras, era_of, format_era, parse_date, reference_eras
from clair_portal.calendars.models import Era

ERAS = reference_eras()


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_every_day_since_heisei_began_reads_back_from_every_form() -> None:
    all_days = days(date(1989, 1, 8), date(2040, 12, 31))
    assert len(all_days) == 18986
    for day in all_days:
        assert parse_date(format_era(day, "long", ERAS), ERAS) == day
        assert parse_date(format_era(day, "short", ERAS), ERAS) == day
        assert parse_date(day.isoformat(), ERAS) == day


def test_every_day_from_1873_to_the_end_of_showa_reads_back_from_the_era() -> None:
    for day in days(date(1873, 1, 1), date(1989, 1, 7)):
        assert parse_date(format_era(day, "long", ERAS), ERAS) == day


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 11, 22), "令和8年11月22日", "R8.11.22"),
        (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
        (date(2019, 12, 31), "令和元年12月31日", "R1.12.31"),
        (date(2020, 1, 1), "令和2年1月1日", "R2.1.1"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
        (date(1989, 1, 8), "平成元年1月8日", "H1.1.8"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
        (date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
        (date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
        (date(1912, 7, 30), "大正元年7月30日", "T1.7.30"),
        (date(1889, 4, 1), "明治22年4月1日", "M22.4.1"),
        (date(1873, 1, 1), "明治6年1月1日", "M6.1.1"),
        (date(1872, 12, 31), "1872年12月31日", "1872.12.31"),
    ],
)
def test_a_day_in_words_and_short(day: date, long: str, short: str) -> None:
    assert format_era(day, eras=ERAS) == long
    assert format_era(day, "short", ERAS) == short
    assert parse_date(long, ERAS) == day
    assert parse_date(short, ERAS) == day


@pytest.mark.parametrize(
    "text",
    [
        "令和8.11.22",
        "令和8年11月22日",
        "令和 8 年 11 月 22 日",
        "R8/11/22",
        "R8.11.22",
        "r8-11-22",
        "Reiwa 8.11.22",
        "ｒ８．１１．２２",
        "Ｒ８／１１／２２",
        "令和８年１１月２２日",
        "㋿8年11月22日",
        "2026-11-22",
        "2026/11/22",
        "2026.11.22",
        "2026年11月22日",
        "２０２６－１１－２２",
        "2026\u221211\u221222",
        "22 November 2026",
        "22 Nov 2026",
        "22 nov. 2026",
        "22nd November 2026",
        "22-Nov-2026",
        "November 22, 2026",
        "NOV 22 2026",
        "  2026-11-22\n",
        "\u3000令和8年11月22日\u3000",
    ],
)
def test_many_ways_to_write_one_day(text: str) -> None:
    assert parse_date(text, ERAS) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("㍻31年4月30日", date(2019, 4, 30)),
        ("㍼64年1月7日", date(1989, 1, 7)),
        ("昭和63/12/31", date(1988, 12, 31)),
        ("2024-2-29", date(2024, 2, 29)),
        ("R6.2.29", date(2024, 2, 29)),
        ("5 Sept 2026", date(2026, 9, 5)),
        ("May 1, 2019", date(2019, 5, 1)),
    ],
)
def test_other_days(text: str, day: date) -> None:
    assert parse_date(text, ERAS) == day


UNREADABLE = (
    "“{}” could not be read as a date. "
    "Write it like one of these: 2026-11-22, 令和8年11月22日, R8.11.22, 22 November 2026."
)
UNCLEAR_YEAR = "The year “{}” is not clear. Write four digits (2026-11-22) or the era (令和8年11月22日, R8.11.22)."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", UNREADABLE.format("")),
        ("soon", UNREADABLE.format("soon")),
        ("2026-11", UNREADABLE.format("2026-11")),
        ("2026-11/22", UNREADABLE.format("2026-11/22")),
        ("2026-1 1-22", UNREADABLE.format("2026-1 1-22")),
        ("20261122", UNREADABLE.format("20261122")),
        ("慶応3年1月1日", UNREADABLE.format("慶応3年1月1日")),
        ("K3.1.1", UNREADABLE.format("K3.1.1")),
        ("令和8年11月22", UNREADABLE.format("令和8年11月22")),
        ("22 Brumaire 2026", UNREADABLE.format("22 Brumaire 2026")),
        ("x" * 60, UNREADABLE.format("x" * 40)),
        ("26-11-22", UNCLEAR_YEAR.format("26")),
        ("8.11.22", UNCLEAR_YEAR.format("8")),
        ("８年１１月２２日", UNCLEAR_YEAR.format("8")),
        ("0026-11-22", UNCLEAR_YEAR.format("0026")),
        ("22 Nov 26", UNCLEAR_YEAR.format("26")),
        ("11/22/2026", "Day and month can be mistaken for each other here. Write the year first: 2026-11-22."),
        ("03.04.2026", "Day and month can be mistaken for each other here. Write the year first: 2026-11-22."),
        ("2026-11-31", "There is no day 31 in month 11 of 2026. Check the day and the month."),
        ("令和7年2月29日", "There is no day 29 in month 2 of 2025. Check the day and the month."),
        ("R8.13.1", "There is no day 1 in month 13 of 2026. Check the day and the month."),
        ("9999-12-31", "The year 9999 lies too far ahead. Check it; the last possible year is 2199."),
        ("1 January 2200", "The year 2200 lies too far ahead. Check it; the last possible year is 2199."),
        ("31 June 2026", "There is no day 31 in month 6 of 2026. Check the day and the month."),
        ("平成32年1月1日", "平成 ended on 2019-04-30. Write 令和2年1月1日 or 2020-01-01."),
        ("H31.5.1", "平成 ended on 2019-04-30. Write 令和元年5月1日 or 2019-05-01."),
        ("令和元年4月30日", "令和 began on 2019-05-01. Write 平成31年4月30日 or 2019-04-30."),
        ("昭和64年1月8日", "昭和 ended on 1989-01-07. Write 平成元年1月8日 or 1989-01-08."),
        ("令和0年5月1日", "The years of an era begin with 1. Write 令和元年."),
        (
            "明治5年11月1日",
            "Dates before 1873 followed another calendar. Write the Western date, such as 1872-12-31.",
        ),
    ],
)
def test_what_is_not_a_date_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with translation.override("en"), pytest.raises(DateError) as refused:
        parse_date(text, ERAS)
    assert str(refused.value) == sentence


def test_an_instant_is_refused_because_its_day_depends_on_the_zone() -> None:
    with pytest.raises(TypeError):
        format_era(datetime(2026, 11, 22, 16, tzinfo=UTC), eras=ERAS)


def test_a_day_outside_every_era_has_none() -> None:
    assert era_of(date(1872, 12, 31), ERAS) is None
    assert era_of(date(2026, 11, 22), ()) is None
    assert format_era(date(2026, 11, 22), eras=()) == "2026年11月22日"


@pytest.mark.django_db
def test_an_empty_table_is_answered_from_the_file() -> None:
    Era.objects.all().delete()
    assert [era.name_ja for era in current_eras()] == ["明治", "大正", "昭和", "平成", "令和"]
    assert format_era(date(2026, 11, 22)) == "令和8年11月22日"


@pytest.mark.django_db
def test_a_new_era_is_a_row_and_counts_at_once() -> None:
    Era.objects.all().delete()
    reiwa = Era.objects.create(name_ja="令和", name_en="Reiwa", letter="R", starts_on=date(2019, 5, 1))
    assert format_era(date(2041, 1, 1)) == "令和23年1月1日"
    reiwa.ends_on = date(2040, 12, 31)
    reiwa.save()
    following = Era.objects.create(name_ja="新元", name_en="Shingen", letter="N", starts_on=date(2041, 1, 1))
    assert format_era(date(2041, 1, 1)) == "新元元年1月1日"
    assert parse_date("n1.1.1") == date(2041, 1, 1)
    following.delete()
    assert format_era(date(2041, 1, 1)) == "2041年1月1日"


@pytest.mark.django_db
def test_the_eras_are_read_once_for_many_dates(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        for text in ("R8.11.22", "H31.4.30", "2026-11-22"):
            format_era(parse_date(text))


@pytest.mark.django_db
def test_eras_cannot_overlap() -> None:
    Era.objects.all().delete()
    Era.objects.create(name_ja="令和", name_en="Reiwa", letter="R", starts_on=date(2019, 5, 1))
    following = Era(name_ja="新元", name_en="Shingen", letter="N", starts_on=date(2041, 1, 1))
    with pytest.raises(ValidationError, match="Write the last day of the earlier one first"):
        following.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        following.save()


@pytest.mark.django_db
def test_an_era_cannot_end_before_it_starts() -> None:
    era = Era(name_ja="逆", name_en="Gyaku", letter="G", starts_on=date(2041, 1, 2), ends_on=date(2041, 1, 1))
    with pytest.raises(ValidationError) as refused:
        era.full_clean()
    assert refused.value.message_dict == {"ends_on": ["The last day of an era cannot come before its first day."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        era.save()
