"""The fonts of printed pages: kept as woff2 beside the program, turned into TTF once per installation.

Noto under the SIL Open Font License (static/vendor/fonts/README.md). Typst reads TTF only.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FOLDER = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts"


@dataclass(frozen=True)
class Face:
    file: str
    family: str
    weight: int
    japanese: bool = False

    @property
    def ttf(self) -> str:
        return Path(self.file).with_suffix(".ttf").name


FILES = (
    Face("portal-sans-jp-400.woff2", "Portal Sans JP", 400, japanese=True),
    Face("portal-sans-jp-700.woff2", "Portal Sans JP", 700, japanese=True),
    Face("portal-sans-400.woff2", "Portal Sans", 400),
    Face("portal-sans-700.woff2", "Portal Sans", 700),
)


def families(language: str) -> list[str]:
    """Which font comes first: quotation marks and dashes are as wide as a kanji in Japanese, and narrow in English."""
    japanese, latin = "Portal Sans JP", "Portal Sans"
    return [japanese, latin] if language.startswith("ja") else [latin, japanese]


@cache
def folder() -> Path:
    """Where the TTF files are; makes them where they are missing (ten seconds, once per installation).

    The folder's name comes from the sources: fonts of another release never stand beside these and hide them.
    """
    digest = hashlib.sha256(b"".join((FOLDER / face.file).read_bytes() for face in FILES)).hexdigest()
    made = Path(settings.FONT_CACHE) / digest[:16]
    made.mkdir(parents=True, exist_ok=True)
    for face in FILES:
        _unpack(face, made)
    return made


@cache
def covered() -> frozenset[int]:
    """Code points that can be printed in both weights."""
    japanese, japanese_bold, latin, latin_bold = (_code_points(face) for face in FILES)
    return frozenset((japanese & japanese_bold) | (latin & latin_bold))


def _code_points(face: Face) -> set[int]:
    with TTFont(folder() / face.ttf, lazy=True) as font:
        return set(font.getBestCmap())


def _unpack(face: Face, made: Path) -> None:
    """Written under another name and moved to its place: two processes that start at once do each other no harm."""
    target = made / face.ttf
    if target.exists():
        return
    beside = target.with_suffix(f".{os.getpid()}.part")
    with TTFont(FOLDER / face.file, recalcTimestamp=False) as font:
        font.flavor = None
        font.save(beside)
    os.replace(beside, target)
