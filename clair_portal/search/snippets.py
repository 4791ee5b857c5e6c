"""The piece of a text around what was found, with the found words marked. Texts are plain; the template escapes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clair_portal.language import folding
from clair_portal.search.words import BEGINNING, Word

PASSED = 2000  # characters in which words are looked for between numbers
BEFORE, LENGTH, LENGTH_PAIRED = 40, 220, 110  # characters; scripts without spaces say more with each
Span = tuple[int, int]
_NUMBER = re.compile(r"[\d\W]+")  # a cell of a table, which says nothing without its head


@dataclass(frozen=True)
class Piece:
    text: str
    found: bool = False


class _OneByOne(dict[int, str]):
    """Each character as it is folded, where that is one character again: places stay what they are."""

    def __missing__(self, code: int) -> str:
        plain = folding.fold_characters(chr(code))
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


_FOLDED = _OneByOne()


class Marker:
    """Marks the words that were asked for, and words that are read or spelled like them (`readings` of a document)."""

    def __init__(self, asked: Sequence[Word]) -> None:
        self.asked = asked
        self._parts = _parts(form.said for word in asked for form in word.forms)

    def title(self, title: str, readings: str) -> list[Piece]:
        return _pieces(title, list(_spans(title, self._parts_for(readings))))

    def snippet(self, description: str, text: str, readings: str) -> list[Piece]:
        """Around the first place of the text, else of the description, else how it begins."""
        parts = self._parts_for(readings)
        for said in (text, description):
            if first := next(_spans(said, parts), None):
                return self._around(said, first, parts)
        return _pieces(_cut(description or text, 0), [])

    def _around(self, text: str, first: Span, parts: list[tuple[str, bool]]) -> list[Piece]:
        """Without the numbers of a table, unless a number was asked for."""
        start = _start(text, first[0])
        words = _cut(text[:start] + _without_numbers(text[start : start + PASSED]), start)
        window = words if any(_spans(words, parts)) else _cut(text, start)
        return _pieces(window, list(_spans(window, parts)))

    def _parts_for(self, readings: str) -> list[tuple[str, bool]]:
        """With the words of this document that have another spelling which was asked for."""
        lines = (line.partition("\t") for line in readings.split("\n") if line)
        meant = [word for word, _tab, other in lines if any(each.stands_in(f" {other} ") for each in self.asked)]
        return [*self._parts, *_parts(" ".join(run for run, _paired in folding.runs(word)) for word in meant)]


def _parts(said: Iterator[str]) -> list[tuple[str, bool]]:
    """Runs to be marked, each with whether it is written without spaces."""
    return list(dict.fromkeys(run for each in said for run in folding.runs(each)))


def _spans(text: str, parts: Sequence[tuple[str, bool]]) -> Iterator[Span]:
    """Where they stand, in order, none over another."""
    plain = text.translate(_FOLDED)
    for run in folding.RUN.finditer(plain):
        if run["paired"] is None:
            if any(not paired and _begins(run[0], part) for part, paired in parts):
                yield run.span()
        else:
            yield from _inside(run[0], run.start(), [part for part, paired in parts if paired])


def _begins(word: str, part: str) -> bool:
    return word == part if len(part) < BEGINNING else word.startswith(part)


def _inside(run: str, start: int, parts: Sequence[str]) -> Iterator[Span]:
    at = 0
    while at < len(run):
        length = max((len(part) for part in parts if run.startswith(part, at)), default=0)
        if length:
            yield start + at, start + at + length
        at += length or 1


def _start(text: str, hit: int) -> int:
    """A little before the hit, at the beginning of a line or word where one is near."""
    earliest = max(hit - BEFORE, 0)
    line = text.rfind("\n", earliest, hit)
    if earliest == 0 or line >= 0:
        return line + 1
    space = text.find(" ", earliest, hit)
    return space + 1 if space >= 0 else earliest


def _cut(text: str, start: int) -> str:
    most = LENGTH_PAIRED if (run := folding.RUN.search(text, start)) and run["paired"] else LENGTH
    window = text[start : start + most]
    before, after = "…" if start else "", "…" if start + most < len(text) else ""
    return f"{before}{window.strip()}{after}".replace("\n", " ")


def _without_numbers(text: str) -> str:
    first, *lines = text.split("\n")
    return "\n".join([first, *(line for line in lines if not _NUMBER.fullmatch(line))])


def _pieces(text: str, spans: list[Span]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [Piece(text[at:start]), Piece(text[start:end], True)]
        at = end
    pieces.append(Piece(text[at:]))
    return [piece for piece in pieces if piece.text]
