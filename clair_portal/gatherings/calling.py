"""Calls for participants: planning, publishing, applying, withdrawing. Each call of these is one action, logged."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.strangers import call as ask_database
from clair_portal.approvals.services import touched
from clair_portal.audit.services import record
from clair_portal.gatherings import held
from clair_portal.gatherings.call_presentation import both_clocks
from clair_portal.gatherings.enums import CallState, Selection
from clair_portal.gatherings.held import save
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.rules import HOST, Refused, must_host, phase
from clair_portal.outbox.services import Post, tell

SIDE = "applicant"  # whose entries of the log these are: who applied is for the applicant and the host


@transaction.atomic
def plan_call(*, values: dict[str, Any], actor: Reader, now: dt.datetime) -> Call:
    """A new call of the actor's organisation, in the actor's charge; nobody else reads it before it is published."""
    posting = actor.chosen.id if actor.chosen else None
    call = Call(**values, organisation_id=actor.scope.organisation, posting_id=posting, created_at=now, changed_at=now)
    call.save(force_insert=True)
    record("gatherings.call.planned", call, actor=actor.signature, title=call.titles)
    return call


@transaction.atomic
def change_call(call: Call, *, values: dict[str, Any], version: int, actor: Reader, now: dt.datetime) -> None:
    """`values`: of a published call only what may change. Raises Refused for a stranger, a closed call, an earlier closing,
    and when somebody else saved meanwhile."""
    must_host(call, actor)
    locked = lock(call)
    if locked.version != version:
        raise Refused(_("Somebody else saved this call meanwhile. Load the page again; copy what you typed first."))
    if phase(locked, now) in (CallState.CLOSED, CallState.DECIDED, CallState.CANCELLED):
        raise Refused(_("The call is closed; it stays as it was when organisations applied. Nothing was saved."))
    closes = values.get("closes_at", locked.closes_at)
    if locked.released_at and (closes < locked.closes_at or closes < now):
        raise Refused(_("A published call can close later, never earlier. Write a later day; nothing was saved."))
    for name, value in values.items():
        setattr(locked, name, value)
    save(locked, now, *values)
    record("gatherings.call.changed", locked, actor=actor.signature, title=locked.titles)


def lock(call: Call) -> Call:
    return Call.objects.select_for_update(of=("self",)).get(pk=call.pk)


@transaction.atomic
def publish_call(call: Call, *, actor: Reader, now: dt.datetime) -> None:
    """Everybody reads it; organisations apply in its window. Raises Refused for one that could take no application."""
    must_host(call, actor)
    locked = lock(call)
    if locked.state != CallState.PLANNED:
        raise Refused(_("This call is published already. Nothing was changed."))
    if locked.closes_at <= now:
        raise Refused(_("The closing moment is over. Change it first; nothing was published."))
    if locked.selection == Selection.LOTTERY and not (locked.seed_rule_ja or locked.seed_rule_en):
        raise Refused(_("Say first which public number the lottery will use. Nothing was published."))
    locked.state, locked.released_at = CallState.OPEN, now
    save(locked, now, "state", "released_at")
    record("gatherings.call.published", locked, actor=actor.signature, title=locked.titles)


@transaction.atomic
def cancel_call(call: Call, *, actor: Reader, now: dt.datetime) -> None:
    """Whoever applied is told. Raises Refused for one that is decided."""
    must_host(call, actor)
    locked = lock(call)
    if locked.state in (CallState.DECIDED, CallState.CANCELLED):
        raise Refused(_("This call is decided or cancelled already. Nothing was changed."))
    locked.state = CallState.CANCELLED
    save(locked, now, "state")
    record("gatherings.call.cancelled", locked, actor=actor.signature, title=locked.titles)


# --- Applying -----------------------------------------------------------------------------------------------------------
def refusal(went: str, call: Call) -> str:
    """The sentence for what the database answered to an application."""
    words = {"when": both_clocks(call.closes_at), "opens": both_clocks(call.opens_at), "most": call.most_people}
    return {
        "closed": _(
            "This call closed on %(when)s, before your application arrived. Nothing was saved or changed. What you typed is "
            "still here: copy it if you need it."
        ),
        "early": _("This call opens on %(opens)s. Nothing was saved. What you typed is still here."),
        "cancelled": _("The host cancelled this call meanwhile. Nothing was saved. What you typed is still here."),
        "many": _("One organisation may name %(most)s people at most. Nothing was saved."),
        "stale": _(
            "Somebody of your organisation changed the application meanwhile. Nothing was saved: copy what you typed, and "
            "open the page again."
        ),
    }.get(went, _("There is no such call. Nothing was saved.")) % words  # fmt: skip


@transaction.atomic
def apply(call: Call, *, values: dict[str, Any], version: int, actor: Reader) -> int:
    """The application of the actor's organisation, or what it is changed into. Returns its lot number.

    Whether it is in time the database decides, under the lock of the call and by its own clock. Raises Refused with the
    moment the call closed.
    """
    given = {name: values[name] for name in ("people", "names", "reason", "contact", "email")} | {"version": version}
    answer: dict[str, Any] = ask_database("gatherings_apply", call.pk, uuid.uuid4(), json.dumps(given)) or {"went": ""}
    if answer["went"] != "sent":
        call.refresh_from_db(fields=["closes_at", "opens_at", "most_people"])
        raise Refused(refusal(answer["went"], call))
    made = Application(pk=uuid.UUID(answer["id"]))
    record("gatherings.application.sent", made, actor=actor.signature, side=SIDE, title=call.titles)
    if not version:
        _tell_the_host(call, made, actor)
    return int(answer["lot"])


def _tell_the_host(call: Call, made: Application, actor: Reader) -> None:
    """Whoever is in charge hears of a new application; where nobody is, everybody there who holds calls."""
    words = {"title": call.titles, "organisation": actor.chosen.names if actor.chosen else {}}
    tell(
        "gatherings.call.applied", made, posts=[Post(call.organisation_id, HOST, posting=call.posting_id)], params=words,
        path=f"/desk/calls/{call.pk}/applications/", occasion="applied",
    )  # fmt: skip


@transaction.atomic
def put_in_charge(call: Call, *, posting: Posting, actor: Reader, now: dt.datetime) -> None:
    """A colleague of the actor; who is put in charge by somebody else is told. Raises Refused."""
    must_host(call, actor)
    refusal = _("Choose somebody of the organisation that holds the call. Nothing was changed.")
    held.put_in_charge(lock(call), kind="call", refusal=refusal, posting=posting, actor=actor, now=now)


@transaction.atomic
def withdraw(application: Application, *, actor: Reader) -> None:
    """A place that is given back goes to the first reserve. Raises Refused where there is nothing to withdraw any more."""
    if ask_database("gatherings_withdraw", application.pk) != "withdrawn":
        raise Refused(_("This application cannot be withdrawn any more. Nothing was changed."))
    touched(application.call)
    record(
        "gatherings.application.withdrawn", application, actor=actor.signature, side=SIDE, title=application.call.titles
    )
