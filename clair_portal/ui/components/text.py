"""Marks inside running text."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.language.words import in_japanese

NUMBER = re.compile(
    r"(?<![\w-])(?:[A-Z]\d{1,2}-)?[^\x00-\x7f]-\d{4,}(?:-\d+)?(?![\w-])"
)  # R8-支-0412, R8-支-0412-1, 公-0012


def named(thing: Any) -> SafeString:
    """The name of a record: in Japanese on Japanese pages, else in English with the Japanese beside it, marked as such.

    `thing` has `name_ja` and `name_en`; one that is empty is left out, and English is marked on pages of other languages.
    """
    here, japanese, english = in_japanese(), thing.name_ja or "", thing.name_en or ""
    if here and japanese:
        return SafeString(conditional_escape(japanese))
    if not english:
        return format_html('<span lang="ja">{}</span>', japanese)
    marked = (get_language() or "en") != "en"
    inside = format_html('<span lang="en">{}</span>', english) if marked else conditional_escape(english)
    if not japanese or japanese == english or here:
        return SafeString(inside)
    return format_html('{} <span class="beside" lang="ja">{}</span>', inside, japanese)


def whole(text: Any) -> SafeString:
    """Numbers such as R8-支-0412 do not break at their hyphens; everything else is escaped."""
    return SafeString(NUMBER.sub(r'<span class="nowrap">\g<0></span>', str(conditional_escape(text or ""))))


def crumbs(*parts: str) -> SafeString:
    """The way here: label, address, label, address, ..., label of this page (the last one has no address)."""
    pairs = [(whole(label), url) for label, url in zip(parts[::2], parts[1::2], strict=False)]
    links = format_html_join("", '<li><a href="{1}">{0}</a></li>', pairs)
    here = format_html('<li aria-current="page">{}</li>', whole(parts[-1])) if len(parts) % 2 else ""
    return format_html('<nav aria-label="{}"><ol class="crumbs">{}{}</ol></nav>', _("You are here"), links, here)
