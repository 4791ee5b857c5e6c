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
    "offices.work.logged": _("%(actor)s logged work: %(summary)s"),
    "offices.work.changed": _("%(actor)s corrected a work entry: %(summary)s"),
    "offices.feedback.given": _("%(actor)s gave feedback: %(score)s of 5."),
    "offices.precondition.kept": _("%(actor)s changed what %(office)s asks for beforehand: %(text)s"),
    "offices.referral.revoked": _("%(actor)s called the request back from the office. Reason: %(reason)s"),
    "offices.referral.asked": _("%(actor)s asked the requester: %(reason)s"),
    "offices.referral.informed": _("%(actor)s answered the office: %(reason)s"),
    "offices.request.begun": _("%(actor)s began the work."),
    "offices.request.reported": _("%(actor)s sent the report."),
    "offices.request.came_back": _("All offices have returned the request; headquarters decides anew."),
    "offices.request.accepted_by_one": _("The first of several offices has accepted."),
    "offices.request.begun_by_one": _("The first of several offices has begun."),
    "offices.request.gone_back": _(
        "The office that was ahead is no longer on it; the request stands where the others are."
    ),
    "offices.request.all_reported": _("All offices have reported."),
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
    "offices.work.logged": Notice(
        _("Progress on %(number)s: %(title)s"), _("%(actor)s tells of progress:\n\n%(summary)s")
    ),
    "offices.feedback.given": Notice(
        _("Feedback on %(number)s: %(title)s"), _("%(actor)s gives %(score)s of 5.\n\n%(comment)s")
    ),
    "offices.referral.revoked": Notice(
        _("Called back by headquarters: %(title)s"),
        _("Headquarters called the request %(number)s back.\n\nReason: %(reason)s"),
    ),
    "offices.referral.asked": Notice(
        _("Question of the office: %(title)s"), _("%(actor)s asks about %(number)s:\n\n%(reason)s")
    ),
    "offices.referral.informed": Notice(
        _("Answer to the office: %(title)s"), _("%(actor)s answered on %(number)s:\n\n%(reason)s")
    ),
    "offices.request.begun": Notice(_("Work has begun: %(title)s"), _("%(actor)s began the work on %(number)s.")),
    "offices.request.reported": Notice(
        _("Report from %(office)s: %(title)s"), _("%(office)s sent the report on the request %(number)s.")
    ),
    "offices.request.came_back": Notice(
        _("Returned by all offices: %(title)s"), _("No office can help with %(number)s. Headquarters decides anew.")
    ),
    "offices.request.all_reported": Notice(
        _("All offices have reported: %(title)s"), _("Every office has sent its report on %(number)s.")
    ),
    "offices.request.closed": Notice(_("Finished: %(title)s"), _("The case %(number)s is closed.")),
    "offices.request.withdrawn": Notice(
        _("Withdrawn: %(title)s"), _("The requester withdrew %(number)s.\n\nReason: %(reason)s")
    ),
    "offices.request.reopened": Notice(
        _("Reopened: %(title)s"), _("The case %(number)s goes on.\n\nReason: %(reason)s")
    ),
}
