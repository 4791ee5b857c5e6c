"""Event → sentence in the log, and notice to people. Declared here, told by the outbox."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.outbox.notices import Notice

SENTENCES = {
    "offices.request.filed": _("%(actor)s filed the request %(number)s."),
    "offices.request.passed_on": _("%(actor)s passed the request on to headquarters."),
    "offices.request.sent_back": _("%(actor)s returned the request to the requester. Reason: %(reason)s"),
    "offices.request.referred": _("%(actor)s referred the request to %(office)s."),
    "offices.request.asked": _("%(actor)s asked for more information: %(reason)s"),
    "offices.request.informed": _("%(actor)s gave the information: %(reason)s"),
    "offices.request.declined": _("%(actor)s declined the request. Reason: %(reason)s"),
    "offices.referral.accepted": _("%(actor)s accepted the request."),
    "offices.referral.returned": _("%(actor)s returned the request to headquarters. Reason: %(reason)s"),
    "offices.request.answered": _("%(actor)s sent the answer."),
    "offices.request.closed": _("%(actor)s closed the case."),
    "offices.request.withdrawn": _("%(actor)s withdrew the request. Reason: %(reason)s"),
    "offices.request.reopened": _("%(actor)s reopened the case. Reason: %(reason)s"),
}

NOTICES = {
    "offices.request.filed": Notice(
        _("Request filed: %(title)s"), _("%(from)s filed the request %(number)s: %(title)s")
    ),
    "offices.request.passed_on": Notice(
        _("Passed on to headquarters: %(title)s"), _("The branch passed the request %(number)s on to headquarters.")
    ),
    "offices.request.sent_back": Notice(
        _("Returned by the branch: %(title)s"), _("The branch returned the request %(number)s.\n\nReason: %(reason)s")
    ),
    "offices.request.referred": Notice(
        _("Referred to %(office)s: %(title)s"), _("Headquarters referred the request %(number)s to %(office)s.")
    ),
    "offices.request.asked": Notice(
        _("Headquarters asks: %(title)s"), _("Headquarters needs more information on %(number)s.\n\n%(reason)s")
    ),
    "offices.request.informed": Notice(_("Information given: %(title)s"), _("On %(number)s:\n\n%(reason)s")),
    "offices.request.declined": Notice(
        _("Declined: %(title)s"), _("Headquarters could not accept the request %(number)s.\n\nReason: %(reason)s")
    ),
    "offices.referral.accepted": Notice(
        _("Accepted by the office: %(title)s"), _("%(actor)s accepted the request %(number)s and starts to work on it.")
    ),
    "offices.referral.returned": Notice(
        _("Returned by the office: %(title)s"), _("%(actor)s returned the request %(number)s.\n\nReason: %(reason)s")
    ),
    "offices.request.answered": Notice(
        _("Answer from %(office)s: %(title)s"), _("%(office)s answered the request %(number)s.")
    ),
    "offices.request.closed": Notice(_("Finished: %(title)s"), _("The case %(number)s is closed.")),
    "offices.request.withdrawn": Notice(
        _("Withdrawn: %(title)s"), _("The requester withdrew %(number)s.\n\nReason: %(reason)s")
    ),
    "offices.request.reopened": Notice(
        _("Reopened: %(title)s"), _("The case %(number)s goes on.\n\nReason: %(reason)s")
    ),
}
