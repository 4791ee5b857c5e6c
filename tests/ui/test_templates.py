"""What the content security policy would refuse must not be written into any template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PLACES = ["templates/**/*.html", "*/templates/**/*.html", "clair_portal/*/templates/**/*.html"]
TEMPLATES = sorted({path for place in PLACES for path in ROOT.glob(place) if ".venv" not in path.parts})
TAG = r"<[a-zA-Z][^<>]*?"
REFUSED = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "inline style": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(TAG + r"\sstyle\s*=", re.I),
    "event attribute": re.compile(TAG + r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.I),
    "script address": re.compile(r"""(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.I),
    "other site": re.compile(
        r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*["']?(?:https?:)?//""", re.I
    ),
}
SPANNING = re.compile(r"{%-?\s*blocktrans(?:late)?\b((?:(?!%}).)*)%}((?:(?!{%\s*endblocktrans).)*)", re.S)


def untrimmed(source: str) -> list[str]:
    """Blocks of text that span lines but would keep the line breaks in the catalogue."""
    return [text for options, text in SPANNING.findall(source) if "\n" in text and "trimmed" not in options]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_holds_nothing_the_policy_refuses(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert [what for what, pattern in REFUSED.items() if pattern.search(source)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_translated_blocks_over_several_lines_are_trimmed(path: Path) -> None:
    assert untrimmed(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("inline script", "<script>alert(1)</script>"),
        ("inline script", "<SCRIPT defer>x</SCRIPT>"),
        ("inline style", "<style>p{}</style>"),
        ("style attribute", '<p class="a" style="color:red">'),
        ("event attribute", '<a href="#" onclick="x()">'),
        ("event attribute", '<a hx-on:click="x()">'),
        ("script address", '<a href="javascript:x()">'),
        ("other site", '<img alt="" src="https://example.org/a.png">'),
        ("other site", '<script src="//example.org/a.js"></script>'),
    ],
)
def test_check_finds_what_it_is_for(what: str, source: str) -> None:
    assert [found for found, pattern in REFUSED.items() if pattern.search(source)] == [what]


def test_check_finds_untrimmed_blocks() -> None:
    assert untrimmed("{% blocktranslate %}a\nb{% endblocktranslate %}") == ["a\nb"]
    assert untrimmed("{% blocktranslate trimmed %}a\nb{% endblocktranslate %}") == []
    assert untrimmed("{% blocktranslate %}a{% endblocktranslate %}\n{% x %}") == []
