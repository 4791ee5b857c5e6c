"""Texts cut in sentences, so that an editor decides about each of them."""

from __future__ import annotations

import re
from collections.abc import Collection

# A sentence with the white space after it: up to 。！？ (and a closing bracket), a full stop before a space, or a line's end.
_PIECE = re.compile(r".+?(?:[。！？]+[」』）]*|[.!?]+[”\"')]*(?=\s)|(?=\n)|$)\s*", re.DOTALL)
_TOO_FAR = re.compile(r"\n{3,}")


def pieces(text: str) -> list[str]:
    """The sentences with the white space after each: together they are the text."""
    return _PIECE.findall(text.strip())


def sentences(text: str) -> list[str]:
    """The sentences in order, without the space around them."""
    return [piece.strip() for piece in pieces(text)]


def without(text: str, left_out: Collection[int]) -> str:
    """The text without the sentences of these places (from 0); paragraphs stay apart."""
    kept = [re.sub(r"[^\n]", "", piece) if place in left_out else piece for place, piece in enumerate(pieces(text))]
    return _TOO_FAR.sub("\n\n", "".join(kept)).strip()
