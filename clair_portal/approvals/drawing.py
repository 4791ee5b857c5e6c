"""The stamp: a red seal in three bands - post, date, surname - as Japanese offices set it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clair_portal.approvals.enums import Result
from clair_portal.approvals.models import ApprovalStep
from clair_portal.audit.sentences import in_language
from clair_portal.calendars.eras import format_era, in_words
from clair_portal.language.words import shortened

RED, PAPER = "#c4302b", "#ffffff"
SIZE, CENTRE, RADIUS = 96, 48, 45
MOST = 12  # letters of a line
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々]")


@dataclass(frozen=True)
class Stamp:
    """What a seal shows, and the sentence for those who do not see it. `day`: "" for a place that is still empty."""

    post: str
    surname: str
    day: str
    said: str
    proxy: bool = False
    mark: str = ""

    @property
    def svg(self) -> SafeString:
        """A drawing with fixed colours; the names are text in it."""
        return mark_safe(drawn(self))  # noqa: S308 - every text is escaped in drawn()


def surname(name: str) -> str:
    """早川 of 早川 みお; Brown of Alice Brown."""
    parts = name.split()
    if not parts:
        return ""
    return parts[0] if _JAPANESE.search(name) else parts[-1]


def stamp_of(step: ApprovalStep) -> Stamp:
    """In the language of the page; the day is that of Tokyo."""
    post = in_language(step.post_name)
    if step.result != Result.APPROVED or step.decided_at is None:
        return Stamp(post, "", "", _("%(post)s: not stamped yet") % {"post": post})
    day = timezone.localdate(step.decided_at, ZoneInfo("Asia/Tokyo"))
    said = _("Stamp of %(name)s, %(post)s, %(day)s") % {
        "name": in_language(step.name), "post": in_language(step.stamped_as), "day": in_words(day)
    }  # fmt: skip
    if step.proxy:
        said = _("%(stamp)s, as proxy of %(post)s") % {"stamp": said, "post": post}
    written = in_language(step.name, "ja")
    return Stamp(
        in_language(step.stamped_as, "ja"), surname(written), short(day), said, step.proxy, "代" if step.proxy else ""
    )


def short(day: dt.date) -> str:
    """8.11.25: the year of the era without its letter, as on a date stamp."""
    return format_era(day, "short").lstrip("MTSHR")


def _wide(text: str) -> float:
    """Width in letters: a full-width one counts 1, a narrow one a little more than half."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.58 for letter in text)


def _line(text: str, y: float, most: float, size: float) -> str:
    """A line of text that is made smaller until it fits."""
    fitting = min(size, most / max(_wide(text), 1))
    return (
        f'<text x="{CENTRE}" y="{y + fitting * 0.36:.1f}" font-size="{fitting:.1f}" text-anchor="middle" fill="{RED}">'
        f"{escape(text)}</text>"
    )


def drawn(stamp: Stamp) -> str:
    """The SVG of a stamp. Its words are said again in `aria-label`."""
    top, low = CENTRE - 12, CENTRE + 12
    across = (RADIUS**2 - 12**2) ** 0.5
    lines = "".join(
        f'<line x1="{CENTRE - across:.1f}" y1="{y}" x2="{CENTRE + across:.1f}" y2="{y}" stroke="{RED}" stroke-width="2"/>'
        for y in (top, low)
    )
    mark = (
        f'<circle cx="84" cy="12" r="11" fill="{PAPER}" stroke="{RED}" stroke-width="2"/>'
        f'<text x="84" y="17" font-size="14" text-anchor="middle" fill="{RED}">{escape(stamp.mark)}</text>'
        if stamp.mark
        else ""
    )
    return (
        f'<svg class="stamp" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
        f'role="img" aria-label="{escape(stamp.said)}"><circle cx="{CENTRE}" cy="{CENTRE}" r="{RADIUS}" fill="{PAPER}" '
        f'stroke="{RED}" stroke-width="3"/>{lines}{_line(shortened(stamp.post, MOST), 24, 60, 15)}{_line(stamp.day, CENTRE, 78, 17)}'
        f"{_line(shortened(stamp.surname, MOST), 74, 56, 19)}{mark}</svg>"
    )
