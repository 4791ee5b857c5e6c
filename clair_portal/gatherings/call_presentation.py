"""What pages show of calls: the closing moment on the clock of Tokyo and on the reader's, the fee, the lottery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clair_portal.calendars.eras import in_words
from clair_portal.calendars.fiscal import tokyo_date
from clair_portal.calendars.zones import TwoZones, in_both_zones
from clair_portal.gatherings.enums import OUTCOMES, PHASES, CallState, Outcome, Selection
from clair_portal.gatherings.lottery import drawn, recipe
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.presentation import TOKYO
from clair_portal.gatherings.rules import phase
from clair_portal.language.cldr import number
from clair_portal.language.words import page_language

TEXTS = ("title", "summary", "conditions", "fee_note", "seed_rule")


def clocks(instant: dt.datetime) -> TwoZones:
    """The moment in Tokyo, where it counts, and on the reader's clock where that is another one."""
    return in_both_zones(instant, TOKYO, timezone.get_current_timezone_name(), get_language() or "en")


def both_clocks(instant: dt.datetime) -> str:
    two = clocks(instant)
    return f"{two.main} ({two.other})" if two.other else two.main


def row(call: Call, now: dt.datetime) -> dict[str, Any]:
    """A line of a list; `other`: whether the title is not in the language of the page."""
    title, lang = call.in_language("title", page_language())
    stands = phase(call, now)
    return {
        "call": call, "title": title, "lang": lang, "other": lang != page_language(), "badge": PHASES[stands],
        "phase": stands, "closes": clocks(call.closes_at), "left": left(call.closes_at, now) if stands == "open" else "",
    }  # fmt: skip


def rows(calls: Iterable[Call], now: dt.datetime) -> list[dict[str, Any]]:
    return [row(call, now) for call in calls]


def left(closes: dt.datetime, now: dt.datetime) -> str:
    """How long one can still apply: days by the calendar of Tokyo, on the last day the hours."""
    days = (tokyo_date(closes) - tokyo_date(now)).days
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return _("closes today")


def page(call: Call, now: dt.datetime) -> dict[str, Any]:
    """What everybody reads of a call; `texts`: each with the language it is written in."""
    texts = {name: dict(zip(("text", "lang"), call.in_language(name, page_language()), strict=True)) for name in TEXTS}
    return {
        **row(call, now), "texts": texts, "opens": clocks(call.opens_at), "fee": fee(call), "here": page_language(),
        "selection": Selection(call.selection).label, "lottery": lottery(call), "by_lottery": call.selection == Selection.LOTTERY,
    }  # fmt: skip


def fee(call: Call) -> str:
    if call.fee is None:
        return ""
    return _("%(amount)s yen") % {"amount": number(call.fee)} if call.fee else _("free of charge")


def lottery(call: Call) -> dict[str, Any]:
    """The drawn lots in their order with their hashes, and the recipe that gives the same; empty before the draw."""
    if not call.seed:
        return {}
    order = [{"drawn": each, "selected": each.rank <= call.places} for each in drawn(call.seed, call.lots)]
    day = in_words(call.seed_day) if call.seed_day else ""
    return {"order": order, "recipe": recipe(call.seed, call.lots), "day": day, "example": order[0]["drawn"]}


def outcome(application: Application) -> dict[str, Any]:
    """The badge of an application: a reserve with its number."""
    badge = dict(OUTCOMES[application.state])
    if application.state == Outcome.RESERVE:
        badge["label"] = _("reserve no. %(number)s") % {"number": application.reserve}
    return badge


def own_sentence(application: Application, call: Call, now: dt.datetime) -> str:
    """What the applying organisation reads about its application."""
    words = {"when": both_clocks(call.closes_at), "number": application.reserve, "lot": application.lot}
    open_still = phase(call, now) == CallState.OPEN
    if call.state == CallState.CANCELLED:
        return _("The host cancelled this call.")
    return {
        Outcome.SENT: _("It has arrived. You can change or withdraw it until %(when)s.") if open_still
        else _("It arrived in time. You are told as soon as the call is decided."),
        Outcome.SELECTED: _("Your organisation is selected."),
        Outcome.RESERVE: _(
            "Your organisation is reserve no. %(number)s. When a selected one withdraws, the first reserve moves up by itself, "
            "and is told."
        ),
        Outcome.NOT_SELECTED: _("Your organisation is not selected this time."),
        Outcome.WITHDRAWN: _("You withdrew it. You can send it again until %(when)s.") if open_still
        else _("You withdrew it."),
    }[Outcome(application.state)] % words  # fmt: skip
