"""Who may move a case: a predicate returning (allowed, reason); the reason is shown to the person."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.enums import FORMER, Holder, ReferralState, Side
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.workflow import Transition, workflow_of
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE


class NotAllowed(Exception):
    """The action is refused; the message is a sentence for the person."""


class Conflict(NotAllowed):
    """Somebody else changed the case since the page was shown. Without a sentence of its own it says so."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("Somebody else changed this case while you had it open. Look at it again."))


class Answer(NamedTuple):
    allowed: bool
    reason: str = ""


YES = Answer(True)


def sides_of(case: Case, reader: Reader) -> set[Holder]:
    """On which sides of this case the reader stands. A designated city is requester and branch at once."""
    scope = reader.scope
    if scope.role == HEADQUARTERS:
        return {Holder.HEADQUARTERS}
    if scope.role == OFFICE:
        return {Holder.OFFICE} if own_referral(case, reader) not in FORMER else set()
    sides = set()
    if scope.role == MEMBER and case.applicant_id in scope.organisations:
        sides.add(Holder.APPLICANT)
    if scope.role == MEMBER and case.branch_id in scope.organisations:
        sides.add(Holder.BRANCH)
    return sides


def own_referral(case: Case, reader: Reader) -> str:
    """State of the standing referral to the reader's office; asked for only where a case can be passed on and the ball
    does not tell. Empty: nothing was asked for, or nothing stands."""
    mine = reader.scope.organisations
    if not workflow_of(case).passes_on or (case.holder == Holder.OFFICE and case.holding_id in mine):
        return ""
    found = Referral.objects.visible_to(reader.scope).filter(case=case, standing=True)
    return found.values_list("state", flat=True).first() or ""


def why_not_write(case: Case, reader: Reader) -> str:
    """Why the reader adds nothing to the case; empty: they can. Whoever sees a case writes, but for an office that passed it on."""
    state = own_referral(case, reader) if reader.scope.role == OFFICE else ""
    if state == ReferralState.OFFERED:
        return _(
            "Your office offered this case to another one, which writes now. Until it answers you can take it back."
        )
    if state == ReferralState.READING:
        return _("Your office passed this case on. It reads along; the office that has it now writes.")
    return ""


def may_begin(case: Case, transition: Transition, reader: Reader) -> bool:
    """Whether the move begins on a side of the reader's."""
    if transition.by_former:
        return reader.scope.role == OFFICE and own_referral(case, reader) == ReferralState.OFFERED
    return transition.by in sides_of(case, reader)


def side_for_papers(reader: Reader) -> Side:
    return {HEADQUARTERS: Side.HEADQUARTERS, OFFICE: Side.OFFICE}.get(reader.scope.role, Side.APPLICANT)


def _no_longer(case: Case) -> str:
    now = workflow_of(case).state(case.state)
    return _("The case is in the state “%(state)s” now, so this is no longer possible.") % {"state": now.label}


def over(case: Case) -> str:
    """Why nothing more is planned or logged on a case that has ended; empty for one that goes on."""
    return _no_longer(case) if workflow_of(case).state(case.state).ended else ""


def may_move(case: Case, transition: Transition, reader: Reader) -> Answer:
    """Whether the reader may make this move now."""
    if case.state not in transition.sources:
        return Answer(False, _no_longer(case))
    if transition.applies is not None and not transition.applies(case):
        return Answer(False, _("This way is not meant for this case."))
    if not may_begin(case, transition, reader):
        return Answer(False, _("Only the %(side)s can do this.") % {"side": transition.who})
    if not reader.can(transition.right):
        return Answer(False, _("Your posting does not give you the right to do this."))
    return YES


def may_throw_away(case: Case, reader: Reader) -> Answer:
    """Whether the reader may remove a draft that nobody but its own organisation has ever seen."""
    workflow = workflow_of(case)
    if Holder.APPLICANT not in sides_of(case, reader):
        return Answer(False, _("Only the %(side)s can do this.") % {"side": Holder.APPLICANT.label})
    if not reader.can(workflow.rights[Holder.APPLICANT]):
        return Answer(False, _("Your posting does not give you the right to do this."))
    if case.state != workflow.states[0].key or case.filed_at is not None:
        return Answer(False, _("This was filed once and has a number, so it can be withdrawn but not thrown away."))
    return YES


def moves_for(case: Case, reader: Reader) -> list[Transition]:
    """The moves the reader may make, the main one first."""
    moves = [t for t in workflow_of(case).out_of(case.state) if may_move(case, t, reader).allowed]
    return sorted(moves, key=lambda move: (not move.main, move.stop))
