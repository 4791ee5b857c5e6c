"""A name that cannot be printed is found here and not on somebody's paper."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from clair_portal.language.scripts import not_printed
from clair_portal.language.versions import VERSIONS
from clair_portal.reports import fonts
from tests.ui.test_static import VENDORED

ROOT = Path(__file__).resolve().parent.parent.parent
TABLES = sorted((ROOT / "clair_portal" / "network" / "reference").glob("*.csv"))


def jis(level: range) -> Iterator[str]:
    """The characters of rows of JIS X 0208."""
    for row in level:
        for cell in range(1, 95):
            try:
                yield bytes([row + 0xA0, cell + 0xA0]).decode("euc_jp")
            except UnicodeDecodeError:
                continue


def holes(text: Iterator[str] | str) -> str:
    return "".join(sorted({c for c in text if ord(c) not in fonts.covered()}))


def test_all_kanji_of_the_first_and_second_level_can_be_printed() -> None:
    kanji = list(jis(range(16, 85)))
    assert len(kanji) == 6355
    assert holes(iter(kanji)) == ""


def test_signs_letters_and_kana_of_the_standard_can_be_printed() -> None:
    assert holes(iter(list(jis(range(1, 9))))) == "≒"  # printed as ≈, test_pdf


def test_characters_that_only_windows_has_can_be_printed() -> None:
    assert holes("髙﨑德瀨濵塚晴凞①②⑳ⅠⅩ㈱№℡㍻～－∥¢£¬・※→←〒") == ""


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_name_of_the_reference_tables_can_be_printed(path: Path) -> None:
    own_scripts = ("language", "name_native", "name_own", "endonym", "autonym")
    with path.open(encoding="utf-8", newline="") as file:
        cells = [
            value for row in csv.DictReader(file) for name, value in row.items() if name not in own_scripts and value
        ]
    assert len(cells) > 5
    assert holes(unicodedata.normalize("NFC", "".join(cells)).replace("\n", "")) == ""


def test_alphabets_of_names_from_abroad_can_be_printed() -> None:
    assert holes("Tōkyō Ōsaka Kyūshū Łódź Đà Nẵng Việt São Tomé İzmir Škoda Reykjavík Владивосток Їжак Αθήνα") == ""


def test_names_of_chinese_and_korean_partners_can_be_printed() -> None:
    syllables = [bytes([row, cell]).decode("euc_kr") for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF)]
    assert len(syllables) == 2350
    assert holes(iter(syllables)) == ""
    assert holes("北京市人民对外友好协会 广东省 兴华街 서울특별시") == ""


def test_every_version_of_the_portal_can_be_printed() -> None:
    """The letters of its catalogue, and of the name of the language. Whole texts in traditional Chinese are not promised."""
    for each in VERSIONS:
        catalogue = ROOT / "locale" / each.folder / "LC_MESSAGES" / "django.po"
        text = each.endonym + (catalogue.read_text(encoding="utf-8") if catalogue.exists() else "")
        letters = {letter for letter in text if unicodedata.category(letter)[0] in "LMN"}
        assert holes(iter(letters)) == {"zh-hant": "啟夠"}.get(each.code, ""), each.code


def test_what_is_said_to_have_no_font_has_none() -> None:
    assert not_printed(chr(code) for code in fonts.covered()) == ""
    assert not_printed(["Lao ພາສາລາວ", "العربية", "ខ្មែរ", "😀"]).split()[0] == "ພ"


def test_fonts_stay_within_six_megabytes_and_are_listed_with_their_checksums() -> None:
    files = sorted(fonts.FOLDER.glob("*.woff2"))
    assert [path.name for path in files] == sorted(face.file for face in fonts.FILES)
    assert sum(path.stat().st_size for path in files) <= 6_000_000
    assert set(files) <= {path for path, _digest in VENDORED}


def test_language_chooses_which_font_comes_first() -> None:
    assert fonts.families("ja") == [
        "Portal Sans JP", "Portal Sans", "Portal Sans SC", "Portal Sans KR", "Portal Sans Thai", "Portal Sans Myanmar",
        "Portal Sans Devanagari",
    ]  # fmt: skip
    assert fonts.families("ja-simple") == fonts.families("ja")
    assert fonts.families("en")[:2] == ["Portal Sans", "Portal Sans JP"]
