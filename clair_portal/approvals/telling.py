"""Who hears of what: whoever is asked, the drafter, and - when it becomes void - everybody who has stamped."""

from __future__ import annotations

from typing import Any

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import posts
from clair_portal.approvals.enums import Result
from clair_portal.approvals.kinds import KINDS
from clair_portal.approvals.models import Approval, ApprovalStep
from clair_portal.language.words import in_both
from clair_portal.outbox.services import Post, tell

ASKED = "approvals.approval.asked"


def path_of(approval: Approval) -> str:
    return f"/desk/approvals/{approval.pk}/"


def said(approval: Approval) -> dict[str, Any]:
    """Values of every sentence about an approval."""
    return {
        "title": approval.title,
        "kind": in_both(KINDS[approval.kind].label) if approval.kind in KINDS else approval.kind,
    }


def _tell(event: str, approval: Approval, to: list[Post], occasion: str, actor: Reader | None, **more: Any) -> None:
    words = {**said(approval), "actor": actor.signature if actor else {}, **more}
    but_not = actor.person if actor else None
    tell(event, approval, posts=to, params=words, path=path_of(approval), occasion=occasion, but_not=but_not)


def tell_steps(approval: Approval, *, occasion: str, actor: Reader, event: str = ASKED, **more: Any) -> None:
    """Those who are asked now."""
    steps = ApprovalStep.objects.filter(
        approval=approval, struck=False, order=approval.at_order, result=Result.OPEN
    )  # fmt: skip
    to = [posts.address(step.post, approval.organisation_id) for step in steps]
    _tell(event, approval, to, occasion, actor, **more)


def _drafter(approval: Approval) -> Post:
    return Post(approval.organisation_id, "", posting=approval.drafted_posting)


def tell_drafter(event: str, approval: Approval, *, occasion: str, actor: Reader, **more: Any) -> None:
    _tell(event, approval, [_drafter(approval)], occasion, actor, **more)


def tell_everybody(event: str, approval: Approval, *, occasion: str, **more: Any) -> None:
    """The drafter, everybody who has stamped, and whoever was asked."""
    steps = ApprovalStep.objects.filter(approval=approval, struck=False)
    stamped = [Post(approval.organisation_id, "", posting=step.posting) for step in steps if step.posting]
    asked = [
        posts.address(step.post, approval.organisation_id)
        for step in steps
        if step.result == Result.OPEN and step.order == approval.at_order
    ]
    _tell(event, approval, [_drafter(approval), *stamped, *asked], occasion, None, **more)
