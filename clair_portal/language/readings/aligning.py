"""Which part of a word its reading stands over: only the kanji (食べる: 食 た), never the kana around them."""

from __future__ import annotations

import functools
import re

KANJI = "㐀-鿿豈-\ufaff\U00020000-\U000323af々〇〆"
HAS_KANJI = re.compile(f"[{KANJI}]")
_RUN = re.compile(f"[{KANJI}]+|[^{KANJI}]+")
_RUN_WITH_KE = re.compile(f"[{KANJI}ヶケヵカ]+|[^{KANJI}ヶケヵカ]+")  # 龍ケ崎: ケ is read が
_KATAKANA = {code: chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}

Part = tuple[str, str]  # characters, and their reading ("" for none)


def hiragana(text: str) -> str:
    return text.translate(_KATAKANA)


@functools.lru_cache(maxsize=50_000)
def aligned(word: str, reading: str) -> tuple[Part, ...]:
    """The word in parts with their readings; as one part where kana and reading do not fit each other."""
    reading = hiragana(reading)
    if not reading or not HAS_KANJI.search(word):
        return ((word, ""),)
    for runs in (_RUN, _RUN_WITH_KE):
        if parts := _fitted(runs.findall(word), reading):
            return parts
    return ((word, reading),)


def _fitted(runs: list[str], reading: str) -> tuple[Part, ...]:
    pattern = "".join("(.+?)" if HAS_KANJI.search(run) else re.escape(hiragana(run)) for run in runs)
    if (found := re.fullmatch(pattern, reading)) is None:
        return ()
    readings = iter(found.groups())
    return tuple((run, next(readings) if HAS_KANJI.search(run) else "") for run in runs)


def as_ruby(parts: tuple[Part, ...]) -> str:
    """With brackets for readers whose program knows no ruby."""
    return "".join(
        f"<ruby>{text}<rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>" if reading else text for text, reading in parts
    )
