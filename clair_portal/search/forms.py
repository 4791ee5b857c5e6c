"""What may be asked, and the sentence for what may not."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from clair_portal.search import kinds, words
from clair_portal.search.finding import LONGEST, MOST, MOST_WORDS, PAGE
from clair_portal.search.words import Word


@dataclass(frozen=True)
class Asked:
    """`wrong`: why nothing is searched, as a sentence; empty also while nothing was typed. `left_out`: what of it is not."""

    typed: str
    words: tuple[Word, ...] = ()
    kind: str = ""
    page: int = 1
    wrong: str = ""
    left_out: tuple[str, ...] = ()


def read(given: QueryDict) -> Asked:
    """What stands in the address of the page; a kind or page that does not exist is as if it were not there."""
    kind, page = given.get("kind", ""), given.get("page", "")
    known = kind if kind in kinds.KINDS else ""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
    return understood(given.get("q", ""), known, number)


def understood(text: str, known: str = "", number: int = 1) -> Asked:
    """`known`: a kind that exists, or none."""
    typed = text.strip()
    if len(typed) > LONGEST:
        return Asked(typed, kind=known, wrong=_("Search for at most %(most)s characters.") % {"most": LONGEST})
    found = words.asked(typed, MOST_WORDS)
    if typed and not found:
        return Asked(typed, kind=known, wrong=_sentence(typed))
    page = min(max(number, 1), MOST // PAGE)
    return Asked(typed, tuple(found), known, page, left_out=tuple(words.left_out(typed, MOST_WORDS)))


def _sentence(typed: str) -> str:
    """Signs alone, or characters that stand alone."""
    if any(words.runs(part) for part in typed.split()):
        return _("Type at least two characters.")
    return _("Type a word: signs and pictures alone cannot be searched.")
