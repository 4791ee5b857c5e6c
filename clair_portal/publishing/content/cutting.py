"""A text as sentences in blocks, and what makes two sentences the same. Pure.

A text is plain: an empty line ends a paragraph, a line beginning with "## " is a heading, one beginning with "- " is in a list.
A link is written [words](address). Readings stand as {漢字|かんじ}; they belong to the page and not to the meaning.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from clair_portal.language.reading_marks import without_readings
from clair_portal.publishing.enums import SegmentKind
from clair_portal.publishing.sentences import pieces

_HEADING, _ITEM = re.compile(r"#{2,4}\s+"), re.compile(r"[-・*]\s+")
_WITHOUT_SPACES = ("ja", "zh")


@dataclass(frozen=True)
class Piece:
    """One sentence. `block`: sentences of one paragraph have the same number; `fresh_line`: it begins a line inside it."""

    kind: str
    block: int
    text: str
    fresh_line: bool = False

    @property
    def digest(self) -> str:
        return digest(self.text)


def bare(text: str) -> str:
    """Without readings, and with spaces as one."""
    return " ".join(without_readings(text).split())


def as_shown(text: str, language: str) -> str:
    """A source sentence for those who translate it into a language: only who writes for readers of Japanese needs readings."""
    return text if language == "ja-simple" else bare(text)


def digest(text: str) -> str:
    """Two sentences with the same digest say the same: readings, width of spaces and composition of letters do not count."""
    return hashlib.sha256(unicodedata.normalize("NFC", bare(text)).encode()).hexdigest()[:32]


def cut(title: str, summary: str, body: str) -> list[Piece]:
    """Every sentence of an item in order; the title is never cut."""
    found = [Piece(SegmentKind.TITLE, 0, " ".join(title.split()))] if title.strip() else []
    blocks = [*_blocks(summary, SegmentKind.SUMMARY), *_blocks(body, SegmentKind.PARAGRAPH)]
    for number, (kind, lines) in enumerate(blocks, 1):
        found += _of_block(kind, number, lines)
    return found


def _blocks(text: str, plain: str) -> Iterator[tuple[str, list[str]]]:
    waiting: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        marked = _marked(line) if plain == SegmentKind.PARAGRAPH else None
        if waiting and (marked or not line.strip()):
            yield plain, waiting
            waiting = []
        if marked:
            yield marked
        elif line.strip():
            waiting.append(line.strip())


def _marked(line: str) -> tuple[str, list[str]] | None:
    for kind, mark in ((SegmentKind.HEADING, _HEADING), (SegmentKind.ITEM, _ITEM)):
        if (found := mark.match(line.strip())) and line.strip()[found.end() :]:
            return kind, [line.strip()[found.end() :]]
    return None


def _of_block(kind: str, number: int, lines: list[str]) -> Iterator[Piece]:
    if kind == SegmentKind.HEADING:
        yield Piece(kind, number, lines[0])
        return
    for place, line in enumerate(lines):
        for first, text in enumerate(_whole(pieces(line))):
            yield Piece(kind, number, text, fresh_line=place > 0 and first == 0)


def _whole(found: list[str]) -> Iterator[str]:
    """Pieces glued again where a link or a reading was cut."""
    waiting = ""
    for piece in found:
        waiting += piece
        opened = waiting.count("{") > waiting.count("}") or waiting.count("[") > waiting.count("]")
        if not opened and waiting.count("](") <= waiting.count(")"):
            yield waiting.strip()
            waiting = ""
    if waiting.strip():
        yield waiting.strip()


def joiner(language: str) -> str:
    """What stands between two sentences of a paragraph."""
    return "" if language.split("-")[0] in _WITHOUT_SPACES else " "
