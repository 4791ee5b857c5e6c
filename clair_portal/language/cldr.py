"""Dates, numbers and countries as the language of the page writes them (Unicode CLDR through Babel)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.translation import get_language

from clair_portal.language.versions import cldr
from clair_portal.language.words import in_japanese

Day = dt.date | dt.datetime
_WRITTEN_OUT = {"ru": "d MMMM y 'года'"}  # "2026 г." would give two full stops at the end of a sentence
_MONTH_WRITTEN_OUT = {"ru": "LLLL y 'года'"}
_STATED = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def _day_of(value: Day) -> dt.date:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value: Day | None) -> str:
    """26 November 2026, 2026年11月26日, 26 novembre 2026; "" for None. A moment counts in the active time zone."""
    language = get_language()
    return format_date(_day_of(value), _WRITTEN_OUT.get(language, "long"), cldr(language)) if value else ""


def month(value: Day | None) -> str:
    """November 2026, 2026年11月."""
    if not value:
        return ""
    language = get_language()
    if written_out := _MONTH_WRITTEN_OUT.get(language):
        return format_date(_day_of(value), written_out, cldr(language))
    return format_skeleton("yMMMM", _day_of(value), locale=cldr(language))


def year(value: Day) -> str:
    """2026, 2026年."""
    return format_skeleton("y", _day_of(value), locale=cldr(get_language()))


def stated(text: str) -> str:
    """A time as exact as its source gives it: 1975, 1975-06 or 1975-06-01. What is no such time stays as it is."""
    first = _first_day(text)
    if first is None:
        return text
    return {4: year, 7: month, 10: day}[len(text)](first)


def when(text: str) -> str:
    """The same as HTML, with the time as machines read it; "" for "", and text that is no time as it is."""
    words = stated(text)
    return format_html('<time datetime="{}">{}</time>', text, words) if is_time(text) else words


def is_time(text: str) -> bool:
    return _first_day(text) is not None


def _first_day(text: str) -> dt.date | None:
    found = _STATED.fullmatch(text)
    try:
        return dt.date(*(int(part or 1) for part in found.groups())) if found else None
    except ValueError:
        return None


def number(value: int | float | Decimal | None) -> str:
    """80,862, 80.862, 80 862; "" for None. Digits are 0 to 9 in every version."""
    return format_decimal(value, locale=cldr(get_language())) if value is not None else ""


def percent(value: float | Decimal | None, places: int = 1) -> str:
    """0.123 as 12.3%; "" for None."""
    if value is None:
        return ""
    return format_percent(value, format=f"#,##0.{'0' * places}%" if places else "#,##0%", locale=cldr(get_language()))


def country_name(code: str, *, japanese: str, english: str) -> str:
    """A country's name: ours in Japanese and English, that of CLDR in the other versions, English where it has none."""
    language = get_language() or "en"
    if in_japanese():
        return japanese or english
    if language == "en":
        return english or japanese
    return cldr(language).territories.get(code.upper()) or english or japanese


def territory(code: str) -> str:
    """A country by its code, where no record of it is at hand, as the language of the page calls it."""
    return str(cldr(get_language()).territories[code])


def later(name: Callable[[str], str], code: str) -> Promise:
    """`name(code)` in the language of the page that shows it: for words that are declared when the portal starts."""
    found: Any = lazy(name, str)(code)
    return cast(Promise, found)
