from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list
from django.utils.translation import get_language

from clair_portal.language.versions import cldr


def joined(words: Sequence[str]) -> str:
    """Words as a list in the active language: "A, B and C", "A、B、C". CLDR forgets the first space of Nepali lists."""
    language = get_language()
    text = format_list(list(words), locale=cldr(language))
    return text.replace(f"{words[0]},", f"{words[0]}, ", 1) if language == "ne" and len(words) > 2 else text
