"""Files of others are what they were; our own stay within their size."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from clair_portal.ui.components import icons

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"


def listed(folder: Path, checksums: Path) -> list[tuple[Path, str]]:
    lines = checksums.read_text(encoding="utf-8").splitlines()
    return [(folder / name, digest) for digest, name in (line.split("  ", 1) for line in lines)]


VENDORED = [
    *listed(STATIC, STATIC / "vendor" / "CHECKSUMS"),
    *listed(ROOT / "tests" / "vendor", ROOT / "tests" / "vendor" / "CHECKSUMS"),
]


@pytest.mark.parametrize(("path", "digest"), VENDORED, ids=[path.name for path, _digest in VENDORED])
def test_copied_file_is_unchanged(path: Path, digest: str) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_every_vendored_script_and_the_tokens_are_listed() -> None:
    names = {path.relative_to(ROOT).as_posix() for path, _digest in VENDORED}
    scripts = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("static/vendor/*.js")}
    assert scripts | {"static/css/tokens.css", "tests/vendor/axe.min.js"} <= names


def test_style_sheets_stay_within_48_kilobytes() -> None:
    assert sum(path.stat().st_size for path in (STATIC / "css").glob("*.css")) <= 48_000


def test_style_sheets_load_nothing() -> None:
    for path in (STATIC / "css").glob("*.css"):
        assert not re.search(r"@import|url\(", path.read_text(encoding="utf-8")), path.name


def test_every_style_variable_used_is_defined() -> None:
    css = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css"))
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    assert used - set(re.findall(r"(--[\w-]+)\s*:", css)) == set()


def test_sprite_holds_exactly_the_icons_that_can_be_named() -> None:
    sprite = (STATIC / icons.SPRITE).read_text(encoding="utf-8")
    assert sorted(re.findall(r'<symbol id="i-(\w+)" viewBox="0 0 24 24">', sprite)) == sorted(icons.NAMES)


def test_own_script_writes_no_words_of_its_own_and_no_html() -> None:
    script = (STATIC / "js" / "portal.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|insertAdjacentHTML|\beval\b|document\.write", script)
