"""Small marks within a row: state, deadline, who holds the ball, a count."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .values import one_of, pick

TONES = frozenset({"", "move", "wait", "done", "late", "stop"})


def badge(state: object = None, *, label: object = "", tone: str = "", fill: int = 0) -> SafeString:
    """A state: word, tone and how full its circle is (0 to 4), from `state` or from the keywords.

    `state.label`, `state.tone` ("" not begun, move, wait, done, late, stop), `state.fill`. The workflow's data carries
    tone and fill: no template chooses a colour. ValueError: unknown tone, or a fill outside 0 to 4.
    """
    if state is not None:
        label, tone, fill = pick(state, "label"), str(pick(state, "tone")), int(pick(state, "fill", 0))
    one_of(tone, TONES, "tone of a badge")
    if not 0 <= fill <= 4:
        raise ValueError(f"A badge is filled from 0 to 4 quarters, not {fill}.")
    classes = " ".join(filter(None, ["badge", tone, f"f{fill}" if fill else ""]))
    return format_html('<span class="{}">{}</span>', classes, label)


def deadline(due: object) -> SafeString:
    """A deadline in both zones, and what is left of it.

    `due.main` ("31 Mar 17:00 London"), `due.other` ("1 Apr 01:00 Tokyo", may be empty), `due.iso` (with offset),
    `due.left` ("1 working day left", may be empty), `due.soon` (True: also when it has passed). None: "No deadline".
    """
    if not due:
        return format_html('<span class="muted">{}</span>', _("No deadline"))
    iso, other, left = pick(due, "iso"), pick(due, "other"), pick(due, "left")
    main = pick(due, "main")
    when = format_html('<time datetime="{}">{}</time>', iso, main) if iso else format_html("{}", main)
    elsewhere = format_html("<span>{}</span>", other) if other else ""
    classes = "left left-soon" if pick(due, "soon", False) else "left"
    rest = format_html('<br><span class="{}">{}</span>', classes, left) if left else ""
    return format_html('<span class="tz"><b>{}</b>{}</span>{}', when, elsewhere, rest)


def ball(holder: object = "", *, mine: bool | None = None) -> SafeString:
    """Who has to act now. `holder`: a name, or an object with `name` and `mine`. Filled and "You": the reader."""
    name = holder if isinstance(holder, str) else pick(holder, "name")
    own = bool(pick(holder, "mine", False)) if mine is None else mine
    if own:
        words = _("You (%(name)s)") % {"name": name} if name else _("You")
        return format_html('<span class="ball ball-me">{}</span>', words)
    return format_html('<span class="ball">{}</span>', name or pgettext("holder", "Nobody"))


def count(number: int, *, mine: bool = False, label: str = "") -> SafeString:
    """A number in a small round ground. `label`: what is counted, for screen readers ("unread")."""
    said = format_html('<span class="vh"> {}</span>', label) if label else ""
    return format_html('<span class="{}">{}{}</span>', "count count-me" if mine else "count", f"{number:,}", said)


def tag(words: Any) -> SafeString:
    """A quiet remark beside something: no state, no action."""
    return format_html('<span class="tag">{}</span>', words)
