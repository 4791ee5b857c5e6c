from __future__ import annotations

import datetime as dt

from clair_portal.search import misses
from clair_portal.search.finding import Found, find
from clair_portal.search.forms import Asked


def search(asked: Asked, language: str, *, today: dt.date) -> Found:
    """What a reader of `language` finds on the page that was asked for. A search without a hit is written down, without who."""
    found = find(asked.words, language, kind=asked.kind, page=asked.page)
    if not found.hits and not asked.kind and asked.page == 1:
        misses.note(asked.typed, asked.words, language, today)
    return found
