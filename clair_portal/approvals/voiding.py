"""What was approved is frozen: whoever edits it afterwards, by whatever way, makes the chain void."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.approvals.enums import State
from clair_portal.approvals.kinds import KINDS, Names, content_of, differences, digest, frozen
from clair_portal.approvals.models import Approval
from clair_portal.approvals.rules import Refused
from clair_portal.approvals.telling import said, tell_everybody
from clair_portal.audit.sentences import in_language
from clair_portal.audit.services import record


class Void(Refused):
    """What was to be stamped is not what was frozen any more; the approval has become void."""


def sentence(changes: list[Names]) -> str:
    return _(
        "Since it was frozen this was changed: %(what)s. So the approval is void and nothing was stamped or done. "
        "Look at the change, then draft it again."
    ) % {"what": in_language(changes)}


def changes_of(approval: Approval) -> list[Names]:
    """What differs between what was frozen and what there is now; empty where nothing does."""
    content = content_of(approval.kind, approval.subject_id, approval.language)
    now_there = frozen(content) if content else None
    if now_there is not None and digest(now_there) == approval.content_digest:
        return []
    return differences(approval.content, now_there) or [{"ja": approval.title, "en": approval.title}]


def void_if_changed(approval: Approval, *, now: dt.datetime) -> list[Names]:
    """Compares and, where something differs, makes it void and tells everybody on it. The caller holds the lock."""
    changes = changes_of(approval)
    if not changes:
        return []
    approval.state, approval.ended_at, approval.changes = State.VOID, now, changes
    approval.touched_at = None
    approval.save(update_fields=["state", "ended_at", "changes", "touched_at"])
    entry = record("approvals.approval.voided", approval, what=changes, **said(approval))
    tell_everybody("approvals.approval.voided", approval, occasion=str(entry.pk), what=changes)
    if approval.kind in KINDS:
        KINDS[approval.kind].ended(approval, now)
    return changes


@transaction.atomic
def look_again(approval: Approval, *, now: dt.datetime) -> Approval:
    """Before it is shown: the approval as it stands after the comparison. It is locked only where something differs."""
    standing = approval.state == State.CIRCULATING or (
        approval.state == State.APPROVED and approval.carried_out_at is None
    )
    if not standing or not changes_of(approval):
        return approval
    locked = Approval.objects.standing().select_for_update(of=("self",)).filter(pk=approval.pk).first()
    if locked is None:
        return Approval.objects.get(pk=approval.pk)
    void_if_changed(locked, now=now)
    return locked


def look_at_touched(now: dt.datetime) -> None:
    """Schedule: approvals whose subject was written since the last look."""
    for approval in (
        Approval.objects.standing().exclude(touched_at=None).select_for_update(skip_locked=True, of=("self",))
    ):
        if not void_if_changed(approval, now=now):
            Approval.objects.filter(pk=approval.pk, touched_at=approval.touched_at).update(touched_at=None)
