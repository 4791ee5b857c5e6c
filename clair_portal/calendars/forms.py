"""The fields for dates and clocks of all forms."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext

from clair_portal.calendars.eras import DateError, format_era, parse_date


class WrittenDateField(forms.Field):
    """A date as people write it: 令和8年11月22日, R8.11.22, 2026-11-22, full-width digits.

    Gives a date or None; an error says what to write. Shown in the era on Japanese pages.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "w-16", "autocomplete": "off", "maxlength": 40}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, dt.date) or not (text := str(value or "").strip()):
            return value or None
        try:
            return parse_date(text[:100])
        except DateError as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dt.date):
            return value
        return format_era(value) if (get_language() or "en").startswith("ja") else value.isoformat()


class ClockField(forms.Field):
    """10:30, 1030 or 9時: hours and minutes in digits of any width."""

    widget = forms.TextInput(attrs={"class": "w-8", "inputmode": "numeric", "placeholder": "10:30"})

    def to_python(self, value: Any) -> dt.time | None:
        text = (
            unicodedata.normalize("NFKC", str(value or "")).strip().replace("：", ":").replace("時", ":").rstrip("分:")
        )
        if not text:
            return None
        hours, _colon, minutes = (
            text.partition(":") if ":" in text else (text[:-2], ":", text[-2:]) if len(text) > 2 else (text, "", "0")
        )
        try:
            return dt.time(int(hours), int(minutes or 0))
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(gettext("Write a time like 10:30.")) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value
