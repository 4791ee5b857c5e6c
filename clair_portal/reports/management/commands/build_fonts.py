"""Makes the fonts in static/vendor/fonts anew from the unpacked npm packages. Only needed to take a new release of them.

The packages' whole-script files have holes (髙, 﨑, ①, ～): the numbered slices together hold every character, so they
are merged. The three scripts whose letters change shape come whole in one file each, with the tables that shape them. Each
result gets a family name of its own, because two files of one family and weight hide each other.
"""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from clair_portal.reports.fonts import CHINESE, FILES, FOLDER, KOREAN, LATIN, SHAPED, Face

SCRIPTS = ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
LAYOUT = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT")  # of a slice: of no use once merged
TYPED = "hyphen.typed"
YEAR_2000 = 0xB492F400  # seconds since 1904: the same bytes from the same packages


class Command(BaseCommand):
    help = "Makes static/vendor/fonts anew: build_fonts FOLDER, where the unpacked npm packages @fontsource/noto-sans* are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("packages", type=Path, help="folder that holds noto-sans/files, noto-sans-jp/files ...")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        known: dict[int, set[int]] = {}
        for face in FILES:
            font = taken(options["packages"] / face.package / "files", face)
            if face.package == LATIN:
                divide_hyphens(font)
            if face.package in (CHINESE, KOREAN):
                keep_only(font, wanted(face) - known[face.weight])
            known.setdefault(face.weight, set()).update(font.getBestCmap())
            rename(font, face)
            font.flavor = "woff2"
            font.save(FOLDER / face.file)
            self.stdout.write(f"{face.file}: {len(font.getBestCmap())} characters")


def taken(files: Path, face: Face) -> TTFont:
    for script, package in SHAPED.items():
        if face.package == package:
            return TTFont(files / f"{package}-{script}-{face.weight}-normal.woff2")
    return merged(slices_of(files, face))


def slices_of(files: Path, face: Face) -> list[Path]:
    """The scripts of the Latin package; of the others the numbered slices in their order, after the Latin file."""
    if face.package == LATIN:
        return [files / f"{LATIN}-{script}-{face.weight}-normal.woff2" for script in SCRIPTS]
    numbered = files.glob(f"{face.package}-[0-9]*-{face.weight}-normal.woff2")
    ordered = sorted(numbered, key=lambda path: int(path.name.split("-")[3]))
    return [files / f"{face.package}-latin-{face.weight}-normal.woff2", *ordered]


def wanted(face: Face) -> set[int]:
    """The characters of the national standard: GB 2312, KS X 1001."""
    encoding = {CHINESE: "gb2312", KOREAN: "euc_kr"}[face.package]
    return {code for code in range(0x80, 0x10000) if _has(encoding, chr(code))}


def _has(encoding: str, character: str) -> bool:
    """One character of two bytes; Python writes syllables that KS X 1001 lacks as eight."""
    try:
        return len(character.encode(encoding)) == 2
    except UnicodeEncodeError:
        return False


def keep_only(font: TTFont, code_points: set[int]) -> None:
    subsetter = Subsetter(Options(notdef_outline=True, name_IDs=["*"], layout_features=[]))
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)


def merged(slices: list[Path]) -> TTFont:
    """One font of many slices, without the layout tables."""
    with TemporaryDirectory() as folder:
        parts = []
        for number, path in enumerate(slices):
            font = TTFont(path)
            font.flavor = None
            for table in LAYOUT:
                if table in font:
                    del font[table]
            parts.append(str(Path(folder, f"{number}.ttf")))
            font.save(parts[-1])
        return Merger().merge(parts)


def divide_hyphens(font: TTFont) -> None:
    """Two glyphs for the hyphen. Typst takes the plain one for words it divides, without shaping, and says "soft hyphen"
    to whoever copies or searches the text; were it the same glyph, every hyphen of the document could say so.
    """
    plain = font.getBestCmap()[ord("-")]
    font.setGlyphOrder([*font.getGlyphOrder(), TYPED])
    font["glyf"][TYPED], font["hmtx"][TYPED] = font["glyf"][plain], font["hmtx"][plain]
    addOpenTypeFeaturesFromString(font, f"feature ccmp {{ sub {plain} by {TYPED}; }} ccmp;")


def rename(font: TTFont, face: Face) -> None:
    """Our family name; the copyright and licence lines stay as they are."""
    style = "Bold" if face.weight == 700 else "Regular"
    full = f"{face.family} {style}"
    names = {1: face.family, 2: style, 3: full, 4: full, 6: full.replace(" ", ""), 16: None, 17: None}
    for number, text in names.items():
        font["name"].removeNames(nameID=number)
        if text:
            font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight
    font["head"].macStyle = 1 if face.weight == 700 else 0
    font["head"].created = font["head"].modified = YEAR_2000
    font.recalcTimestamp = False
