"""Letters that the printed pages have no font for: those of alphabets none of the portal's languages is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Armenian to Arabic, Bengali to Sinhala, Lao and Tibetan, Georgian, Ethiopic to Khmer and the islands, pictures.
_NO_FONT = re.compile(
    "[\u0530-\u08ff\u0980-\u0dff\u0e80-\u0fff\u10a0-\u10ff\u1200-\u1aaf\u1b00-\u1bff\U0001f300-\U0001faff]"
)
SHOWN = 8


def not_printed(texts: Iterable[object]) -> str:
    """The first few different letters of the texts that print as 〓; empty: all have a font."""
    found = dict.fromkeys(letter for text in texts for letter in _NO_FONT.findall(str(text)))
    return " ".join(list(found)[:SHOWN])
