"""The piece of a page around what was found: words that were asked for, and words that are read or spelled like them."""

from __future__ import annotations

from collections.abc import Sequence

from clair_portal.language.marking import Part, Piece, around, beginning, marked, parts_of
from clair_portal.search.words import BEGINNING, Word


class Marker:
    """Marks the words that were asked for, and words that are read or spelled like them (`readings` of a document)."""

    def __init__(self, asked: Sequence[Word]) -> None:
        self.asked = asked
        self._parts = parts_of([form.said for word in asked for form in word.forms], whole_below=BEGINNING)

    def title(self, title: str, readings: str) -> list[Piece]:
        return marked(title, self._parts_for(readings))

    def snippet(self, description: str, text: str, readings: str) -> list[Piece]:
        """Around the first place of the text, else of the description, else how it begins."""
        parts = self._parts_for(readings)
        return around(text, parts) or around(description, parts) or beginning(description or text)

    def _parts_for(self, readings: str) -> list[Part]:
        """With the words of this document that have another spelling which was asked for."""
        lines = (line.partition("\t") for line in readings.split("\n") if line)
        meant = [word for word, _tab, other in lines if any(each.stands_in(f" {other} ") for each in self.asked)]
        return [*self._parts, *parts_of(meant, whole_below=BEGINNING)]
