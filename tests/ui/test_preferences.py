"""The sheet that follows from a cookie, and that nginx says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clair_portal.ui import preferences

NGINX = Path(__file__).parents[2] / "deploy" / "nginx" / "preferences.conf"


def test_without_a_cookie_the_sheet_says_nothing() -> None:
    for cookie in (None, "", "unknown", "LARGE", "large;x", 'large"', "x" * 61):
        assert preferences.sheet(cookie) == "/* nothing chosen */"


def test_the_sheet_says_what_was_chosen_in_a_steady_order() -> None:
    assert preferences.sheet("large") == ":root{font-size:125%}"
    assert preferences.sheet("large.furigana") == preferences.sheet("furigana.large")
    assert preferences.chosen("no-furigana.contrast") == {
        "furigana": "no-furigana", "size": "", "contrast": "contrast", "spacing": "",
    }  # fmt: skip
    assert preferences.cookie_of({"furigana": "furigana", "size": "huge", "spacing": "spaced"}) == "furigana.spaced"


def test_nginx_knows_the_same_words_and_sheets() -> None:
    text = NGINX.read_text()
    for group, words in preferences.GROUPS.items():
        [block] = re.findall(rf"map \$reading \$reading_{group} {{\n(.*?)\n}}", text, re.S)
        found = re.findall(r'"~\(\^\|\\\.\)([a-z-]+)\(\\\.\|\$\)" "([^"]*)";', block)
        assert found == list(words.items())
    assert f'~{preferences.EDITION}\\"' in text


def _luminance(colour: str) -> float:
    digits = "".join(c * 2 for c in colour[1:]) if len(colour) == 4 else colour[1:]
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
def test_high_contrast_is_at_least_seven_to_one(dark: bool) -> None:
    colours = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]+)", preferences.CONTRAST.split("@media")[dark]))
    for name in ("text", "text2", "text3", "link", "visited", "key", "key-deep", "ok", "warn", "err"):
        for ground in ("bg", "wash", "sunk", "sea", "key-50", "ok-50", "warn-50", "err-50"):
            light, deep = sorted((_luminance(colours[name]), _luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (deep + 0.05) >= 7, (name, ground)
    light, deep = sorted((_luminance(colours["on-key"]), _luminance(colours["key"])), reverse=True)
    assert (light + 0.05) / (deep + 0.05) >= 7
