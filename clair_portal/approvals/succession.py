"""What a successor takes over: stamps that are asked for, and drafts under way. What was stamped keeps its name."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.approvals import posts
from clair_portal.approvals.enums import Result, State
from clair_portal.approvals.models import Approval, ApprovalStep
from clair_portal.audit.services import record


def hand_over(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Steps that name the posting, or a title or role that only this posting holds, are asked of the successor from now on.

    Returns how many approvals the successor takes over something of.
    """
    place = from_posting.organisation.parent_id or from_posting.organisation_id
    under_way = Approval.objects.filter(state=State.CIRCULATING, organisation__in=[place, from_posting.organisation_id])
    open_steps = ApprovalStep.objects.filter(approval__in=under_way, result=Result.OPEN, struck=False)
    moved = set()
    for step in open_steps.select_related("approval"):
        if _is_only_holder(step, from_posting, timezone.localdate(now)):
            post = f"{posts.POSTING}:{to_posting.pk}"
            ApprovalStep.objects.filter(pk=step.pk).update(post=post, post_name=step.post_name)
            moved.add(step.approval_id)
    drafted = under_way.filter(drafted_posting=from_posting.pk)
    moved |= set(drafted.values_list("pk", flat=True))
    drafted.update(drafted_posting=to_posting.pk)
    successor = {"ja": to_posting.person.name, "en": to_posting.person.display_name("en")}
    for approval in Approval.objects.filter(pk__in=moved):
        record(
            "approvals.approval.handed_over", approval, actor=actor.signature, title=approval.title, successor=successor
        )
    return len(moved)


def _is_only_holder(step: ApprovalStep, posting: Posting, on: dt.date) -> bool:
    """Others who hold the same title or role go on being asked, so nothing has to move."""
    held = posts.holders(step.post, step.approval.organisation_id, on)
    return [found.pk for found in held] == [posting.pk] or step.post == f"{posts.POSTING}:{posting.pk}"
