"""How the language of the page writes what every page writes: which language it is, and lists of words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import get_language, override


def in_japanese() -> bool:
    """Whether the page is in Japanese; every other version shows English where there is no other."""
    return (get_language() or "en").startswith("ja")


def page_language() -> Literal["ja", "en"]:
    return "ja" if in_japanese() else "en"


def listed(words: Iterable[Any]) -> str:
    """A list in one line, with the comma of the language."""
    return ("、" if in_japanese() else ", ").join(str(word) for word in words)


def shortened(text: str, most: int) -> str:
    """The text; of a longer one its beginning, which ends in "…" so that nobody takes it for the whole, `most` letters in all."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_both(text: Promise | str) -> dict[str, str]:
    """A text that is not translated yet, in both languages of staff: for rows, which keep words and not their language."""
    found = {}
    for language in ("ja", "en"):
        with override(language):
            found[language] = str(text)
    return found
