"""How often the words that are asked for stand in the documents of each language, as counted at night."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from clair_portal.search.models import Term
from clair_portal.search.words import BEGINNING, Form, Word

Counts = dict[str, dict[str, int]]  # term -> language -> documents


@dataclass(frozen=True)
class Frequency:
    """By the rarest term of each word; a term that was not counted is rare."""

    asked: Sequence[Word]
    kind: str
    counts: Counts

    def of(self, language: str) -> int:
        """Documents of the language that hold all words, halfway between as many as can and as many as by chance."""
        can = [sum(self._form(form, language) for form in word.forms) for word in self.asked]
        can += [self._term(f"kind:{self.kind}", language)] if self.kind else []
        every = max(self._term("", language), 1)
        by_chance = every * math.prod(min(each / every, 1) for each in can)
        return int(math.sqrt(min(can) * by_chance))

    def size(self, language: str) -> int:
        """Documents of the language, of the kind where one is asked for."""
        return self._term(f"kind:{self.kind}" if self.kind else "", language)

    def share(self, language: str) -> float:
        return self.of(language) / max(self.size(language), 1)

    def at_least(self, asked: Sequence[Word]) -> int:
        """Hits there certainly are: one word that is one term of the index, in the language that has most of it."""
        if len(asked) != 1 or len(asked[0].forms) != 1 or not _is_its_term(asked[0].forms[0]):
            return 0
        return int(max(self.counts.get(asked[0].forms[0].terms[0], {"": 0}).values()) * 0.8)

    def _form(self, form: Form, language: str) -> int:
        return min(self._term(term, language) for term in form.terms)

    def _term(self, term: str, language: str) -> int:
        return self.counts.get(term, {}).get(language, 0)


def _is_its_term(form: Form) -> bool:
    """Whether every text with the term holds the form: two characters, a short word, the beginning of a word."""
    return len(form.terms) == 1 and len(form.said.strip()) <= BEGINNING and " " not in form.said.strip()


def frequency_of(asked: Sequence[Word], kind: str = "") -> Frequency:
    """One query."""
    terms = {"", f"kind:{kind}", *(term for word in asked for form in word.forms for term in form.terms)}
    counts: Counts = defaultdict(dict)
    for term, language, documents in Term.objects.filter(term__in=terms).values_list("term", "language", "documents"):
        counts[term][language] = documents
    return Frequency(asked, kind, counts)
