"""One action on many rows of the list of cases: looked at first, done in one transaction, taken back once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework import services
from clair_portal.casework.checklist import add_task
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Assignment, BulkAction, Case, Task
from clair_portal.casework.rules import sides_of

MOST = 500
UNDONE_WITHIN = dt.timedelta(minutes=30)
TAKE, TASK = "take", "task"
Values = dict[str, Any]


class Refused(Exception):
    """With the sentence that is shown. Nothing was done."""


@dataclass(frozen=True)
class Kind:
    """`why_not`: nothing, or the sentence why a case is left out. `do`: gives what undoing needs. `undo`: whether it could."""

    label: Promise
    why_not: Callable[[Case, Reader], str]
    do: Callable[[Case, Values, Reader, dt.datetime], Values]
    undo: Callable[[Case, Values, Reader], bool]


@dataclass(frozen=True)
class Line:
    """One row of what will happen."""

    case: Case
    why_not: str


def _side(case: Case, reader: Reader) -> Holder | None:
    """Where the reader would be in charge: on the side that has the ball, if it is theirs."""
    return min(sides_of(case, reader), key=lambda found: (found != case.holder, found), default=None)


def _held(case: Case, reader: Reader) -> Q:
    return Q(case=case, side=_side(case, reader), organisation=reader.scope.organisation)


# --- In charge ------------------------------------------------------------------------------------------------------------
def _cannot_take(case: Case, reader: Reader) -> str:
    if case.holder == Holder.NOBODY:
        return _("It is finished.")
    if _side(case, reader) is None or reader.chosen is None:
        return _("Your organisation has nothing to do on it.")
    held = Assignment.objects.filter(_held(case, reader), posting=reader.chosen.id)
    return _("You are in charge already.") if held.exists() else ""


def _take(case: Case, values: Values, reader: Reader, now: dt.datetime) -> Values:
    side = _side(case, reader)
    assert side is not None
    before = Assignment.objects.filter(_held(case, reader)).values("posting", "since").first()
    services.take_on(case, side, actor=reader, now=now)
    return {"posting": before["posting"] if before else None, "since": before["since"].isoformat() if before else None}


def _give_back(case: Case, kept: Values, reader: Reader) -> bool:
    """Only while the reader still is in charge; where nobody was before, nobody is again."""
    mine = Assignment.objects.filter(_held(case, reader), posting=reader.chosen.id if reader.chosen else None)
    if kept["posting"] is None:
        found = mine.delete()[0]
    else:
        found = mine.update(posting=kept["posting"], since=dt.datetime.fromisoformat(kept["since"]))
    if found:
        record("casework.case.given_back", case, actor=reader.signature)
    return bool(found)


# --- Tasks ----------------------------------------------------------------------------------------------------------------
def _no_task(case: Case, reader: Reader) -> str:
    return "" if sides_of(case, reader) else _("Your organisation has nothing to do on it.")


def _add(case: Case, values: Values, reader: Reader, now: dt.datetime) -> Values:
    return {"task": add_task(case, title=values["title"], due_on=values["due_on"], actor=reader, now=now).pk}


def _remove(case: Case, kept: Values, reader: Reader) -> bool:
    """A task that was finished meanwhile stays."""
    return bool(Task.objects.visible_to(reader.scope).filter(pk=kept["task"], done_at=None).delete()[0])


KINDS: dict[str, Kind] = {
    TAKE: Kind(gettext_lazy("Take charge"), _cannot_take, _take, _give_back),
    TASK: Kind(gettext_lazy("Add a task"), _no_task, _add, _remove),
}


# --- The way --------------------------------------------------------------------------------------------------------------
def preview(key: str, cases: Sequence[Case], reader: Reader) -> list[Line]:
    """What would happen to each. Raises Refused where nothing or too much was chosen."""
    if not cases:
        raise Refused(_("Tick the rows you mean first."))
    if len(cases) > MOST:
        raise Refused(_("At most %(count)s rows at once. Narrow the list first.") % {"count": MOST})
    return [Line(case, KINDS[key].why_not(case, reader)) for case in cases]


@transaction.atomic
def carry_out(
    key: str, cases: Sequence[Case], *, values: Values, expected: int, actor: Reader, now: dt.datetime
) -> BulkAction:
    """Does it to all that can be done. `expected`: how many the page said; with another number nothing is done."""
    locked = list(Case.objects.visible_to(actor.scope).filter(pk__in=[case.pk for case in cases]).order_by("pk"))
    fit = [line.case for line in preview(key, locked, actor) if not line.why_not]
    if len(fit) != expected or not fit:
        raise Refused(_("Some of these changed while you looked at them, so nothing was done. Look at them again."))
    done = [{"case": case.pk, "number": case.number, **KINDS[key].do(case, values, actor, now)} for case in fit]
    made = BulkAction(
        action=key, organisation_id=actor.scope.organisation, posting_id=_posting(actor), signature=actor.signature,
        done_at=now, rows=done,
    )  # fmt: skip
    made.save(force_insert=True)
    record("casework.bulk.done", made, actor=actor.signature, action=str(KINDS[key].label), count=len(done))
    return made


def _posting(reader: Reader) -> int:
    assert reader.scope.posting is not None
    return reader.scope.posting


def may_undo(made: BulkAction, now: dt.datetime) -> str:
    """Nothing, or the sentence why not."""
    if made.undone_at:
        return _("This was taken back already.")
    return "" if now - made.done_at <= UNDONE_WITHIN else _("It can be taken back within 30 minutes only.")


@transaction.atomic
def undo(made: BulkAction, *, actor: Reader, now: dt.datetime) -> int:
    """Takes the whole back, once. Raises Refused: too late, done already, or somebody went on working with a row."""
    locked = BulkAction.objects.visible_to(actor.scope).select_for_update().get(pk=made.pk)
    if refusal := may_undo(locked, now):
        raise Refused(refusal)
    cases = Case.objects.visible_to(actor.scope).in_bulk([row["case"] for row in locked.rows])
    kind = KINDS[locked.action]
    changed = [
        row["number"] or str(row["case"]) for row in locked.rows
        if row["case"] not in cases or not kind.undo(cases[row["case"]], row, actor)
    ]  # fmt: skip
    if changed:
        said = _("Somebody went on working with %(cases)s, so nothing was taken back.")
        raise Refused(said % {"cases": ", ".join(changed[:5])})
    locked.undone_at = now
    locked.save(update_fields=["undone_at"])
    record("casework.bulk.undone", locked, actor=actor.signature, action=str(kind.label), count=len(locked.rows))
    return len(locked.rows)
