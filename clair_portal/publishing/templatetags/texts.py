"""Sentences of texts as HTML: links, lines and readings; everything else is escaped."""

from __future__ import annotations

import re

from django import template
from django.urls import is_valid_path
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from clair_portal.language.reading_marks import without_readings
from clair_portal.language.versions import language_in
from clair_portal.language.words import in_japanese
from clair_portal.publishing.content.cutting import bare

register = template.Library()
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")
_ALLOWED = re.compile(r"(?:https?://|mailto:|tel:|/(?!/))")


@register.filter
def sentences(text: str) -> SafeString:
    """[words](address) as a link, line breaks as such. Readings stay on Japanese pages, where they become small letters above.

    An address of the portal without a language ("/releases/") follows the language of the reader; one that never has any
    ("/open-data/ties.csv", "/desk/") stays.
    """
    text = text if in_japanese() else without_readings(text)
    found: list[str] = []
    last = 0
    for link in _LINK.finditer(text):
        found.append(conditional_escape(text[last : link.start()]))
        found.append(_link(link[1], link[2]))
        last = link.end()
    found.append(conditional_escape(text[last:]))
    return SafeString("".join(found).replace("\n", "<br>"))


def _link(words: str, address: str) -> str:
    if not _ALLOWED.match(address):
        return str(conditional_escape(words))
    if address.startswith("/") and not language_in(address):
        address = _in_the_language_of_the_page(address)
    return format_html('<a href="{}">{}</a>', address, words)


def _in_the_language_of_the_page(address: str) -> str:
    path, version = re.split("[?#]", address)[0], f"/{get_language() or 'en'}"
    has_none = is_valid_path(path) and not is_valid_path(f"{version}{path}")
    return address if has_none else f"{version}{address}"


register.filter("bare", bare)
