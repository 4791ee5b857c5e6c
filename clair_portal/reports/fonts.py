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
    """`package`: the npm package it is made of (management/commands/build_fonts.py)."""

    file: str
    family: str
    weight: int
    package: str

    @property
    def ttf(self) -> str:
        return Path(self.file).with_suffix(".ttf").name


JAPANESE, LATIN, CHINESE, KOREAN = "noto-sans-jp", "noto-sans", "noto-sans-sc", "noto-sans-kr"
SHAPED = {
    "thai": "noto-sans-thai",
    "myanmar": "noto-sans-myanmar",
    "devanagari": "noto-sans-devanagari",
}  # script: package
FAMILIES = {
    JAPANESE: ("portal-sans-jp", "Portal Sans JP"),
    LATIN: ("portal-sans", "Portal Sans"),
    CHINESE: ("portal-sans-sc", "Portal Sans SC"),
    KOREAN: ("portal-sans-kr", "Portal Sans KR"),
    SHAPED["thai"]: ("portal-sans-thai", "Portal Sans Thai"),
    SHAPED["myanmar"]: ("portal-sans-myanmar", "Portal Sans Myanmar"),
    SHAPED["devanagari"]: ("portal-sans-devanagari", "Portal Sans Devanagari"),
}
FILES = tuple(
    Face(f"{file}-{weight}.woff2", family, weight, package)
    for package, (file, family) in FAMILIES.items()
    for weight in (400, 700)
)


def families(language: str) -> list[str]:
    """Which font comes first: quotation marks and dashes are as wide as a kanji in Japanese, and narrow in English.

    The Chinese one holds only what the Japanese lacks: names of partners, not whole texts.
    """
    first = [JAPANESE, LATIN] if language.startswith("ja") else [LATIN, JAPANESE]
    return [FAMILIES[package][1] for package in (*first, CHINESE, KOREAN, *SHAPED.values())]


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
    regular, bold = ([face for face in FILES if face.weight == weight] for weight in (400, 700))
    both = [_code_points(one) & _code_points(other) for one, other in zip(regular, bold, strict=True)]
    return frozenset().union(*both)


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
