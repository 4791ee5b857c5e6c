"""Sentences of the log and what people are told. `ApprovalStep`s name people; these say who did what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.outbox.notices import Notice

SENTENCES = {
    "approvals.approval.drafted": _("%(actor)s drafted “%(title)s” for approval."),
    "approvals.approval.stamped": _("%(actor)s approved “%(title)s” as %(post)s."),
    "approvals.approval.proxied": _("%(actor)s approved “%(title)s” as proxy of %(post)s."),
    "approvals.approval.approved": _("“%(title)s” is approved; the last stamp was set by %(actor)s."),
    "approvals.approval.returned": _("%(actor)s sent “%(title)s” back to an earlier step. Reason: %(reason)s"),
    "approvals.approval.sent_back": _("%(actor)s sent “%(title)s” back to the drafter. Reason: %(reason)s"),
    "approvals.approval.taken_back": _("%(actor)s took “%(title)s” back from approval."),
    "approvals.approval.voided": _("The approval of “%(title)s” became void. Changed since it was frozen: %(what)s"),
    "approvals.approval.seen": _("%(actor)s noted having seen what a proxy stamped: “%(title)s”."),
    "approvals.approval.handed_over": _("%(actor)s handed the stamp on “%(title)s” over to %(successor)s."),
    "approvals.route.changed": _("%(actor)s changed the route of approval “%(name)s”."),
    "approvals.route.begun": _("%(actor)s set up the route of approval “%(name)s”."),
    "approvals.authority.given": _("%(actor)s made %(proxy)s the proxy of %(principal)s from %(day)s."),
    "approvals.authority.ended": _("%(actor)s ended the authority of %(proxy)s for %(principal)s on %(day)s."),
}

NOTICES = {
    "approvals.approval.asked": Notice(
        _("Waits for your stamp: %(title)s"),
        _("%(kind)s: “%(title)s” waits for your approval. Read the document and its papers, then stamp or send back."),
    ),
    "approvals.approval.approved": Notice(
        _("Approved: %(title)s"), _("All stamps on “%(title)s” are set. You can do now what was approved.")
    ),
    "approvals.approval.returned": Notice(
        _("Sent back for another stamp: %(title)s"),
        _("%(actor)s sent “%(title)s” back to an earlier step.\n\nReason: %(reason)s"),
    ),
    "approvals.approval.sent_back": Notice(
        _("Sent back to you: %(title)s"),
        _("%(actor)s sent “%(title)s” back to the drafter.\n\nReason: %(reason)s"),
    ),
    "approvals.approval.taken_back": Notice(
        _("Taken back: %(title)s"), _("%(actor)s took “%(title)s” back. Nothing waits for your stamp any more.")
    ),
    "approvals.approval.voided": Notice(
        _("The approval is void: %(title)s"),
        _("“%(title)s” was changed after it was frozen: %(what)s. All stamps are void. It has to be drafted again."),
    ),
}
