from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from clair_portal.calendars.business_days import ZONES
from clair_portal.calendars.zones import city_name, in_both_zones, is_on_the_clock, zones_in

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
LONDON, TOKYO = "Europe/London", "Asia/Tokyo"
DEADLINE = datetime(2027, 3, 31, 17, tzinfo=ZoneInfo(LONDON))


def test_a_deadline_in_london_as_japanese_readers_see_it() -> None:
    two = in_both_zones(DEADLINE, LONDON, TOKYO, "ja", now=NOW)
    assert (two.main, two.other) == ("3月31日(水)17:00 ロンドン", "4月1日(木)1:00 東京")
    assert not two.same_day
    assert two.main_iso == "2027-03-31T17:00+01:00"
    assert two.other_iso == "2027-04-01T01:00+09:00"


def test_a_deadline_in_london_as_english_readers_see_it() -> None:
    two = in_both_zones(DEADLINE, LONDON, TOKYO, "en", now=NOW)
    assert (two.main, two.other) == ("Wed 31 Mar 2027 17:00 London", "Thu 1 Apr 01:00 Tokyo")


def test_on_the_same_date_only_the_hour_is_repeated() -> None:
    instant = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Seoul"))
    assert in_both_zones(instant, "Asia/Singapore", TOKYO, "ja", now=NOW).main == "11月24日(火)8:00 シンガポール"
    assert in_both_zones(instant, "Asia/Singapore", TOKYO, "ja", now=NOW).other == "同日9:00 東京"
    assert in_both_zones(instant, TOKYO, "Asia/Singapore", "ja", now=NOW).other == "同日8:00 シンガポール"
    assert in_both_zones(instant, TOKYO, "Asia/Singapore", "en", now=NOW).other == "same day 08:00 Singapore"
    assert in_both_zones(instant, TOKYO, "Asia/Singapore", "en", now=NOW).same_day


def test_the_japanese_year_is_shown_outside_the_current_fiscal_year() -> None:
    next_year = datetime(2027, 4, 1, 9, tzinfo=ZoneInfo(TOKYO))
    assert in_both_zones(next_year, TOKYO, "Asia/Seoul", "ja", now=NOW).main == "2027年4月1日(木)9:00 東京"
    later = datetime(2027, 5, 1, tzinfo=UTC)
    assert in_both_zones(next_year, TOKYO, "Asia/Seoul", "ja", now=later).main == "4月1日(木)9:00 東京"
    assert in_both_zones(DEADLINE, LONDON, TOKYO, "ja", now=later).main == "2027年3月31日(水)17:00 ロンドン"


def test_over_new_year_the_second_text_carries_its_own_year() -> None:
    instant = datetime(2026, 12, 31, 17, tzinfo=ZoneInfo("America/New_York"))
    assert in_both_zones(instant, "America/New_York", TOKYO, "en", now=NOW).other == "Fri 1 Jan 2027 07:00 Tokyo"
    assert in_both_zones(instant, "America/New_York", TOKYO, "ja", now=NOW).main == "12月31日(木)17:00 ニューヨーク"
    assert in_both_zones(instant, "America/New_York", TOKYO, "ja", now=NOW).other == "2027年1月1日(金)7:00 東京"


def test_one_zone_gives_one_text() -> None:
    two = in_both_zones(DEADLINE, LONDON, LONDON, "en", now=NOW)
    assert two.other == ""
    assert two.same_day


def test_the_eight_cities() -> None:
    assert [city_name(zone, "ja") for zone in ZONES.values()] == [
        "東京", "ニューヨーク", "ロンドン", "パリ", "シンガポール", "ソウル", "シドニー", "北京",
    ]  # fmt: skip
    assert [city_name(zone, "en") for zone in ZONES.values()] == [
        "Tokyo", "New York", "London", "Paris", "Singapore", "Seoul", "Sydney", "Beijing",
    ]  # fmt: skip
    assert city_name("America/Sao_Paulo", "ja-simple") == "Sao Paulo"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        in_both_zones(datetime(2027, 3, 31, 17), LONDON, TOKYO, "en", now=NOW)


def test_clocks_of_countries_come_with_known_cities_first() -> None:
    assert zones_in(["DE", "GB", "ZZ"]) == ["Europe/London", "Europe/Berlin", "Europe/Busingen"]


@pytest.mark.parametrize(
    ("day", "clock", "there"),
    [
        (date(2027, 3, 28), time(1, 30), False),  # 01:00 becomes 02:00
        (date(2027, 3, 28), time(2, 0), True),
        (date(2027, 10, 31), time(1, 30), True),  # twice
    ],
)
def test_the_hour_left_out_in_spring_is_not_on_the_clock(day: date, clock: time, there: bool) -> None:
    assert is_on_the_clock(day, clock, "Europe/London") is there
