"""Recall of the public search: what `find` finds against reading every document, for questions taken from their texts."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from clair_portal.search import finding, indexing
from clair_portal.search.finding import MOST, languages_for
from clair_portal.search.indexing import document
from clair_portal.search.models import Document
from clair_portal.search.names import Names
from clair_portal.search.words import Word
from clair_portal.search.words import asked as words_asked
from tests.bench.texts import KINDS, Voice, voices

NOBODY = Names([])


@dataclass(frozen=True)
class Question:
    typed: str
    reader: str


def fill_index(size: int, seed: int) -> list[Document]:
    """`size` documents, each thing in up to seventeen versions, made by the same code as those of pages."""
    chance = random.Random(seed)
    spoken = voices(seed, vocabulary=600, sentences=max(size // 17, 200))
    made = [_document(number, spoken[number % len(spoken)], chance) for number in range(size)]
    Document.objects.bulk_create(made, batch_size=500)
    indexing.count_terms()
    return made


def _document(number: int, voice: Voice, chance: random.Random) -> Document:
    kind, weight = KINDS[number // 17 % len(KINDS)]
    text = "\n".join(chance.choices(voice.sentences, k=3))
    return document(
        key=f"/{number // 17}/", language=voice.code, path=f"/{number // 17}/", kind=kind, weight=weight, known=NOBODY,
        title=chance.choice(voice.sentences)[:40], text=f"{text} jica{number % 50} 第{number % 9}回会議",
    )  # fmt: skip


def questions(documents: list[Document], count: int, seed: int) -> list[Question]:
    """Pieces of texts, words, beginnings of words, two words at once, words of one language asked in another, nonsense."""
    chance = random.Random(seed)
    return [_question(chance.choice(documents), chance) for _each in range(count)]


def _question(one: Document, chance: random.Random) -> Question:
    said = one.text.split()
    word = chance.choice(said)
    start = chance.randrange(len(word))
    piece = word[start : start + chance.randint(2, 6)]
    typed = chance.choice(
        (
            piece,
            piece,
            word,
            word[: chance.randint(2, 8)],
            f"{piece} {chance.choice(said)}",
            f"{word} jica",
            f"第{piece}",
            piece[::-1],
        )
    )
    return Question(typed, chance.choice((one.language, one.language, "ja", "en")))


class Shelf:
    """All texts one after the other, so that reading every one of them is one pass."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.starts = list(itertools.accumulate((len(one.folded) + 1 for one in documents), initial=0))
        self.text = "\n".join(one.folded for one in documents)

    def with_all(self, words: list[Word]) -> list[Document]:
        sets = [set().union(*(self._with(form.said) for form in word.forms)) for word in words]
        return [self.documents[place] for place in sorted(set.intersection(*sets))]

    def _with(self, said: str) -> Iterator[int]:
        at = self.text.find(said)
        while at >= 0:
            place = bisect.bisect_right(self.starts, at) - 1
            yield place
            at = self.text.find(said, self.starts[place + 1])


def differences(documents: list[Document], asked: list[Question]) -> list[str]:
    """Questions whose answers differ, as text. With more than 1,000 hits any thousand of the right ones will do."""
    shown, finding.PAGE = finding.PAGE, MOST
    shelf = Shelf(documents)
    try:
        return [said for each in asked if (said := _difference(shelf, each))]
    finally:
        finding.PAGE = shown


def _difference(shelf: Shelf, question: Question) -> str:
    words = words_asked(question.typed, finding.MOST_WORDS)
    if not words:
        return ""
    right = _by_reading(shelf, words, question.reader)
    found = finding.find(words, question.reader)
    got = {(hit.document.key, hit.language) for hit in found.hits}
    if len(got) != min(len(right), MOST) or not got <= right or found.more is not (len(right) > MOST):
        return f"{question}: {len(got)} found, {len(right)} right, {sorted(got ^ right)[:3]}"
    return ""


def _by_reading(shelf: Shelf, words: list[Word], reader: str) -> set[tuple[str, str]]:
    """Each thing in its best version of those that hold all words."""
    order = {code: place for place, code in enumerate(languages_for(reader))}
    best: dict[str, str] = {}
    for one in shelf.with_all(words):
        already = best.get(one.key)
        if already is None or order[one.language] < order[already]:
            best[one.key] = one.language
    return set(best.items())
