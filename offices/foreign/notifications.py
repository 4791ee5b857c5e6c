"""Event → sentence in the log, and notice to people, of requests from abroad."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.outbox.notices import Notice

SENTENCES = {
    "offices.foreign.received": _("%(actor)s sent the request %(number)s through the public form."),
    "offices.foreign.taken_up": _("%(actor)s took the request up."),
    "offices.foreign.answered": _("%(actor)s answered."),
    "offices.foreign.asked": _("%(actor)s asked whoever sent the request."),
    "offices.foreign.replied": _("%(actor)s answered the question of the office."),
    "offices.foreign.introduced": _("%(actor)s passed the request to %(partner)s."),
    "offices.foreign.passed_on": _("%(actor)s passed the request to headquarters. Reason: %(reason)s"),
    "offices.foreign.given_back": _("%(actor)s gave the request back to the office: %(reason)s"),
    "offices.foreign.referred": _("%(actor)s passed the request to %(office)s. Reason: %(reason)s"),
    "offices.foreign.offered": _("%(actor)s offered the request to %(office)s. Reason: %(reason)s"),
    "offices.foreign.accepted": _("%(actor)s accepted the request."),
    "offices.foreign.returned": _("%(actor)s returned the request. Reason: %(reason)s"),
    "offices.foreign.taken_back": _("%(actor)s took the request back. Reason: %(reason)s"),
    "offices.foreign.called_back": _("%(actor)s called the request back. Reason: %(reason)s"),
    "offices.foreign.declined": _("%(actor)s declined the request. Reason: %(reason)s"),
    "offices.foreign.gone_on": _("%(actor)s goes on with the request."),
    "offices.foreign.closed": _("%(actor)s closed the request."),
    "offices.foreign.withdrawn": _("%(actor)s withdrew the request. Reason: %(reason)s"),
    "offices.foreign.reopened": _("%(actor)s reopened the request. Reason: %(reason)s"),
}
_SAID = _("%(number)s %(title)s\n\n%(actor)s: %(reason)s")
_DONE = _("%(number)s %(title)s\n\n%(actor)s")
NOTICES = {
    "offices.foreign.received": Notice(
        _("Request from abroad: %(title)s"),
        _("%(actor)s sent the request %(number)s through the public form: %(title)s"),
    ),
    "offices.foreign.taken_up": Notice(_("Taken up: %(title)s"), _DONE),
    "offices.foreign.answered": Notice(_("Answered: %(title)s"), _SAID),
    "offices.foreign.asked": Notice(_("Question to the local government abroad: %(title)s"), _SAID),
    "offices.foreign.replied": Notice(_("Answer from abroad: %(title)s"), _SAID),
    "offices.foreign.introduced": Notice(
        _("Passed to a Japanese local government: %(title)s"),
        _("%(actor)s passed %(number)s %(title)s to %(partner)s."),
    ),
    "offices.foreign.partner_asked": Notice(
        _("A local government abroad is looking for you: %(title)s"),
        _(
            "%(office)s passes on a request from abroad (%(number)s).\n\n%(government)s (%(country)s)\n%(contact)s, %(email)s\n\n"
            "%(title)s\n\n%(body)s\n\nTell %(office)s whether you are interested."
        ),
    ),
    "offices.foreign.passed_on": Notice(_("Request from abroad for headquarters: %(title)s"), _SAID),
    "offices.foreign.given_back": Notice(_("Given back to the office: %(title)s"), _SAID),
    "offices.foreign.referred": Notice(_("Request from abroad passed to %(office)s: %(title)s"), _SAID),
    "offices.foreign.offered": Notice(_("Request from abroad offered to %(office)s: %(title)s"), _SAID),
    "offices.foreign.accepted": Notice(_("Request from abroad accepted: %(title)s"), _DONE),
    "offices.foreign.returned": Notice(_("Request from abroad returned: %(title)s"), _SAID),
    "offices.foreign.taken_back": Notice(_("Request from abroad taken back: %(title)s"), _SAID),
    "offices.foreign.called_back": Notice(_("Request from abroad called back: %(title)s"), _SAID),
    "offices.foreign.declined": Notice(_("Request from abroad declined: %(title)s"), _SAID),
    "offices.foreign.gone_on": Notice(_("The office goes on: %(title)s"), _DONE),
    "offices.foreign.closed": Notice(_("Request from abroad closed: %(title)s"), _DONE),
    "offices.foreign.withdrawn": Notice(_("Request from abroad withdrawn: %(title)s"), _SAID),
    "offices.foreign.reopened": Notice(_("Request from abroad reopened: %(title)s"), _SAID),
}
