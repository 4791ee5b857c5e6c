"""Conditions of queries over texts that are stored folded (`search_text`)."""

from __future__ import annotations

import unicodedata

from django.db.models import Q

from clair_portal.language import folding


def holds_every_word(text: str, field: str = "search_text") -> Q:
    """Rows whose `field` holds every word in any form people type (kanji, kana, romaji, full width). No word: all rows."""
    found = Q()
    for word in text.split():
        forms = Q()
        for form in folding.query_key(word):
            forms |= Q(**{f"{field}__contains": form})
        found &= forms
    return found


def any_holds_every_word(text: str, *fields: str) -> Q:
    """Rows one of whose `fields`, stored as typed, holds every word in any case or width. No word: all rows."""
    found = Q()
    for field in fields:
        every = Q()
        for word in text.split():
            every &= Q(**{f"{field}__icontains": word}) | Q(
                **{f"{field}__icontains": unicodedata.normalize("NFKC", word)}
            )
        found |= every
    return found
