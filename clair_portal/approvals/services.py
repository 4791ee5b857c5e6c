"""Drafting, stamping, sending back, taking back. Each call is one action under the lock of the approval."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import posts, printing, routes, voiding
from clair_portal.approvals.enums import Result, State
from clair_portal.approvals.kinds import KINDS, content_of, digest, frozen, sealed
from clair_portal.approvals.models import Approval, ApprovalStep, RouteTemplate
from clair_portal.approvals.rules import Refused, Way, allowed, is_drafter, way_of
from clair_portal.approvals.telling import said, tell_drafter, tell_steps
from clair_portal.audit.queries import subject_of
from clair_portal.audit.services import record
from clair_portal.language.words import page_language

THE_DRAFTER = 0


@transaction.atomic
def draft(*, kind: str, subject_id: str, note: str = "", actor: Reader, now: dt.datetime) -> Approval:
    """Freezes what is to be approved and asks the first step of the route that holds today.

    Raises Refused: the kind's own reason, no route, or an approval of it that stands already.
    """
    declared = KINDS[kind]
    if refusal := declared.may_draft(subject_id, actor):
        raise Refused(refusal)
    language = page_language()
    content = content_of(kind, subject_id, language)
    if content is None or actor.chosen is None:
        raise Refused(_("What is to be approved is no longer there."))
    organisation = actor.scope.organisation
    route = routes.route_for(kind, organisation, content.amount, timezone.localdate(now))
    steps = routes.asked(route, content.amount) if route else []
    if route is None or not steps:
        raise Refused(_("No route of approval holds for this today. Headquarters' administrators set one up."))
    kept = frozen(content)
    approval = Approval(
        organisation_id=organisation, kind=kind, subject_type=declared.subject_type, subject_id=subject_id,
        title=content.title[:200], amount=content.amount, template=route, template_version=route.version,
        route_name=route.name, language=language, content=kept, content_digest=digest(kept), note=note.strip(),
        drafted_by=actor.person, drafted_posting=actor.chosen.id, drafted_as=actor.signature, created_at=now,
        at_order=steps[0].order,
    )  # fmt: skip
    document = printing.printed(approval, [], language, now)
    approval.seal = sealed(approval.content_digest, printing.sha256(document))
    _insert(approval)
    printing.keep(approval, document, now)
    ApprovalStep.objects.bulk_create(_step(approval, place, step) for place, step in enumerate(steps))
    entry = record("approvals.approval.drafted", approval, actor=actor.signature, **said(approval))
    tell_steps(approval, occasion=str(entry.pk), actor=actor)
    return approval


def _insert(approval: Approval) -> None:
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("An approval of this stands already. Open it instead of drafting another.")) from error


def _step(approval: Approval, place: int, step: routes.Asked) -> ApprovalStep:
    return ApprovalStep(
        approval=approval, order=step.order, place=place, post=step.post, post_name=posts.label(step.post),
        own_draft=step.own_draft, final=step.final,
    )  # fmt: skip


# --- Deciding -----------------------------------------------------------------------------------------------------------
def approve(step: ApprovalStep, *, seal: str, comment: str = "", actor: Reader, now: dt.datetime) -> Approval:
    """Sets one stamp. When all of a step are there the next is asked; after the last it is approved.

    `seal`: the hash of what the person saw. Raises Refused, and Void when it was edited meanwhile: then nothing is
    stamped and the whole chain has become void.
    """
    with transaction.atomic():
        approval, locked, way = _locked(step, seal, actor)
        if not (changes := voiding.void_if_changed(approval, now=now)):
            _sign(locked, Result.APPROVED, way, comment, actor, now)
            _go_on(approval, locked, actor, now)
    _refuse_what_changed(changes)
    return approval


def send_back(step: ApprovalStep, *, to: int, reason: str, seal: str, actor: Reader, now: dt.datetime) -> Approval:
    """To an earlier step, whose stamps and all later ones are struck, or to the drafter (`to` 0), which ends this one."""
    if not reason.strip():
        raise Refused(_("Write the reason, so that the other side knows what to do."))
    with transaction.atomic():
        approval, locked, way = _locked(step, seal, actor)
        if to != THE_DRAFTER and to not in earlier_orders(approval, locked.order):
            raise Refused(_("It can be sent back to an earlier step or to the drafter. Choose one of them."))
        if not (changes := voiding.void_if_changed(approval, now=now)):
            _sign(locked, Result.SENT_BACK, way, reason, actor, now)
            _return(approval, to, reason.strip(), actor, now)
    _refuse_what_changed(changes)
    return approval


def _refuse_what_changed(changes: list[dict[str, str]]) -> None:
    """After the transaction that made it void, so that this stays."""
    if changes:
        raise voiding.Void(voiding.sentence(changes))


def _locked(step: ApprovalStep, seal: str, actor: Reader) -> tuple[Approval, ApprovalStep, Way]:
    approval = lock(step.approval_id, actor)
    fresh = ApprovalStep.objects.get(pk=step.pk)
    way = allowed(approval, fresh, actor)
    if seal != approval.seal:
        raise Refused(_("What you saw is not what is frozen now. Look at it again; nothing was stamped."))
    return approval, fresh, way


def lock(pk: Any, actor: Reader) -> Approval:
    """The approval, locked against edits that call `touched` and against other stamps."""
    seen = Approval.objects.visible_to(actor.scope).select_for_update(of=("self",))
    approval = seen.filter(pk=pk).first()
    if approval is None:
        raise Refused(_("This approval is no longer there."))
    return approval


def _sign(step: ApprovalStep, result: Result, way: Way, comment: str, actor: Reader, now: dt.datetime) -> None:
    """Name and post as they are now: the stamp keeps them whatever becomes of the person."""
    step.result, step.decided_at, step.comment = result, now, comment.strip()
    step.person, step.posting, step.proxy = actor.person, way.held.id, way.proxy
    step.name = {"ja": actor.name_as_written, "en": actor.name_latin or actor.name_as_written}
    step.stamped_as = posts.label_of(way.held.title, way.held.roles)
    step.seal = Approval.objects.values_list("seal", flat=True).get(pk=step.approval_id)
    step.save(
        update_fields=[
            "result", "decided_at", "comment", "person", "posting", "proxy", "name", "stamped_as", "seal",
        ]
    )  # fmt: skip


def standing_steps(approval: Approval) -> list[ApprovalStep]:
    """The steps that count, in order; those struck by a sending back are history."""
    return list(ApprovalStep.objects.filter(approval=approval, struck=False).order_by("order", "place"))


def earlier_orders(approval: Approval, before: int) -> list[int]:
    """Orders of steps that come before one, each once."""
    return sorted({step.order for step in standing_steps(approval) if step.order < before})


def _go_on(approval: Approval, stamped: ApprovalStep, actor: Reader, now: dt.datetime) -> None:
    """The next order is asked when everybody of this one has approved; without one it is approved."""
    words = {**said(approval), "post": stamped.post_name}
    event = "approvals.approval.proxied" if stamped.proxy else "approvals.approval.stamped"
    entry = record(event, approval, actor=actor.signature, **words)
    rest = [step for step in standing_steps(approval) if step.result == Result.OPEN]
    if any(step.order == stamped.order for step in rest):
        return
    if rest:
        approval.at_order = rest[0].order
        approval.save(update_fields=["at_order"])
        tell_steps(approval, occasion=str(entry.pk), actor=actor)
        return
    _end(approval, State.APPROVED, "", actor, now)
    entry = record("approvals.approval.approved", approval, actor=actor.signature, **said(approval))
    tell_drafter("approvals.approval.approved", approval, occasion=str(entry.pk), actor=actor)
    KINDS[approval.kind].approved(approval, now)


def _return(approval: Approval, to: int, reason: str, actor: Reader, now: dt.datetime) -> None:
    again = [step for step in standing_steps(approval) if step.order >= max(to, 1)]
    words = {**said(approval), "reason": reason}
    if to == THE_DRAFTER:
        ApprovalStep.objects.filter(pk__in=[step.pk for step in again]).update(struck=True)
        _end(approval, State.SENT_BACK, reason, actor, now)
        entry = record("approvals.approval.sent_back", approval, actor=actor.signature, **words)
        tell_drafter("approvals.approval.sent_back", approval, occasion=str(entry.pk), actor=actor, reason=reason)
        KINDS[approval.kind].ended(approval, now)
        return
    decided = [step for step in again if step.result != Result.OPEN]
    ApprovalStep.objects.filter(pk__in=[step.pk for step in decided]).update(struck=True)
    ApprovalStep.objects.bulk_create(_asked_again(step) for step in decided)
    approval.at_order = to
    approval.save(update_fields=["at_order"])
    entry = record("approvals.approval.returned", approval, actor=actor.signature, **words)
    tell_steps(approval, occasion=str(entry.pk), actor=actor, event="approvals.approval.returned", reason=reason)
    tell_drafter("approvals.approval.returned", approval, occasion=f"{entry.pk} d", actor=actor, reason=reason)


def _asked_again(step: ApprovalStep) -> ApprovalStep:
    return ApprovalStep(
        approval_id=step.approval_id, order=step.order, place=step.place, post=step.post, post_name=step.post_name,
        own_draft=step.own_draft, final=step.final,
    )  # fmt: skip


def _end(approval: Approval, state: State, why: str, actor: Reader, now: dt.datetime) -> None:
    approval.state, approval.ended_at, approval.ended_by, approval.why = state, now, actor.signature, why
    approval.save(update_fields=["state", "ended_at", "ended_by", "why"])


@transaction.atomic
def take_back(approval: Approval, *, reason: str = "", actor: Reader, now: dt.datetime) -> Approval:
    """引戻し: the drafter takes it back while it is under way. Stamps that were set stay in the history."""
    locked = lock(approval.pk, actor)
    if locked.state != State.CIRCULATING:
        raise Refused(
            _("This approval is no longer under way: %(state)s. Nothing was taken back.")
            % {"state": locked.get_state_display()}
        )
    if not is_drafter(locked, actor):
        raise Refused(_("Only whoever drafted it takes it back."))
    _end(locked, State.TAKEN_BACK, reason.strip(), actor, now)
    entry = record("approvals.approval.taken_back", locked, actor=actor.signature, **said(locked))
    tell_steps(locked, occasion=str(entry.pk), actor=actor, event="approvals.approval.taken_back")
    KINDS[locked.kind].ended(locked, now)
    return locked


def see(step: ApprovalStep, *, actor: Reader, now: dt.datetime) -> None:
    """後閲: whoever a proxy stamped for notes that they have seen it."""
    approval = lock(step.approval_id, actor)
    way = way_of(approval, step, actor)
    if not step.proxy or way is None or way.proxy:
        raise Refused(_("Only whoever was stamped for can note that they have seen it."))
    if ApprovalStep.objects.filter(pk=step.pk, seen_at=None).update(seen_at=now, seen_by=actor.signature):
        record("approvals.approval.seen", approval, actor=actor.signature, **said(approval))


# --- For callers further up ---------------------------------------------------------------------------------------------
def touched(subject: Model) -> None:
    """Services that write what may be on its way to be approved call this in their transaction: one statement.

    It waits for a stamp that is being set at this moment. What was really changed is compared afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute("select approvals_touched(%s, %s)", subject_of(subject))


