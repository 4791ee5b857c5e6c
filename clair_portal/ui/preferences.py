"""How a reader wants public pages to look: words in one cookie, and a style sheet that follows from them.

The pages are files and the same for all; each links /preferences.css, which says the little that differs. nginx answers
that address by the same words (deploy/nginx/preferences.conf); a test compares the two.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

COOKIE = "portal_reading"
_WELL_FORMED = re.compile(r"[a-z.-]{1,60}")
SHOWN = (
    ":root:root rt{display:revert}body.public{line-height:2.1}"
    ":root:root .readings-on{display:none}:root:root .readings-off{display:inline-flex}"
)
HIDDEN = (
    ":root:root rt{display:none}:root:root body.public{line-height:1.75}"
    ":root:root .readings-on{display:inline-flex}:root:root .readings-off{display:none}"
)
# At least 7:1 on the ground of the page, in light and dark.
CONTRAST = (
    ":root:root{--bg:#fff;--wash:#fff;--sunk:#fff;--sea:#fff;--key-50:#fff;--ok-50:#fff;--warn-50:#fff;--err-50:#fff;"
    "--text:#000;--text2:#000;--text3:#222;--edge:#000;--line:#333;--hair:#666;--key:#00118f;--key-200:#00118f;"
    "--key-deep:#000071;--on-key:#fff;--link:#00118f;--visited:#6b006b;--ok:#0a4025;--warn:#4d3c00;--warn-mark:#4d3c00;"
    "--err:#850000}:root:root ::placeholder{color:var(--text3);opacity:1}"
    "@media(prefers-color-scheme:dark){:root:root{--bg:#000;--wash:#000;--sunk:#000;--sea:#000;--key-50:#000;--ok-50:#000;"
    "--warn-50:#000;--err-50:#000;--text:#fff;--text2:#fff;--text3:#ddd;--edge:#fff;--line:#ccc;--hair:#999;--key:#c5d7fb;"
    "--key-200:#c5d7fb;--key-deep:#d9e6ff;--on-key:#000;--link:#c5d7fb;--visited:#ffc0ff;--ok:#9be0b9;--warn:#ffd43d;"
    "--warn-mark:#ffd43d;--err:#ffb8b8}}"
)
# Word of the cookie → what the sheet then says. At most one of each group counts: the first that the cookie names.
GROUPS: dict[str, dict[str, str]] = {
    "furigana": {"furigana": SHOWN, "no-furigana": HIDDEN},
    "size": {"large": ":root{font-size:125%}", "largest": ":root{font-size:150%}"},
    "contrast": {"contrast": CONTRAST},
    "spacing": {"spaced": ":root:root body.public{letter-spacing:.08em;word-spacing:.16em;line-height:2.2}"},
}
NOTHING = "/* nothing chosen */"
EDITION = hashlib.sha256(repr(GROUPS).encode()).hexdigest()[:8]  # of the sheets: part of their ETag


def words_of(cookie: str | None) -> str:
    """The cookie as it counts: "" when it holds anything but small letters, points and hyphens."""
    return cookie if cookie and _WELL_FORMED.fullmatch(cookie) else ""


def chosen(cookie: str | None) -> dict[str, str]:
    """The word of each group, "" for what the page does by itself."""
    words = words_of(cookie).split(".")
    return {group: next((word for word in known if word in words), "") for group, known in GROUPS.items()}


def cookie_of(choices: Mapping[str, str]) -> str:
    """What the cookie is to hold; "" when it is not needed. Words that are unknown are left out."""
    return ".".join(_known(choices))


def _known(choices: Mapping[str, str]) -> Iterable[str]:
    return (choices[group] for group, words in GROUPS.items() if choices.get(group) in words)


def sheet(cookie: str | None) -> str:
    found = [GROUPS[group][word] for group, word in chosen(cookie).items() if word]
    return "".join(found) or NOTHING


def etag(cookie: str | None) -> str:
    return f'"{words_of(cookie)}~{EDITION}"'
