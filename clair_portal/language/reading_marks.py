"""How a reading is written inside a text: {避難所|ひなんじょ}. The one pattern for it."""

from __future__ import annotations

import re

# On HTML as well, so never across a tag; what is not kana after the bar is no reading and stays as it was typed.
MARK = re.compile(r"\{([^{}|<>\n]+)\|([ぁ-ゖゝゞァ-ヺー・ \u3000]+)\}")


def without_readings(text: str) -> str:
    """`{避難所|ひなんじょ}` becomes 避難所: for titles, attributes, mails, files and other languages."""
    return MARK.sub(r"\1", text) if "|" in text else text
