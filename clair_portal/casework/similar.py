"""Cases like another: the same country or field first, then by shared bigrams of their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from clair_portal.casework.models import Case
from clair_portal.casework.search import Among, keys_of_newest
from clair_portal.language import folding
from clair_portal.walls.scope import Scope

LOOKED_AT = 400  # the newest cases that share a word, country or field; more would not change the first three
SAME_PLACE, SAME_FIELD = 2.0, 1.0
SHOWN_WORDS = 3
_WORD = re.compile(
    r"[\u4e00-\u9fff\u3005]{2,}|[\u30a1-\u30fa\u30fc]{2,}|[A-Za-z]{4,}"
)  # not hiragana: particles and endings


@dataclass(frozen=True)
class Similar:
    """`share`: which part of the words in question the case shares, 0 to 1. `words`: the longest of them,
    as the text in question writes them."""

    case: Case
    same_country: bool
    same_topic: bool
    share: float
    words: tuple[str, ...] = ()

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
    enough: Callable[[Similar], bool] = lambda each: True,
) -> list[Similar]:
    """At most `limit` cases the reader sees, most alike first. What shares no word at all is left out.

    `enough`: whether a case is alike enough to take one of the places."""
    text = " ".join(texts)
    words = folding.bigrams(text)
    if not words:
        return []
    found = Case.objects.visible_to(scope).listed_for(scope).for_list().exclude(filed_at=None)
    near = (
        found.defer(None).filter(pk__in=keys_of_newest([Among("bigrams", words)], LOOKED_AT)).exclude(pk=but_not or 0)
    )
    compared = [_compared(case, text, set(words), set(countries), set(topics)) for case in near.order_by("-pk")]
    return sorted(filter(enough, compared), key=lambda each: each.weight, reverse=True)[:limit]


def _compared(case: Case, asked: str, words: set[str], countries: set[str], topics: set[str]) -> Similar:
    theirs = set(case.bigrams)
    same_country, same_topic = bool(countries & set(case.countries)), bool(topics & set(case.topics))
    return Similar(case, same_country, same_topic, len(words & theirs) / len(words), _in_common(asked, theirs))


def _in_common(text: str, terms: set[str]) -> tuple[str, ...]:
    """The longest words of a text that the terms hold, as the text writes them: runs of kanji or katakana, or whole words."""
    found = [word for run in _WORD.findall(text) for word in (_within(run, terms) if not run.isascii() else [run])]
    held = [word for word in dict.fromkeys(found) if set(folding.bigrams(word)) <= terms]
    return tuple(sorted(held, key=len, reverse=True)[:SHOWN_WORDS])


def _within(run: str, terms: set[str]) -> list[str]:
    """The parts of a run all of whose pairs are among the terms."""
    parts = [""]
    for at in range(len(run) - 1):
        pair = run[at : at + 2]
        if not set(folding.bigrams(pair)) <= terms:
            parts.append("")
        else:
            parts[-1] = parts[-1] + pair[1] if parts[-1] else pair
    return [part for part in parts if part]
