"""What comes before the dictionary: marks in the text, corrections of editors, numbers, set terms, names of places."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from clair_portal.language.reading_marks import MARK
from clair_portal.language.readings import analyser
from clair_portal.language.readings.aligning import HAS_KANJI, KANJI, aligned, as_ruby, hiragana
from clair_portal.language.readings.numbers import (
    FRACTION,
    LARGE,
    LARGE_UNITS,
    NUMBER,
    NUMERAL,
    WEEKDAY,
    WEEKDAYS,
    before_counter,
    enough,
    kanji_number,
    reading_of,
    spoken,
)

TERMS = Path(__file__).parent.parent / "reference" / "readings.txt"
REMEMBERED = 20_000  # texts of pages, most of which stand on every page
_KANJI_ONLY = re.compile(f"[{KANJI}]")
_MONTH_BEFORE = re.compile(r"月\s*$")
_BELONGS_BEFORE = re.compile(f"[{KANJI}ァ-ヺー0-9０-９A-Za-zＡ-Ｚａ-ｚ]")
_BELONGS_BEHIND = re.compile(f"[{KANJI}ァ-ヺー]")
# 行った is おこなった behind these; behind に and へ the dictionary decides.
_DONE_BEHIND = re.compile(r"(?:^|[\s、。:「(はがを]|いま|まだ|すでに|すべて|はじめて|初めて|まとめて)$")
_BEHIND_A_WORD = {("日", "ヒ"): "ビ", ("頃", "コロ"): "ゴロ"}
_DONE = re.compile("行(?=っ[たて])")


class Word(NamedTuple):
    """`anywhere`: also inside a longer word of the dictionary. `name_only`: only where the dictionary sees a name.

    `alone`: only as words of the dictionary of their own, with no kanji before or behind them, nor a number before them.
    """

    text: str
    reading: str
    anywhere: bool = True
    name_only: bool = False
    alone: bool = False


class Span(NamedTuple):
    start: int
    end: int
    ruby: str


Source = Callable[[], Iterable[Word]]
_sources: list[Source] = []


def declare(source: Source) -> None:
    """Words an app knows, such as names of places; called once, when the first Japanese page is made."""
    _sources.append(source)
    standard.cache_clear()


def set_terms() -> Iterator[Word]:
    """Lines "避難所 ひなんじょ"; # begins a remark, ~ a word that must begin and end where words of the dictionary do, ^ a
    word that stands alone besides (版, but not 言語版)."""
    for line in TERMS.read_text(encoding="utf-8").splitlines():
        text, _space, reading = line.partition("#")[0].strip().partition(" ")
        if reading:
            yield Word(text.lstrip("~^"), reading.strip(), anywhere=text[0] not in "~^", alone=text[0] == "^")


@functools.cache
def standard() -> Words:
    """Set terms and names of places, without what editors corrected."""
    return Words([*(word for source in _sources for word in source()), *set_terms()])


class Words:
    """An unchangeable word list and the readings it gives. Later words win over earlier ones of the same text."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._all = {word.text: word for word in words}
        self._by_first: dict[str, tuple[Word, ...]] = {}
        for word in sorted(self._all.values(), key=lambda word: (-len(word.text), word.text)):
            self._by_first[word.text[0]] = (*self._by_first.get(word.text[0], ()), word)
        self.ruby = functools.lru_cache(maxsize=REMEMBERED)(self._ruby)

    def corrected(self, corrections: Mapping[str, str]) -> Words:
        """The list with readings of editors, which win over everything but marks in the text."""
        return Words([*self._all.values(), *(Word(text, reading) for text, reading in corrections.items())])

    def _ruby(self, text: str) -> str:
        """The text (of HTML, between two tags) with ruby."""
        out, place = [], 0
        for mark in MARK.finditer(text):
            out.append(self._plain(text[place : mark.start()]))
            out.append(as_ruby(((mark[1], hiragana(mark[2])),)))
            place = mark.end()
        out.append(self._plain(text[place:]))
        return "".join(out)

    def readings(self, text: str) -> list[tuple[str, str]]:
        """Each reading given in a text with what it stands over; what has none is left out."""
        return re.findall(r"<ruby>([^<]*)<rp>.</rp><rt>([^<]*)<", self.ruby(text))

    def _plain(self, text: str) -> str:
        if not HAS_KANJI.search(text):
            return text
        tokens = list(analyser.tokens(text))
        out, place = [], 0
        for span in self._spans(text, tokens):
            out += [_proposed(text, place, span.start, tokens), span.ruby]
            place = span.end
        out.append(_proposed(text, place, len(text), tokens))
        return "".join(out)

    def _spans(self, text: str, tokens: list[analyser.Token]) -> Iterator[Span]:
        """What is read by rule, from left to right, the longest first; they do not overlap."""
        starts, ends = {t.start for t in tokens}, {t.end for t in tokens}
        names = {(t.start, t.end) for t in tokens if t.name}
        place = 0
        while place < len(text):
            span = (
                self._word_at(text, place, starts, ends, names)
                or _number_at(text, place, ends)
                or _done_at(text, place)
            )
            if span:
                yield span
            place = span.end if span else place + 1

    def _word_at(
        self, text: str, place: int, starts: set[int], ends: set[int], names: set[tuple[int, int]]
    ) -> Span | None:
        for word in self._by_first.get(text[place], ()):
            if not text.startswith(word.text, place):
                continue
            end = place + len(word.text)
            if word.name_only and (place, end) not in names:
                continue
            if word.alone and not (place in starts and end in ends and _stands_alone(text, place, end)):
                continue
            if word.anywhere or (_begins(text, place, starts) and _ends(text, end, ends)):
                return Span(place, end, as_ruby(aligned(word.text, word.reading)))
        return None


