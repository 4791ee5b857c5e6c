"""Event → sentence in the log, and notice to people, of commissioned research."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.outbox.notices import Notice

SENTENCES = {
    "offices.research.filed": _("%(actor)s filed the research request %(number)s."),
    "offices.research.passed_on": _("%(actor)s passed the research request on to headquarters."),
    "offices.research.sent_back": _("%(actor)s returned the research request to the requester. Reason: %(reason)s"),
    "offices.research.office_asked": _("%(actor)s asked %(office)s whether the research is possible."),
    "offices.research.asked": _("%(actor)s asked for more information: %(reason)s"),
    "offices.research.informed": _("%(actor)s gave the information: %(reason)s"),
    "offices.research.declined": _("%(actor)s declined the research request. Reason: %(reason)s"),
    "offices.research.feasible": _("%(actor)s answered that the research is possible."),
    "offices.research.not_feasible": _("%(actor)s answered that the research is not possible. Reason: %(reason)s"),
    "offices.research.office_asks": _("%(actor)s asked the requester: %(reason)s"),
    "offices.research.office_informed": _("%(actor)s answered the office: %(reason)s"),
    "offices.research.returned": _("%(actor)s returned the research request to headquarters. Reason: %(reason)s"),
    "offices.research.called_back": _("%(actor)s called the research request back from the office. Reason: %(reason)s"),
    "offices.research.letter_wanted": _("%(actor)s said yes and asked for the formal request letter."),
    "offices.research.letter_sent": _("%(actor)s sent the formal request letter."),
    "offices.research.letter_passed_on": _("%(actor)s passed the formal request letter on to headquarters."),
    "offices.research.letter_returned": _("%(actor)s asked for another formal request letter. Reason: %(reason)s"),
    "offices.research.referred": _("%(actor)s referred the research to %(office)s."),
    "offices.research.begun": _("%(actor)s began the research."),
    "offices.research.found": _("%(actor)s sent the result to headquarters."),
    "offices.research.answer_returned": _("%(actor)s returned the result to the office. Reason: %(reason)s"),
    "offices.research.answered": _("%(actor)s sent the result to the requester."),
    "offices.research.shared": _("%(actor)s put the research on the shared list."),
    "offices.research.taken_off": _("%(actor)s took the research off the shared list. Reason: %(reason)s"),
    "offices.research.withdrawn": _("%(actor)s withdrew the research request. Reason: %(reason)s"),
    "offices.research.reopened": _("%(actor)s reopened the research. Reason: %(reason)s"),
    "offices.research.copy_asked": _("%(actor)s asked for the full result: %(title)s"),
    "offices.research.copy_released": _("%(actor)s released the full result to %(organisation)s: %(title)s"),
}

NOTICES = {
    "offices.research.filed": Notice(
        _("Research request filed: %(title)s"), _("%(from)s filed the research request %(number)s: %(title)s")
    ),
    "offices.research.passed_on": Notice(
        _("Research request passed on to headquarters: %(title)s"),
        _("The branch passed the research request %(number)s on to headquarters."),
    ),
    "offices.research.sent_back": Notice(
        _("Returned by the branch: %(title)s"),
        _("The branch returned the research request %(number)s.\n\nReason: %(reason)s"),
    ),
    "offices.research.office_asked": Notice(
        _("Is this research possible? %(title)s"),
        _("Headquarters asks %(office)s whether the research %(number)s is possible."),
    ),
    "offices.research.asked": Notice(
        _("Headquarters asks: %(title)s"), _("Headquarters needs more information on %(number)s.\n\n%(reason)s")
    ),
    "offices.research.informed": Notice(_("Information given: %(title)s"), _("On %(number)s:\n\n%(reason)s")),
    "offices.research.declined": Notice(
        _("Research request declined: %(title)s"),
        _("Headquarters could not accept the research request %(number)s.\n\nReason: %(reason)s"),
    ),
    "offices.research.feasible": Notice(
        _("The office says it is possible: %(title)s"),
        _("%(actor)s answered that the research %(number)s is possible. Headquarters tells the requester."),
    ),
    "offices.research.not_feasible": Notice(
        _("The research is not possible: %(title)s"),
        _("%(actor)s answered that the research %(number)s is not possible.\n\nReason: %(reason)s"),
    ),
    "offices.research.office_asks": Notice(
        _("Question of the office: %(title)s"), _("%(actor)s asks about %(number)s:\n\n%(reason)s")
    ),
    "offices.research.office_informed": Notice(
        _("Answer to the office: %(title)s"), _("%(actor)s answered on %(number)s:\n\n%(reason)s")
    ),
    "offices.research.returned": Notice(
        _("Returned by the office: %(title)s"),
        _("%(actor)s returned the research request %(number)s.\n\nReason: %(reason)s"),
    ),
    "offices.research.called_back": Notice(
        _("Called back by headquarters: %(title)s"),
        _("Headquarters called the research request %(number)s back.\n\nReason: %(reason)s"),
    ),
    "offices.research.letter_wanted": Notice(
        _("Possible, please send the formal letter: %(title)s"),
        _("The research %(number)s is possible. Add the formal request letter; nothing has to be typed again."),
    ),
    "offices.research.letter_sent": Notice(
        _("Formal letter sent: %(title)s"), _("The formal request letter on %(number)s waits to be checked.")
    ),
    "offices.research.letter_passed_on": Notice(
        _("Formal letter passed on: %(title)s"),
        _("The branch passed the formal request letter on %(number)s on to headquarters."),
    ),
    "offices.research.letter_returned": Notice(
        _("Another formal letter is needed: %(title)s"),
        _("%(actor)s asks for another formal request letter on %(number)s.\n\nReason: %(reason)s"),
    ),
    "offices.research.referred": Notice(
        _("Research referred to %(office)s: %(title)s"),
        _("Headquarters referred the research %(number)s to %(office)s."),
    ),
    "offices.research.begun": Notice(
        _("The research has begun: %(title)s"), _("%(actor)s began the research %(number)s.")
    ),
    "offices.research.found": Notice(
        _("Result to check: %(title)s"), _("%(actor)s sent the result of %(number)s to headquarters.")
    ),
    "offices.research.answer_returned": Notice(
        _("Result returned to the office: %(title)s"),
        _("Headquarters returned the result of %(number)s.\n\nReason: %(reason)s"),
    ),
    "offices.research.answered": Notice(
        _("The result is here: %(title)s"), _("Headquarters sent the result of the research %(number)s.")
    ),
    "offices.research.shared": Notice(
        _("On the shared list: %(title)s"),
        _("Headquarters put the research %(number)s on the list that all local governments read."),
    ),
    "offices.research.taken_off": Notice(
        _("Taken off the shared list: %(title)s"),
        _("Headquarters took the research %(number)s off the shared list.\n\nReason: %(reason)s"),
    ),
    "offices.research.withdrawn": Notice(
        _("Research request withdrawn: %(title)s"), _("The requester withdrew %(number)s.\n\nReason: %(reason)s")
    ),
    "offices.research.reopened": Notice(
        _("Research reopened: %(title)s"), _("The research %(number)s goes on.\n\nReason: %(reason)s")
    ),
    "offices.research.copy_asked": Notice(
        _("A copy of a research result is asked for: %(title)s"),
        _("%(actor)s asks for the full result of “%(title)s”."),
    ),
    "offices.research.copy_released": Notice(
        _("You can read the full result: %(title)s"),
        _("Headquarters released the full result of “%(title)s” to your organisation."),
    ),
}
