"""The dictionary of Sudachi: loaded when the first Japanese page is made, one tokenizer a thread."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clair_portal.language.readings.aligning import HAS_KANJI

log = logging.getLogger("portal.readings")
_own = threading.local()
_loading = threading.Lock()
LONGEST = 8_000  # characters at once; Sudachi refuses 48 kB
LONG_WORD = 4  # characters from which a word is cut where its parts are read the same


@dataclass(frozen=True)
class Token:
    start: int
    end: int
    reading: str
    name: bool  # a proper noun


@functools.cache
def _dictionary() -> Any:
    """None when the package or its data are missing or damaged: a page without readings is better than no page."""
    try:
        import sudachipy

        return sudachipy.Dictionary()
    except Exception:
        log.exception(
            "The dictionary of readings cannot be loaded: Japanese pages carry only readings of the word list"
        )
        return None


@dataclass(frozen=True)
class Word:
    """A word as grammar sees it: its dictionary form, and its part of speech in Japanese."""

    start: int
    end: int
    base: str
    kind: str


def words(text: str) -> Iterator[Word]:
    """The words of the text; none without the dictionary."""
    tokenizer = _tokenizer()
    for start in range(0, len(text), LONGEST) if tokenizer else ():
        for morpheme in tokenizer.tokenize(text[start : start + LONGEST]):
            base, kind = morpheme.dictionary_form(), morpheme.part_of_speech()[0]
            yield Word(start + morpheme.begin(), start + morpheme.end(), base, kind)


def available() -> bool:
    return _tokenizer() is not None


def _tokenizer() -> Any:
    if not hasattr(_own, "tokenizer"):
        with _loading:
            dictionary = _dictionary()
        _own.tokenizer = dictionary.tokenizer() if dictionary else None
    return _own.tokenizer


def tokens(text: str) -> Iterator[Token]:
    """The words of the text with their readings in katakana, "" where none is known."""
    tokenizer = _tokenizer()
    if tokenizer is None:
        return
    for start in range(0, len(text), LONGEST):
        for morpheme in tokenizer.tokenize(text[start : start + LONGEST]):
            for part in _parts(morpheme):
                yield Token(start + part.begin(), start + part.end(), _reading(part), _is_name(morpheme))


def _parts(morpheme: Any) -> list[Any]:
    """Long words are cut where their parts are read the same: the reading then stands closer to its characters."""
    surface = morpheme.surface()
    if len(surface) < LONG_WORD or not HAS_KANJI.search(surface):
        return [morpheme]
    parts = list(_split(morpheme))
    same = "".join(part.reading_form() for part in parts) == morpheme.reading_form()
    return parts if same else [morpheme]


def _split(morpheme: Any) -> Any:
    import sudachipy

    return morpheme.split(sudachipy.SplitMode.A)


def _reading(morpheme: Any) -> str:
    found: str = morpheme.reading_form()
    return "" if HAS_KANJI.search(found) else found


def _is_name(morpheme: Any) -> bool:
    return morpheme.part_of_speech()[1] == "固有名詞"
