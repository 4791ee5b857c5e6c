"""Deciding a call after it closed: the host's choice, or the lottery. Either once; the results are told by the schedule."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import services as approvals
from clair_portal.audit.services import record
from clair_portal.gatherings.calling import lock
from clair_portal.gatherings.enums import CallState, Outcome, Selection
from clair_portal.gatherings.held import save
from clair_portal.gatherings.lottery import drawn
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.rules import Refused, must_host, phase

SELECT = "gatherings.call.select"  # the kind of approval (call_approval.py)
CHOSEN = 0  # what `proposed` says of those who are selected; a reserve has its number


def _closed(call: Call, selection: str, actor: Reader, now: dt.datetime) -> Call:
    """The call, locked, once it waits to be decided in this way."""
    must_host(call, actor)
    locked = lock(call)
    if locked.state == CallState.DECIDED:
        raise Refused(_("This call is decided already; that happens once. Nothing was changed."))
    if phase(locked, now) != CallState.CLOSED:
        raise Refused(_("A call is decided after it has closed. Nothing was changed."))
    if locked.selection != selection:
        raise Refused(_("This call is decided in another way. Nothing was changed."))
    return locked


def _standing(call: Call) -> list[Application]:
    found = list(Application.objects.filter(call=call).standing())
    if not found:
        raise Refused(_("No organisation has applied, so there is nothing to decide. Cancel the call."))
    return found


@transaction.atomic
def draw(call: Call, *, seed: str, source: str, day: dt.date, actor: Reader, now: dt.datetime) -> None:
    """Draws once with the number the call had named. Raises Refused before closing, and for a second time."""
    locked = _closed(call, Selection.LOTTERY, actor, now)
    by_lot = {each.lot: each for each in _standing(locked)}
    locked.seed, locked.seed_source, locked.seed_day, locked.lots = seed, source, day, sorted(by_lot)
    locked.state, locked.results_at = CallState.DECIDED, now
    save(locked, now, "seed", "seed_source", "seed_day", "lots", "state", "results_at")
    for each in drawn(seed, by_lot):
        selected = each.rank <= locked.places
        _decide(by_lot[each.lot], CHOSEN if selected else each.rank - locked.places, rank=each.rank)
    record("gatherings.call.drawn", locked, actor=actor.signature, title=locked.titles, number=seed, source=source)


def _decide(application: Application, proposed: int | None, rank: int | None = None) -> None:
    state = Outcome.NOT_SELECTED if proposed is None else Outcome.SELECTED if proposed == CHOSEN else Outcome.RESERVE
    application.state, application.rank, application.reserve = state, rank, proposed or None
    application.save(update_fields=["state", "rank", "reserve"])


@transaction.atomic
def choose(call: Call, *, choice: dict[Application, int | None], actor: Reader, now: dt.datetime) -> None:
    """Keeps what the host is about to decide; nobody is told. Raises Refused for too many, and for gaps among reserves."""
    locked = _closed(call, Selection.APPROVAL, actor, now)
    reserves = sorted(number for number in choice.values() if number)
    if sum(number == CHOSEN for number in choice.values()) > locked.places:
        raise Refused(
            _("There are %(places)s places, and more are chosen. Nothing was saved.") % {"places": locked.places}
        )
    if reserves != list(range(1, len(reserves) + 1)):
        raise Refused(_("Number the reserves 1, 2, 3 and so on, each number once. Nothing was saved."))
    for application, number in choice.items():
        application.proposed = number
        application.save(update_fields=["proposed"])
    approvals.touched(locked)
    record("gatherings.call.chosen", locked, actor=actor.signature, title=locked.titles)


def refusal(call: Call, actor: Reader, now: dt.datetime) -> str:
    """Why the choice may not be made final yet; empty where it may."""
    if not Application.objects.filter(call=call, proposed=CHOSEN).exists():
        return _("Choose first who is selected.")
    return approvals.refusal(SELECT, str(call.pk), actor=actor, now=now)


@transaction.atomic
def confirm(call: Call, *, actor: Reader, now: dt.datetime) -> None:
    """The choice becomes the result. Raises Refused where a route of approval holds and it is not approved."""
    locked = _closed(call, Selection.APPROVAL, actor, now)
    if reason := refusal(locked, actor, now):
        raise Refused(reason)
    standing = _in_order(_standing(locked))
    selected = sum(each.proposed == CHOSEN for each in standing)
    for place, each in enumerate(standing, 1):  # a reserve that was withdrawn since leaves no gap in the numbers
        _decide(each, place - selected if each.proposed else each.proposed)
    locked.state, locked.results_at = CallState.DECIDED, now
    save(locked, now, "state", "results_at")
    approvals.carried_out(SELECT, str(locked.pk), actor=actor, now=now)
    record("gatherings.call.decided", locked, actor=actor.signature, title=locked.titles)


def _in_order(applications: list[Application]) -> list[Application]:
    """Selected ones, then reserves by their number, then the others."""
    return sorted(applications, key=lambda each: (each.proposed is None, each.proposed or 0))
