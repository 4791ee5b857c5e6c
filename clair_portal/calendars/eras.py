"""Dates as Japanese offices write them: 令和8年11月22日, R8.11.22, and the Western forms beside them.

The functions are pure over a tuple of `EraSpan`. Without one they use `current_eras()`, the rows of the Era table.
"""

from __future__ import annotations

import csv
import re
import time
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

ERAS_FILE = Path(__file__).parent / "reference" / "eras.csv"
GREGORIAN_FROM = date(1873, 1, 1)  # Meiji 6. Until the day before, Japan counted months and days by the moon.
LAST_YEAR = 2199  # what people plan lies before; near 9999, counting on from a day ends in an error
SECONDS_KEPT = 60  # how long a process may not know of an era that another process has just written

Style = Literal["long", "short"]


class DateError(ValueError):
    """The text is not a date. The message is a translated sentence for the person: what is wrong, what to write."""


@dataclass(frozen=True, slots=True)
class EraSpan:
    """One era: first and last day, both inclusive; `ends_on` None for the era in force."""

    name_ja: str
    name_en: str
    letter: str
    starts_on: date
    ends_on: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def year_of(self, day: date) -> int:
        """The year of the era in which `day` falls; 1 is written 元年."""
        return day.year - self.starts_on.year + 1

    def western_year(self, era_year: int) -> int:
        return self.starts_on.year + era_year - 1


Eras = tuple[EraSpan, ...]


# --- Where the eras come from -----------------------------------------------------------------------------------------


