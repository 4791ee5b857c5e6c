"""What the language versions are called on the pages of staff: in Japanese or English."""

from __future__ import annotations

import datetime as dt
import functools

from babel import Locale
from babel.dates import format_date
from django.utils.translation import get_language

from clair_portal.language.versions import staff_language, version_of

_PLAIN = {"ja": "やさしい日本語", "en": "plain Japanese"}


@functools.cache
def language_names(code: str) -> dict[str, str]:
    """In both languages of staff, for rows that keep words."""
    if code == "ja-simple":
        return dict(_PLAIN)
    locale = Locale.parse(version_of(code).cldr if code != "en" else "en")
    return {staff: str(locale.get_display_name(staff)) for staff in ("ja", "en")}


def language_name(code: str) -> str:
    return language_names(code)[staff_language(get_language())]


def day_names(day: dt.date) -> dict[str, str]:
    """A day in both languages of staff, for rows that keep words."""
    return {staff: format_date(day, format="long", locale=version_of(staff).cldr) for staff in ("ja", "en")}
