"""Lines of a change as people read them: what ends, what begins, who has the work, when access ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.calendars.zones import in_both_zones
from clair_portal.staffing.models import ChangeState, StaffChange, StaffLine
from clair_portal.staffing.plan import Line, Plan, newcomer
from clair_portal.ui.components.marks import badge

TOKYO = "Asia/Tokyo"


def midnight(at: dt.datetime, zone: str, language: str) -> str:
    """On the clock of its place, and in Tokyo where that differs."""
    both = in_both_zones(at, zone, TOKYO, language)
    if not both.other:
        return both.main
    return f"{both.main}({both.other})" if language.startswith("ja") else f"{both.main} ({both.other})"


def state_badge(change: StaffChange, now: dt.datetime) -> str:
    if change.state == ChangeState.CONFIRMED and change.takes_effect_at and change.takes_effect_at <= now:
        return badge(label=_("in effect"), tone="done", fill=4)
    tone, fill = {"draft": ("wait", 1), "confirmed": ("done", 4), "taken_back": ("stop", 0)}[change.state]
    return badge(label=ChangeState(change.state).label, tone=tone, fill=fill)


def listed(change: StaffChange, now: dt.datetime) -> dict[str, Any]:
    at = change.takes_effect_at
    return {
        "change": change, "badge": state_badge(change, now), "people": len(change.rows) if at is None else change.lines.count(),
        "at": midnight(at, TOKYO, get_language() or "en") if at else "–",
    }  # fmt: skip


def _midnights(line: Line) -> dict[str, str]:
    language = get_language() or "en"
    found = {"ends": "", "begins": ""}
    if line.ends_at and line.posting:
        found["ends"] = midnight(line.ends_at, line.posting.organisation.time_zone, language)
    if line.begins_at and line.organisation:
        found["begins"] = midnight(line.begins_at, line.organisation.time_zone, language)
    return found


def planned(line: Line, reader: Reader) -> dict[str, Any]:
    """One line of the dry run."""
    posting, midnights = line.posting, _midnights(line)
    return {
        "line": line, "row": line.row.number, "name": line.name,
        "now": f"{posting.organisation} {posting.title or posting.role}" if posting else "",
        "ends": in_words(line.ends) if line.ends else "",
        "access": _access(line, midnights["ends"], midnights["begins"]),
        "next": f"{line.organisation} {line.title or line.role}" if line.organisation else "",
        "starts": in_words(line.row.starts_on) if line.row.starts_on and line.organisation else "",
        "until": in_words(line.row.next_ends_on) if line.row.next_ends_on and line.organisation else "",
        "waiting": [f"{label} {number}" for label, number in line.waiting],
        "inherits": line.inherits, "asks": line.asks, "choices": [] if line.row.successor else line.choices, "chosen": line.chosen,
    }  # fmt: skip


def _access(line: Line, midnight_there: str, next_midnight: str) -> str:
    """What becomes of the access, in one sentence."""
    if not line.ends:
        return ""
    if line.stays:
        words = {"post": ", ".join(f"{p.organisation} {p.title or p.role}" for p in line.stays), "at": midnight_there}
        return _("This access ends at %(at)s; %(post)s stays.") % words
    if line.leaves:
        return _("All access ends at %(at)s.") % {"at": midnight_there}
    if line.begins_at and line.ends_at and line.begins_at > line.ends_at:
        return _("There is no access from %(at)s until %(until)s.") % {"at": midnight_there, "until": next_midnight}
    return _("Access goes over at %(at)s.") % {"at": midnight_there}


def sums(plan: Plan) -> list[tuple[str, int]]:
    """The dry run in numbers."""
    lines = plan.lines
    return [
        (pgettext("change of staff", "People"), len(lines)),
        (_("Postings that end"), sum(bool(line.ends) for line in lines)),
        (_("Postings that begin"), sum(line.organisation is not None for line in lines)),
        (_("People who leave"), sum(line.leaves for line in lines)),
        (_("Invitations"), sum(line.invited for line in lines)),
        (_("Open items that go to a successor"), sum(line.count for line in lines if line.successor or line.heir)),
        (_("Posts with open work and no successor"), len(plan.questions)),
    ]


def written(line: StaffLine, now: dt.datetime) -> dict[str, Any]:
    """One line of a confirmed change."""
    posting = line.posting
    heir = (
        line.successor.person.display_name()
        if line.successor
        else newcomer(line.heir.name, line.heir.name_latin)
        if line.heir
        else ""
    )
    return {
        "name": line.person.display_name() if line.person else newcomer(line.name, line.name_latin), "row": line.row,
        "now": f"{posting.organisation} {posting.title or posting.role}" if posting else "",
        "ends": in_words(line.ends_on) if line.ends_on else "",
        "next": f"{line.organisation} {line.title or line.role}" if line.organisation else "",
        "starts": in_words(line.starts_on) if line.starts_on else "",
        "inherits": heir, "work": _work(line, now), "invited": line.invitation is not None,
        "pack": reverse("handover", args=[posting.pk]) if posting and line.ends_on else "",
    }  # fmt: skip


def _work(line: StaffLine, now: dt.datetime) -> str:
    if line.due_at is None or line.posting is None:
        return ""
    if line.moved_at:
        if not (line.successor_id or line.heir_id):
            return _("ended; the work stays with the organisation")
        return ngettext("%(count)s item moved", "%(count)s items moved", line.moved) % {"count": line.moved}
    if line.waits_since:
        return _("waits for the invitation to be accepted")
    at = midnight(line.due_at, line.posting.organisation.time_zone, get_language() or "en")
    if not (line.successor_id or line.heir_id):
        return _("ends at %(at)s, without a successor") % {"at": at}
    return _("moves at %(at)s") % {"at": at}
