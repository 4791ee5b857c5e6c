"""Fields of the pages of a draft: nothing pasted is cut, digits and letters of any width are read."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext

from clair_portal.ui.fields import CountedField

TEXT = 4000  # characters of a longer answer


class Seen(NamedTuple):
    """The draft as a person saw it: its version, and a digest of what the page held then."""

    version: int | None = None
    digest: str = ""


class SeenField(forms.Field):
    """Hidden: "12-1f0c…", or the version alone. Browsers must not bring back an old one."""

    widget = forms.HiddenInput(attrs={"autocomplete": "off"})

    def to_python(self, value: Any) -> Seen:
        text = str(value or "")
        if not text:
            return Seen()
        found = re.fullmatch(r"(\d{1,9})(?:-([0-9a-f]{1,64}))?", text)
        if found is None:
            raise forms.ValidationError(gettext("Load this page again before you save; copy what you typed first."))
        return Seen(int(found[1]), found[2] or "")


def long_text(label: Any, *, rows: int = 6, most: int = TEXT, hint: Any = "") -> CountedField:
    return CountedField(
        label=label, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint
    )
