"""What a case is found by in one index: pairs and words of its texts, its countries, fields, state and year, who sees it,
and where its key lies.

A stretch is a run of 8,192 keys. The index carries it, and runs of eight stretches, so that the newest cases are asked first: no
index of terms has an order.
"""

from __future__ import annotations

STRETCH_BITS = 13
STRETCH_SIZE = 1 << STRETCH_BITS
STRETCH, EIGHT, APPLICANT, BRANCH, STATE, YEAR = (
    "#",
    "*",
    "@",
    "^",
    "!",
    "~",
)  # no pair or word begins so (language/folding.py)
TERMS = (
    f"array_to_tsvector(bigrams || countries::text[] || topics::text[] || ARRAY['{STRETCH}' || (id >> {STRETCH_BITS})::text, "
    f"'{EIGHT}' || (id >> {STRETCH_BITS + 3})::text, "
    f"'{APPLICANT}' || applicant_id::text, '{BRANCH}' || coalesce(branch_id, 0)::text, '{STATE}' || state::text, "
    f"'{YEAR}' || coalesce(fiscal_year, 0)::text])"
)
LONGEST, MOST = 64, 200_000  # characters of a term, of all: a tsvector holds a megabyte


def kept(terms: list[str]) -> list[str]:
    """The terms a case keeps: no longer ones than anybody looks for, and no more than the index takes."""
    found, left = [], MOST
    for term in terms:
        left -= len(term)
        if left < 0:
            break
        if len(term) <= LONGEST:
            found.append(term)
    return found
