"""One instant as two places read it: 3月31日(水)17:00 ロンドン, 4月1日(木)1:00 東京."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_timezone_location
from django.utils import timezone

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.language.versions import BY_CODE, cldr

CITIES = {
    "Asia/Tokyo": ("東京", "Tokyo"),
    "America/New_York": ("ニューヨーク", "New York"),
    "Europe/London": ("ロンドン", "London"),
    "Europe/Paris": ("パリ", "Paris"),
    "Asia/Singapore": ("シンガポール", "Singapore"),
    "Asia/Seoul": ("ソウル", "Seoul"),
    "Australia/Sydney": ("シドニー", "Sydney"),
    "Asia/Shanghai": ("北京", "Beijing"),
}
OTHERS = set(BY_CODE) - {"ja", "ja-simple", "en"}  # of these CLDR knows the words
WEEKDAYS_JA = "月火水木金土日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class TwoZones:
    """The texts, and the two local times for `<time datetime="{{ two.main_iso }}">`.

    `other` is empty when both places use the same zone.
    """

    main: str
    other: str
    main_time: datetime
    other_time: datetime

    @property
    def same_day(self) -> bool:
        return self.main_time.date() == self.other_time.date()

    @property
    def main_iso(self) -> str:
        """2027-03-31T17:00+01:00"""
        return self.main_time.isoformat(timespec="minutes")

    @property
    def other_iso(self) -> str:
        return self.other_time.isoformat(timespec="minutes")


def city_name(zone: str, language: str) -> str:
    """The city a zone is known by: ours in Japanese and English, that of CLDR in the other languages."""
    if language in OTHERS and zone != "Asia/Shanghai":  # CLDR knows no Beijing
        return get_timezone_location(zone, locale=cldr(language), return_city=True)
    fallback = zone.rsplit("/", 1)[-1].replace("_", " ")
    return CITIES.get(zone, (fallback, fallback))[0 if _is_japanese(language) else 1]


def zones_in(countries: Iterable[str]) -> list[str]:
    """IANA names of the zones in countries (ISO 3166 codes), in the order of the countries, those of cities known first."""
    found = [zone for country in countries for zone in _by_country().get(country, ())]
    return sorted(dict.fromkeys(found), key=lambda zone: zone not in CITIES)


@cache
def _by_country() -> dict[str, list[str]]:
    """zone.tab of the IANA: country, place, zone and a remark a line, the most populous zone of a country first."""
    found: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found


def is_on_the_clock(day: date, clock: time, zone: str) -> bool:
    """False for the hour that is left out when clocks are put forward."""
    there = datetime.combine(day, clock, ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == there.replace(tzinfo=None)


def in_both_zones(
    instant: datetime, here_zone: str, there_zone: str, language: str, *, now: datetime | None = None
) -> TwoZones:
    """`instant` (aware) on the clock of the place concerned and, smaller, on that of the reader's counterpart.

    Zones are IANA names; `language` is a version of the public pages (the others written by CLDR), else English. In English the year always
    stands in `main`; in Japanese only when the printed date is not in the fiscal year of `now` (default: this moment).
    `other` repeats the year only when it differs. Raises ValueError for an instant without a time zone.
    """
    if instant.utcoffset() is None:
        raise ValueError("An instant without a time zone cannot be shown in two zones: pass an aware datetime.")
    here, there = instant.astimezone(ZoneInfo(here_zone)), instant.astimezone(ZoneInfo(there_zone))
    with_year = not _is_japanese(language) or here.date() not in FiscalYear.of(now or timezone.now())
    main = f"{_day(here, language, with_year)}{_clock(here, language)} {city_name(here_zone, language)}"
    if here_zone == there_zone:
        return TwoZones(main, "", here, there)
    day = _same_day(language) if here.date() == there.date() else _day(there, language, here.year != there.year)
    return TwoZones(main, f"{day}{_clock(there, language)} {city_name(there_zone, language)}", here, there)


def _is_japanese(language: str) -> bool:
    return language.split("-")[0] == "ja"


def _same_day(language: str) -> str:
    if language in OTHERS:
        return ""
    return "同日" if _is_japanese(language) else "same day "


def _clock(local: datetime, language: str) -> str:
    return f"{local.hour}:{local.minute:02}" if _is_japanese(language) else f"{local:%H:%M}"


def _day(local: date, language: str, with_year: bool) -> str:
    if language in OTHERS:
        return f"{format_skeleton('yMMMEd' if with_year else 'MMMEd', local, locale=cldr(language))} "
    if _is_japanese(language):
        year = f"{local.year}年" if with_year else ""
        return f"{year}{local.month}月{local.day}日({WEEKDAYS_JA[local.weekday()]})"
    year = f" {local.year}" if with_year else ""
    return f"{WEEKDAYS_EN[local.weekday()]} {local.day} {MONTHS_EN[local.month - 1]}{year} "
