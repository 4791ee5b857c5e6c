"""The words of pages with what editors corrected, told with the scope of each page, so that every process reads the same."""

from __future__ import annotations

import functools
import json
from typing import Any

from django.conf import settings

from clair_portal.furigana.models import Reading
from clair_portal.language.readings import Words, standard
from clair_portal.language.versions import language_in, version_of

TOLD = "furigana_corrections"
SELECT = "select coalesce(json_object_agg(text, reading order by text)::text, '') from furigana_reading"


def wanted(request: Any) -> bool:
    """On Japanese public pages."""
    return settings.READINGS and bool(language_in(request.path)) and version_of(request.LANGUAGE_CODE).japanese


def words_of(request: Any) -> Words:
    """As the database told it when the scope of this request was opened (accounts/along.py)."""
    return _corrected(request.told[TOLD])


def words_now() -> Words:
    """Asked by itself: for pages of staff."""
    rows = Reading.objects.order_by("text").values_list("text", "reading")
    return _corrected(json.dumps(dict(rows)) if rows else "")


@functools.lru_cache(maxsize=4)
def _corrected(readings: str) -> Words:
    return standard().corrected(json.loads(readings)) if readings else standard()
