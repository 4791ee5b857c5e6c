"""Cases like another: the same country or field first, then by shared bigrams of their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clair_portal.casework.models import Case
from clair_portal.language import folding
from clair_portal.walls.scope import Scope

LOOKED_AT = 400  # the newest cases that share a word, country or field; more would not change the first three
SAME_PLACE, SAME_FIELD = 2.0, 1.0


@dataclass(frozen=True)
class Similar:
    """`share`: which part of the words in question the case shares, 0 to 1."""

    case: Case
    same_country: bool
    same_topic: bool
    share: float

    @property
    def weight(self) -> tuple[float, float, int]:
        return (SAME_PLACE * self.same_country + SAME_FIELD * self.same_topic, self.share, self.case.pk)


def similar_to(
    texts: Iterable[str],
    countries: Sequence[str],
    topics: Sequence[str],
    scope: Scope,
    *,
    but_not: int | None = None,
    limit: int = 3,
) -> list[Similar]:
    """At most `limit` cases the reader sees, most alike first. What shares no word at all is left out."""
    words = folding.bigrams(" ".join(texts))
    if not words:
        return []
    found = Case.objects.visible_to(scope).listed_for(scope).for_list().exclude(filed_at=None)
    near = found.defer(None).filter(bigrams__overlap=words).exclude(pk=but_not or 0).order_by("-pk")[:LOOKED_AT]
    compared = [_compared(case, set(words), set(countries), set(topics)) for case in near]
    return sorted(compared, key=lambda each: each.weight, reverse=True)[:limit]


def _compared(case: Case, words: set[str], countries: set[str], topics: set[str]) -> Similar:
    shared = len(words & set(case.bigrams)) / len(words)
    return Similar(case, bool(countries & set(case.countries)), bool(topics & set(case.topics)), shared)