@cache
def reference_eras() -> Eras:
    """The eras of the file that comes with the application, Meiji to Reiwa, oldest first."""
    with ERAS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            EraSpan(
                row["name_ja"],
                row["name_en"],
                row["letter"],
                date.fromisoformat(row["starts_on"]),
                date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def _eras_read_in(period: int) -> Eras:
    from clair_portal.calendars.models import Era

    rows = Era.objects.order_by("starts_on")
    spans = tuple(EraSpan(row.name_ja, row.name_en, row.letter, row.starts_on, row.ends_on) for row in rows)
    return spans or reference_eras()


def current_eras() -> Eras:
    """The eras of the table, oldest first, or those of the file while the table is empty.

    Kept in the process for at most `SECONDS_KEPT`, and forgotten as soon as this process saves or deletes an era.
    """
    return _eras_read_in(int(time.monotonic() // SECONDS_KEPT))


def forget_eras(**_signal: object) -> None:
    """Read the table again at the next use. Call it after a bulk write, which sends no signal."""
    _eras_read_in.cache_clear()


# --- Writing ----------------------------------------------------------------------------------------------------------


def era_of(day: date, eras: Eras | None = None) -> EraSpan | None:
    """The era `day` belongs to; None before 1873, when months and days were not those of the Western calendar."""
    if isinstance(day, datetime):
        raise TypeError("Pass a date: the day of an instant depends on a time zone, which only the caller knows.")
    if day < GREGORIAN_FROM:
        return None
    spans = current_eras() if eras is None else eras
    return next((era for era in spans if day in era), None)


def era_year(number: int) -> str:
    """A year of an era as it is written before 年 or 年度: the first one is 元."""
    return "元" if number == 1 else str(number)


def format_era(day: date, style: Style = "long", eras: Eras | None = None) -> str:
    """`day` in the Japanese calendar: long 令和8年11月22日 (first year 元年), short R8.11.22.

    A day that belongs to no era, or before 1873, is written with its Western year: 1868年5月1日, 1868.5.1.
    """
    era = era_of(day, eras)
    if style == "short":
        year = f"{era.letter}{era.year_of(day)}" if era else str(day.year)
        return f"{year}.{day.month}.{day.day}"
    year = f"{era.name_ja}{era_year(era.year_of(day))}" if era else str(day.year)
    return f"{year}年{day.month}月{day.day}日"


# --- Reading ----------------------------------------------------------------------------------------------------------

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー"), "-")
_SPACES_NOT_BETWEEN_DIGITS = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_MONTH_AND_DAY = (
    r"(?:年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日"
    r"|(?P<mark>[./-])(?P<month2>[0-9]{1,2})(?P=mark)(?P<day2>[0-9]{1,2}))"
)
_NUMERIC = re.compile(rf"(?P<year>[0-9]{{1,4}}){_MONTH_AND_DAY}")
_YEAR_LAST = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{4}")
_DAY_FIRST = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[ -](?P<month>[a-z]{3,9})\.?,?[ -](?P<year>[0-9]{2,4})", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{2,4})", re.IGNORECASE
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBERS = {name[:length]: n for n, name in enumerate(_MONTHS, 1) for length in (3, len(name))} | {"sept": 9}


@lru_cache(maxsize=8)
def _era_pattern(eras: Eras) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for era in eras for name in (era.name_ja, era.name_en, era.letter))
    return re.compile(rf"(?P<era>{names})(?P<year>元|[0-9]{{1,2}}){_MONTH_AND_DAY}", re.IGNORECASE)


def within_reach(day: date) -> date:
    """The day, when terms, zones and weeks can be counted on from it. Raises DateError for one too far ahead."""
    if day.year > LAST_YEAR:
        words = {"year": day.year, "last": LAST_YEAR}
        raise DateError(
            _("The year %(year)s lies too far ahead. Check it; the last possible year is %(last)s.") % words
        )
    return day


def parse_date(text: str, eras: Eras | None = None) -> date:
    """The date a person wrote: era (令和8年11月22日, 令和8.11.22, R8/11/22, ㋿元年5月1日), ISO and its variants with
    `/`, `.` or 年月日, and English (22 November 2026, November 22, 2026). Full-width forms are read like narrow ones.

    Raises DateError for what is not a date, does not exist, lies outside its era, has no full year, or one after LAST_YEAR.
    """
    spans = current_eras() if eras is None else eras
    spaced = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    compact = _SPACES_NOT_BETWEEN_DIGITS.sub("", spaced)
    if found := _era_pattern(spans).fullmatch(compact):
        return _from_era(found, spans)
    if found := _NUMERIC.fullmatch(compact):
        return _existing(_full_year(found["year"]), *_month_and_day(found))
    found = _DAY_FIRST.fullmatch(spaced) or _MONTH_FIRST.fullmatch(spaced)
    if found and (month := _MONTH_NUMBERS.get(found["month"].lower())):
        return _existing(_full_year(found["year"]), month, int(found["day"]))
    if _YEAR_LAST.fullmatch(compact):
        raise DateError(_("Day and month can be mistaken for each other here. Write the year first: 2026-11-22."))
    raise DateError(
        _(
            "“%(text)s” could not be read as a date. "
            "Write it like one of these: 2026-11-22, 令和8年11月22日, R8.11.22, 22 November 2026."
        )
        % {"text": text.strip()[:40]}
    )


def _month_and_day(found: re.Match[str]) -> tuple[int, int]:
    return int(found["month"] or found["month2"]), int(found["day"] or found["day2"])


def _full_year(digits: str) -> int:
    if int(digits) < 1000:
        raise DateError(
            _(
                "The year “%(year)s” is not clear. "
                "Write four digits (2026-11-22) or the era (令和8年11月22日, R8.11.22)."
            )
            % {"year": digits}
        )
    return int(digits)


def _existing(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise DateError(
            _("There is no day %(day)d in month %(month)d of %(year)d. Check the day and the month.")
            % {"year": year, "month": month, "day": day}
        ) from None
    return within_reach(found)


def _from_era(found: re.Match[str], eras: Eras) -> date:
    name = found["era"].lower()
    era = next(era for era in eras if name in (era.name_ja, era.name_en.lower(), era.letter.lower()))
    number = 1 if found["year"] == "元" else int(found["year"])
    if number == 0:
        raise DateError(_("The years of an era begin with 1. Write %(era)s元年.") % {"era": era.name_ja})
    day = _existing(era.western_year(number), *_month_and_day(found))
    if day < GREGORIAN_FROM:
        raise DateError(_("Dates before 1873 followed another calendar. Write the Western date, such as 1872-12-31."))
    if day not in era:
        raise DateError(_outside(day, era, eras))
    return day


def _outside(day: date, era: EraSpan, eras: Eras) -> str:
    words = {"era": era.name_ja, "right": format_era(day, "long", eras), "iso": day.isoformat()}
    if day < era.starts_on:
        return _("%(era)s began on %(first)s. Write %(right)s or %(iso)s.") % {**words, "first": era.starts_on}
    return _("%(era)s ended on %(last)s. Write %(right)s or %(iso)s.") % {**words, "last": era.ends_on}


def in_words(day: date, *, weekday: bool = False) -> str:
    """A day as the language of the page writes it: 令和9年6月1日, 1 Jun 2027; in English with its weekday when asked for."""
    if (get_language() or "en").startswith("ja"):
        return format_era(day)
    return date_format(day, "D j M Y" if weekday else "j M Y")