def _begins(text: str, place: int, starts: set[int]) -> bool:
    return place == 0 or place in starts or not _KANJI_ONLY.match(text[place - 1])


def _ends(text: str, end: int, ends: set[int]) -> bool:
    return end == len(text) or end in ends or not _KANJI_ONLY.match(text[end])


def _stands_alone(text: str, place: int, end: int) -> bool:
    behind = _KANJI_ONLY.match(text[end - 1]) and _BELONGS_BEHIND.match(text, end)
    return not behind and not _BELONGS_BEFORE.match(text[place - 1 : place])


def _done_at(text: str, place: int) -> Span | None:
    if _DONE.match(text, place) and _DONE_BEHIND.search(text, max(place - 8, 0), place):
        return Span(place, place + 1, as_ruby((("行", "おこな"),)))
    return None


def _number_at(text: str, place: int, ends: set[int]) -> Span | None:
    if place and text[place - 1] in "0123456789,.0123456789〇一二三四五六七八九十百千":
        return None
    if found := WEEKDAY.match(text, place):
        return Span(place, found.end(), text[place] + as_ruby(((found[1], WEEKDAYS[found[1]]),)))
    if enough(text, place):
        return Span(place, place + 2, as_ruby((("十分", "じゅうぶん"),)))
    if (span := _part_or_large(text, place)) is not None:
        return span
    if (found := NUMBER.match(text, place)) is None:
        return _before_counter(text, place, ends)
    number, counter = found["number"], found["counter"]
    first, second = reading_of(number, counter, bool(_MONTH_BEFORE.search(text, 0, place)))
    if not second:
        return None
    if first == "*":
        return Span(place, found.end(), as_ruby(((number + counter, second),)))
    return Span(place, found.end(), as_ruby(((number, first), *aligned(counter, second))))


def _part_or_large(text: str, place: int) -> Span | None:
    """3分の1, and 5,000万, whose digits carry no reading."""
    if found := FRACTION.match(text, place):
        value = kanji_number(found["number"])
        said = spoken(value) if value and value < 10_000 else ""
        return Span(place, found.end(), as_ruby(((found["number"], said), ("分", "ぶん"))))
    if found := LARGE.match(text, place):
        return Span(place, found.end(), as_ruby(((found["number"], ""), (found["unit"], LARGE_UNITS[found["unit"]]))))
    return None


def _before_counter(text: str, place: int, ends: set[int]) -> Span | None:
    found = NUMERAL.match(text, place)
    said = before_counter(found[0], text, found.end(), ends) if found else ""
    return Span(place, found.end(), as_ruby(((found[0], said),))) if found and said else None


def _proposed(text: str, start: int, end: int, tokens: list[analyser.Token]) -> str:
    """What the dictionary proposes between two places; words that a rule cut are looked up again alone."""
    out = []
    for token in tokens:
        if token.end <= start or token.start >= end:
            continue
        if token.start >= start and token.end <= end:
            out.append(_token(text[token.start : token.end], _in_place(text, token)))
            continue
        rest = text[max(token.start, start) : min(token.end, end)]
        out += [_token(rest[t.start : t.end], t.reading) for t in analyser.tokens(rest)]
    return "".join(out) if tokens else text[start:end]


def _in_place(text: str, token: analyser.Token) -> str:
    """開始日 び, 四月頃 ごろ: behind a word, where the dictionary knows some of them only."""
    behind = token.start > 0 and _KANJI_ONLY.match(text[token.start - 1])
    changed = _BEHIND_A_WORD.get((text[token.start : token.end], token.reading)) if behind else None
    return changed or token.reading


def _token(word: str, reading: str) -> str:
    if len(word) > 1 and (value := kanji_number(word)) and value < 10_000:
        reading = spoken(value)
    return as_ruby(aligned(word, reading))
