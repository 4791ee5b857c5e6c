"""Lists and days as the page's language writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from clair_portal.calendars.eras import format_era


def in_japanese() -> bool:
    return (get_language() or "en").startswith("ja")


def listed(words: Iterable[Any]) -> str:
    return ("、" if in_japanese() else ", ").join(str(word) for word in words)


def in_words(day: dt.date) -> str:
    return format_era(day) if in_japanese() else date_format(day, "D j M Y")
