"""One search over everything the reader may see: cases through one function past the second wall, and what others declare.

Words are looked for in number, subject and texts of a case, and in the name of its requester; all words must occur. Runs
without spaces (Japanese, Chinese, Korean, Thai ...) are found by their pairs of characters, other words of three letters
and more anywhere inside a word, shorter ones as whole words. Why a function: the operators of the indexes may not run
before a row policy (measured: two-walls research, section 5).
"""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise

from clair_portal.accounts.reader import Reader
from clair_portal.casework.terms import kept
from clair_portal.language import folding
from clair_portal.language.marking import Piece
from clair_portal.network.models import Organisation

Text = Promise | str
MOST = 1000  # cases are looked for up to this number, newest first
MOST_WORDS, LONGEST = 6, 60
SHORT = 3  # letters; fewer are whole words


# --- What a case is found by ------------------------------------------------------------------------------------------
def keys_of(title: str, number: str | None, texts: Iterable[str] = ()) -> tuple[str, list[str]]:
    """`search_text` and `bigrams` of a case."""
    given = [text for text in (title, number or "", *texts) if text]
    text = folding.search_key(*given)
    return text, kept(list(dict.fromkeys([*folding.bigrams(" ".join(given)), *folding.bigrams(text)])))


def with_number(search_text: str, bigrams: list[str], number: str) -> tuple[str, list[str]]:
    """The keys of a case that has just been given its number."""
    text, pairs = keys_of("", number)
    return f"{text} {search_text}", list(dict.fromkeys([*pairs, *bigrams]))


@dataclass(frozen=True)
class Word:
    """`pairs`: all must stand in `bigrams`; `forms`: one must stand in `search_text` (none: the pairs say it all);
    `bodies`: requesters whose name holds the word."""

    pairs: list[str]
    forms: list[str]
    bodies: list[int] = field(default_factory=list)

    def condition(self) -> Q:
        said = Q(bigrams__contains=self.pairs) if self.pairs else Q()
        forms = Q()
        for form in self.forms:
            forms |= Q(search_text__contains=form)
        return (said & forms) | Q(applicant__in=self.bodies)

    def asked(self) -> dict[str, Any]:
        return {"pairs": self.pairs, "forms": [_literally(form) for form in self.forms], "bodies": self.bodies}


@dataclass(frozen=True)
class Among:
    """One of the values must stand in the column, which cannot be asked for by its index under a row policy either."""

    column: str  # of COLUMNS
    values: list[Any]

    def condition(self) -> Q:
        return Q(**{f"{self.column}__{COLUMNS[self.column]}": self.values})

    def asked(self) -> dict[str, Any]:
        return {"among": self.column, "values": self.values}


COLUMNS = {"countries": "overlap", "topics": "overlap", "bigrams": "overlap", "state": "in", "fiscal_year": "in"}
Sought = Word | Among


def words_of(text: str) -> list[Word]:
    """The words of what was typed, each with the requesters it names (one query for all)."""
    typed = [word for word in text[: MOST_WORDS * LONGEST].split() if folding.fold(word)][:MOST_WORDS]
    bodies = _bodies(typed)
    return [_word(word, bodies.get(word, [])) for word in typed]


def _word(typed: str, bodies: list[int]) -> Word:
    folded = folding.fold(typed)
    pairs = [term for term in folding.query_bigrams(folded) if len(term) == 2 and not term.isascii()]
    forms = [form for form in folding.query_key(typed) if len(form) >= SHORT]
    if pairs:
        return Word(pairs, folding.query_key(typed), bodies)
    return Word([], forms, bodies) if forms else Word([folded], [], bodies)


def _bodies(typed: list[str]) -> dict[str, list[int]]:
    forms = {word: [form for form in folding.query_key(word) if len(form) > 1] for word in typed}
    wanted = Q()
    for each in (form for found in forms.values() for form in found):
        wanted |= Q(search_text__contains=each)
    rows = list(Organisation.objects.filter(wanted).values_list("pk", "search_text")) if wanted else []
    return {word: [pk for pk, text in rows if any(form in text for form in wanted)] for word, wanted in forms.items()}


def ids_of(words: Sequence[Sought], most: int = MOST + 1, *, below: int | None = None) -> list[int]:
    """Keys of the newest cases, older than `below`, that hold all words, of those the acting scope sees in its lists."""
    if not words:
        return []
    asked = [word.asked() for word in words]
    with connection.cursor() as cursor:
        cursor.execute("select casework_search(%s::jsonb, %s, %s)", [json.dumps(asked), most, below])
        return [pk for (pk,) in cursor.fetchall()]


def keys_of_newest(words: Sequence[Sought], most: int) -> RawSQL:
    """As `ids_of`, for a condition on `pk` within another query."""
    return RawSQL("select casework_search(%s::jsonb, %s, null)", [json.dumps([word.asked() for word in words]), most])


def _literally(form: str) -> str:
    """For LIKE: what was typed means itself."""
    return form.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def narrowed(rows: Any, words: Sequence[Sought], most: int = MOST, *, below: int | None = None) -> Any:
    """Cases of a list that hold all words. Where they are too many for a list of keys (`more_than` says so), reading on in
    order finds them soon.

    CASE says so to the planner: under a row policy it knows nothing about these conditions and takes them for rare.
    """
    if not words:
        return rows
    found = ids_of(words, most + 1, below=below)
    if len(found) <= most:
        return rows.with_keys(found)
    every = functools.reduce(operator.and_, (word.condition() for word in words))
    rows = rows.filter(Case(When(every, then=Value(True)), default=Value(False), output_field=BooleanField()))
    rows.more_than, rows.newest = most, tuple(found)
    return rows


# --- The page -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """One thing found. `badge`: a state, drawn by the badge of the portal; `words`: where what was typed stands in it."""

    label: Text
    url: str
    note: Text = ""
    badge: Any = None
    words: Sequence[Piece] = ()


@dataclass(frozen=True)
class Found:
    """`more`: the address of the list with all of them, "" when they all stand here."""

    items: list[Item]
    more: str = ""


@dataclass(frozen=True)
class Section:
    """A kind of things that are searched: the reader, what was typed, how many to show."""

    key: str
    title: Text
    find: Callable[[Reader, str, int], Found]
    order: int = 100


SECTIONS: dict[str, Section] = {}


def declare(section: Section) -> None:
    """Called in ready(). The same key again replaces the earlier section."""
    SECTIONS[section.key] = section


def search(reader: Reader, text: str, *, shown: int = 10) -> list[tuple[Section, Found]]:
    """What each section found; those that found nothing are left out."""
    found = [(each, each.find(reader, text, shown)) for each in sorted(SECTIONS.values(), key=lambda each: each.order)]
    return [(section, answer) for section, answer in found if answer.items]
