"""Line icons of one external sprite file; 24 px grid, 1.75 line, round ends."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .values import one_of

SPRITE = "ui/icons.svg"
NAMES = frozenset(
    {
        "alert",
        "ban",
        "bell",
        "book",
        "cal",
        "chart",
        "check",
        "cols",
        "copy",
        "desk",
        "down",
        "edit",
        "exit",
        "file",
        "globe",
        "help",
        "history",
        "home",
        "info",
        "jet",
        "lang",
        "left",
        "link",
        "lock",
        "mail",
        "menu",
        "ok",
        "org",
        "phone",
        "pin",
        "pinmap",
        "play",
        "plus",
        "print",
        "right",
        "search",
        "send",
        "settings",
        "speech",
        "star",
        "stop",
        "swap",
        "trash",
        "up",
        "user",
        "x",
        "xlsx",
    }
)


def icon(name: str, *, label: str = "", big: bool = False) -> SafeString:
    """An icon. Words stand beside it, so it is hidden from screen readers unless `label` says what it means.

    ValueError: the sprite has no icon of that name.
    """
    one_of(name, NAMES, "icon")
    meaning = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" {}><use href="{}#i-{}"/></svg>',
        "i big" if big else "i",
        meaning,
        static(SPRITE),
        name,
    )
