"""The piece of a text around what was found, with the found words marked. Texts are plain; the template escapes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clair_portal.language import folding

PASSED = 2000  # characters in which words are looked for between numbers
BEFORE, LENGTH, LENGTH_PAIRED = 40, 220, 110  # characters; scripts without spaces say more with each
Span = tuple[int, int]
_NUMBER = re.compile(r"[\d\W]+")  # a cell of a table, which says nothing without its head


@dataclass(frozen=True)
class Piece:
    text: str
    found: bool = False


class Part(NamedTuple):
    """A run that is marked. `paired`: it is written without spaces; `whole`: a longer word that begins with it is not meant."""

    said: str
    paired: bool
    whole: bool = False


def parts_of(texts: Iterable[str], *, whole_below: int = 0) -> list[Part]:
    """The runs of what was asked for, in any spelling; those of fewer letters are words of their own."""
    runs = [run for text in texts for run in folding.runs(text)]
    return list(dict.fromkeys(Part(run, paired, not paired and len(run) < whole_below) for run, paired in runs))


def marked(text: str, parts: Sequence[Part]) -> list[Piece]:
    """The whole text."""
    return _pieces(text, list(_spans(text, parts)))


def around(text: str, parts: Sequence[Part]) -> list[Piece] | None:
    """About a line of it, around the first part; without the numbers of a table, unless a number was asked for. None: none
    stands there."""
    first = next(_spans(text, parts), None)
    if first is None:
        return None
    start = _start(text, first[0])
    words = _cut(text[:start] + _without_numbers(text[start : start + PASSED]), start)
    return marked(words if any(_spans(words, parts)) else _cut(text, start), parts)


def beginning(text: str) -> list[Piece]:
    """About a line of it, nothing marked."""
    return _pieces(_cut(text, 0), [])


class _OneByOne(dict[int, str]):
    """Each character as it is folded, where that is one character again: places stay what they are."""

    def __missing__(self, code: int) -> str:
        plain = folding.fold_characters(chr(code))
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


_FOLDED = _OneByOne()


def _spans(text: str, parts: Sequence[Part]) -> Iterator[Span]:
    """Where they stand, in order, none over another."""
    for run in folding.RUN.finditer(text.translate(_FOLDED)):
        if run["paired"] is None:
            if any(not part.paired and _begins(run[0], part) for part in parts):
                yield run.span()
        else:
            yield from _inside(run[0], run.start(), [part.said for part in parts if part.paired])


def _begins(word: str, part: Part) -> bool:
    return word == part.said if part.whole else word.startswith(part.said)


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
