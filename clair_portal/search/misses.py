"""Searches without a hit: they tell headquarters which pages are missing, and nothing about whoever searched."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.crypto import salted_hmac

from clair_portal.language.folding import to_ascii_digits
from clair_portal.search.models import Miss
from clair_portal.search.words import Word
from clair_portal.walls.scope import Scope

LONGEST, MOST_WORDS = 40, 4
DIGITS = 5  # as many and more may be a telephone number, a day of birth, the number of a card
WAITING_DAYS = 30  # a digest that was not asked for often enough
_ADDRESS = re.compile(r"[@＠]|\bwww\.|://", re.IGNORECASE)
SHOWN = 200


def note(typed: str, asked: Sequence[Word], language: str, today: dt.date) -> bool:
    """Writes it down unless it could be about a person. Returns whether it did."""
    word = " ".join(each.forms[0].said.strip() for each in asked)
    if len(word) > LONGEST or len(typed) > 2 * LONGEST or len(asked) > MOST_WORDS or _may_be_personal(typed):
        return False
    digest = salted_hmac("search.misses", word, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "select search_missed(%s, %s, %s, %s, %s)", [digest, word, language, today, settings.SEARCH_MISSES_NEEDED]
        )
    return True


def _may_be_personal(typed: str) -> bool:
    return bool(_ADDRESS.search(typed)) or sum(each.isdigit() for each in to_ascii_digits(typed)) >= DIGITS


def months(scope: Scope) -> list[dt.date]:
    """Months of which something is known, the latest first."""
    seen = Miss.objects.visible_to(scope).exclude(word="").annotate(month=TruncMonth("day"))
    return list(seen.values_list("month", flat=True).distinct().order_by("-month"))


def of_month(scope: Scope, month: dt.date, language: str = "") -> list[Any]:
    """What was searched in vain in the month, most often first."""
    rows = Miss.objects.visible_to(scope).filter(day__year=month.year, day__month=month.month).exclude(word="")
    if language:
        rows = rows.filter(language=language)
    return list(
        rows.values("word", "language").annotate(times=Sum("times")).order_by("-times", "word", "language")[:SHOWN]
    )


def forgettable(today: dt.date) -> Iterator[QuerySet[Miss]]:
    """What is forgotten at night (pages/forgetting.py)."""
    yield Miss.objects.filter(word="", day__lt=today - dt.timedelta(days=WAITING_DAYS))
    yield Miss.objects.filter(day__lt=today - dt.timedelta(days=settings.RETENTION_DAYS["search"]))