def refusal(kind: str, subject_id: str, *, actor: Reader, now: dt.datetime) -> str:
    """Why what needs an approval may not be done yet; empty where it is approved as it stands, or no route asks for it.

    It locks the approval, so that no edit slips in before the caller's transaction ends.
    """
    latest = _latest(kind, subject_id, actor.scope.organisation)
    if latest is not None and latest.state == State.CIRCULATING:
        return _("It is on its way to be approved. Wait until all stamps are set.")
    if latest is not None and latest.state == State.APPROVED:
        changes = voiding.changes_of(latest)
        return voiding.sentence(changes) if changes else ""
    if _route(kind, subject_id, actor.scope.organisation, now) is None:
        return ""
    if latest is not None and latest.state == State.VOID:
        return voiding.sentence(latest.changes)
    return _("This has to be approved first: a route of approval holds for it. Draft the approval.")


def _latest(kind: str, subject_id: str, organisation: int) -> Approval | None:
    found = Approval.objects.filter(kind=kind, organisation=organisation)
    about = found.of(KINDS[kind].subject_type, subject_id)
    return about.select_for_update(of=("self",)).first()


def _route(kind: str, subject_id: str, organisation: int, now: dt.datetime) -> RouteTemplate | None:
    content = content_of(kind, subject_id, page_language())
    amount = content.amount if content else None
    return routes.route_for(kind, organisation, amount, timezone.localdate(now))


def carried_out(kind: str, subject_id: str, *, actor: Reader, now: dt.datetime) -> None:
    """What was approved has been done: later edits of the subject belong to its further life and void nothing."""
    about = Approval.objects.filter(kind=kind, organisation=actor.scope.organisation, state=State.APPROVED)
    about.of(KINDS[kind].subject_type, subject_id).filter(carried_out_at=None).update(carried_out_at=now)
