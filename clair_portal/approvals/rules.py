"""Who may set which stamp: a way, or the sentence that says why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Post, Reader
from clair_portal.approvals import posts, routes
from clair_portal.approvals.enums import Result, State
from clair_portal.approvals.models import Approval, ApprovalStep, Authority
from clair_portal.audit.sentences import in_language


class Refused(Exception):
    """The action is refused; the message is a sentence for the person."""


@dataclass(frozen=True)
class Way:
    """How a reader may decide a step: with which posting, and whether in the place of its post."""

    held: Post
    proxy: bool = False


def way_of(
    approval: Approval, step: ApprovalStep, reader: Reader, authorities: Sequence[Authority] | None = None
) -> Way | None:
    """The reader's own post, else as a proxy. It says nothing about whether the step is open.

    `authorities`: all of the organisation that are in force, where a caller asks about many steps.
    """
    held = posts.held_by(reader, approval.organisation_id)
    for post in held:
        if posts.matches(step.post, post):
            return Way(post)
    if authorities is None:
        authorities = routes.authorities_at(approval.organisation_id, reader.today)
    stand_ins = [row for row in authorities if row.principal == step.post]
    covering = [row for row in stand_ins if routes.covers(row, approval.kind, approval.amount)]
    return next((Way(p, proxy=True) for row in covering for p in held if posts.matches(row.proxy, p)), None)


def is_open(approval: Approval, step: ApprovalStep) -> bool:
    """Whether the step is asked now."""
    under_way = approval.state == State.CIRCULATING and step.order == approval.at_order
    return under_way and step.result == Result.OPEN and not step.struck


def own_draft(approval: Approval, step: ApprovalStep, reader: Reader) -> str:
    """Empty, or why somebody else has to stamp: nobody approves their own draft unless the route says so."""
    if reader.person != approval.drafted_by or step.own_draft:
        return ""
    return _(
        "You drafted this yourself, and nobody approves their own draft. "
        "Somebody else who holds the post “%(post)s”, or its proxy, has to stamp it."
    ) % {"post": in_language(step.post_name)}


def is_drafter(approval: Approval, reader: Reader) -> bool:
    """Whoever drafted it, or has taken over the posting it was drafted with."""
    mine = {post.id for post in posts.held_by(reader, approval.organisation_id)}
    return reader.person == approval.drafted_by or approval.drafted_posting in mine


def allowed(approval: Approval, step: ApprovalStep, reader: Reader) -> Way:
    """The way, or Refused with the sentence that is shown."""
    if approval.state != State.CIRCULATING:
        raise Refused(
            _("This approval is no longer under way: %(state)s. Nothing was stamped.")
            % {"state": approval.get_state_display()}
        )
    if not is_open(approval, step):
        raise Refused(_("This step is not waiting for a stamp now. Look at the approval again; nothing was stamped."))
    if (way := way_of(approval, step, reader)) is None:
        raise Refused(_("Only “%(post)s” or its proxy can decide this step.") % {"post": in_language(step.post_name)})
    if refusal := own_draft(approval, step, reader):
        raise Refused(refusal)
    return way
