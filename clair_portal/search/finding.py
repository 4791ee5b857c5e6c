"""Finds public documents: all words, the reader's language first, each thing once in its best version.

Through the index: things called like that first, then those with it in their title, then by weight and day.

Two plans. A word that is rare in a language is found through the index of terms and ranked; a frequent one by reading the
documents of the language from the most important on, which soon fills a page. How frequent terms are was counted before
(`search_term`). Where reading on does not fill the page within its bounds, the index answers after all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from clair_portal.search.frequency import frequency_of
from clair_portal.search.models import Document
from clair_portal.search.words import Word

PAGE, MOST = 20, 1000
LONGEST, MOST_WORDS = 200, 8
RARE = 400  # documents of a language with the words: so many are always found through the index and ranked
TOGETHER = 1500  # documents of several languages that one look into the index may find
READ_ON = 5000  # documents of a language (and kind) that are read in order
GROWN = 2  # times as many documents as were counted there may be by now
AHEAD = 500  # documents of the reader's language that are read to say how many there are
# Versions that readers of a language can best read after their own.
NEAR = {
    "ja": ("ja-simple",), "ja-simple": ("ja",), "zh-hans": ("zh-hant",), "zh-hant": ("zh-hans",), "pt": ("es",), "es": ("pt",),
}  # fmt: skip


def languages_for(reader: str) -> list[str]:
    """All versions, the best one for a reader of `reader` first: their own, near ones, English, Japanese, the others."""
    known = [code for code, _name in settings.LANGUAGES]
    order = [reader, *NEAR.get(reader, ()), "en", "ja", "ja-simple", *known]
    return [code for code in dict.fromkeys(order) if code in known]


@dataclass(frozen=True)
class Hit:
    document: Document
    address: str
    language: str  # of what is shown
    other: bool  # not the reader's


@dataclass(frozen=True)
class Found:
    """`first` to `last` of `total`; `more`: there are more than `total`. `own`: hits in the reader's language on this page."""

    hits: list[Hit]
    first: int = 0
    last: int = 0
    total: int = 0
    more: bool = False
    following: bool = False

    @property
    def pages(self) -> int:
        return min(-(-self.total // PAGE), MOST // PAGE)

    @property
    def only_elsewhere(self) -> bool:
        """Something was found, but nothing in the reader's language."""
        return bool(self.hits) and self.first == 1 and all(hit.other for hit in self.hits)


def find(asked: Sequence[Word], reader: str, *, kind: str = "", page: int = 1) -> Found:
    """The hits `page` shows. At most the first 1,000 are reachable."""
    page = min(max(page, 1), MOST // PAGE)
    search = _Search(asked, languages_for(reader), kind)
    rows, total, more = search.rows(page)
    first = (page - 1) * PAGE + 1
    last = first + len(rows) - 1
    hits = [_hit(row, reader) for row in rows]
    return Found(hits, first, last, total, more, (total > last or more) and page < MOST // PAGE)


def _hit(row: Document, reader: str) -> Hit:
    return Hit(row, row.address(reader), row.language, row.language != reader)


# --- The statement ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Run:
    """Languages that follow each other in the order of hits: several through the index, or one that is read in order."""

    start: int  # place of the first one, from 1
    languages: tuple[str, ...]
    in_order: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.languages) - 1


COLUMNS = (
    "id",
    "key",
    "language",
    "path",
    "record",
    "kind",
    "title",
    "description",
    "text",
    "readings",
    "weight",
    "day",
)
# `row_number() over ()` numbers what the union hands over, one run after the other, and stops with the limit.
_STATEMENT = """with hits as materialized (
  select row_number() over () seq, found.id, found.place from ({runs}) found
  where {unless_better} limit {need}),
counted as (select count(*) n, max(place) place from hits)
select counted.n, counted.place, {columns} from counted left join (
  hits join search_document d on d.id = hits.id and hits.seq > {skipped} and hits.seq <= {skipped} + {size}
) on true order by hits.seq"""
_THROUGH_INDEX = """(select id, key, place, start from (
    select id, key, place, {start} start, named, weight, day, row_number() over (partition by key order by place) version from (
      select id, key, weight, day, array_position({languages}, language::text) place,
        case when {named} then 1 + (char_length(title) <= {short})::int else 0 end named
      from search_document where {terms} and {said}) candidates) versions
  where version = 1 order by place, named desc, weight desc, day desc, id desc limit {need})"""
_IN_ORDER = """(select id, key, {start} place, {start} start from (
    select id, key, folded from search_document where language = {language} {of_kind}
    order by weight desc, day desc, id desc limit {read_on}) newest
  where {said} limit {need})"""
_NO_BETTER = """(found.start = 1 or not exists (select from search_document better where better.key = found.key
  and array_position({languages}, better.language::text) < found.start and {said}))"""


class _Search:
    """`values`: what the statement is given, by names of our own; nothing that was typed stands in its text."""

    def __init__(self, asked: Sequence[Word], languages: list[str], kind: str) -> None:
        self.asked, self.languages, self.kind = asked, languages, kind
        self.values: dict[str, Any] = {}
        self.frequency = frequency_of(asked, kind)

    def rows(self, page: int) -> tuple[list[Document], int, bool]:
        """The documents of the page, how many there are, and whether there are more than that."""
        runs = self.runs()
        need = self._need(runs, page)
        rows, found, place = self._run(runs, need, page)
        if self._inconclusive(runs, found < need, place):
            runs, need = [Run(1, tuple(self.languages))], MOST + 1
            rows, found, _place = self._run(runs, need, page)
        if self.frequency.at_least(self.asked) > MOST and not self.kind:
            return rows, MOST, True
        return rows, min(found, need - 1), found >= need

    def runs(self) -> list[Run]:
        """One through the index where the words are rare in all; else a new one at every frequent language."""
        found: list[Run] = []
        held = 0
        for place, language in enumerate(self.languages, 1):
            documents = self.frequency.of(language)
            in_order = self._is_frequent(documents, language)
            last = found[-1] if found else None
            if last is None or last.in_order or in_order or held + documents > TOGETHER:
                found.append(Run(place, (language,), in_order))
                held = documents
            else:
                found[-1] = Run(last.start, (*last.languages, language))
                held += documents
        return found

    def _is_frequent(self, documents: int, language: str) -> bool:
        """Whether a page is filled sooner by reading on: that looks at page * size / documents rows, the index at documents."""
        return documents > max(RARE, math.sqrt(PAGE * self.frequency.size(language)))

    def _need(self, runs: list[Run], page: int) -> int:
        """How many hits are looked for: all where that costs nothing, else those of the page and what lies close by."""
        if len(runs) == 1 and not runs[0].in_order:
            return MOST + 1
        known = not runs[0].in_order or self.frequency.at_least(self.asked) > MOST
        close = 0 if known else int(AHEAD * self.frequency.share(self.languages[0]))
        return min(max(page * PAGE + 1, close), MOST + 1)

    def _inconclusive(self, runs: list[Run], fewer: bool, place: int) -> bool:
        """Whether a language that was not read to its end was left for the next one."""
        cut = [run for run in runs if run.in_order and self.frequency.size(run.languages[0]) > READ_ON // GROWN]
        return any(fewer or run.start < place for run in cut)

    def _run(self, runs: list[Run], need: int, page: int) -> tuple[list[Document], int, int]:
        self.values = {}
        limit = self._put(need)
        statement = _STATEMENT.format(
            runs="\nunion all ".join(self._sub(run, limit, len(runs) > 1) for run in runs), need=limit,
            unless_better=self._no_better() if len(runs) > 1 else "true", columns=", ".join(f"d.{name}" for name in COLUMNS),
            skipped=self._put((page - 1) * PAGE), size=self._put(PAGE),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(statement, self.values)
            rows = cursor.fetchall()
        found, place = rows[0][:2]
        return [Document.from_db("default", COLUMNS, row[2:]) for row in rows if row[2] is not None], found, place or 0

    def _sub(self, run: Run, need: str, several: bool) -> str:
        if run.in_order:
            return _IN_ORDER.format(
                start=run.start, language=self._put(run.languages[0]), read_on=self._put(READ_ON), need=need,
                said=self._said("folded"), of_kind=f"and kind = {self._put(self.kind)}" if self.kind else "",
            )  # fmt: skip
        languages = f" and terms && {self._put([f'lang:{code}' for code in run.languages])}" if several else ""
        return _THROUGH_INDEX.format(
            start=run.start, languages=self._languages(), named=self._said("head"), said=self._said("folded"), need=need,
            terms=self._terms() + languages, short=self._put(self._short()),
        )  # fmt: skip

    def _short(self) -> int:
        """Characters of a title that says little more than what was asked: 鹿児島県 for 鹿児島."""
        return 2 * sum(len(word.forms[0].said.strip()) for word in self.asked) + 2

    def _no_better(self) -> str:
        return _NO_BETTER.format(languages=self._languages(), said=self._said("better.folded"))

    def _languages(self) -> str:
        return f"{self._put(self.languages)}::text[]"

    def _said(self, column: str) -> str:
        words = (
            " or ".join(f"strpos({column}, {self._put(form.said)}) > 0" for form in word.forms) for word in self.asked
        )
        return " and ".join(f"({word})" for word in words)

    def _terms(self) -> str:
        """All terms every hit has are asked for together; where a word has two forms, one of them."""
        sure = [term for word in self.asked if len(word.forms) == 1 for term in word.forms[0].terms]
        parts = [f"terms @> {self._put([*sure, *([f'kind:{self.kind}'] if self.kind else [])])}"]
        for word in self.asked:
            if len(word.forms) > 1:
                parts.append(f"({' or '.join(f'terms @> {self._put(list(form.terms))}' for form in word.forms)})")
        return " and ".join(part for part in parts if sure or self.kind or part is not parts[0])

    def _put(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"
