"""The words of pages with what editors corrected: one question a page, so that every process reads the same."""

from __future__ import annotations

import functools

from clair_portal.furigana.models import Reading
from clair_portal.language.readings import Words, standard


def words_now() -> Words:
    return _corrected(tuple(Reading.objects.order_by("text").values_list("text", "reading")))


@functools.lru_cache(maxsize=4)
def _corrected(readings: tuple[tuple[str, str], ...]) -> Words:
    return standard().corrected(dict(readings)) if readings else standard()
