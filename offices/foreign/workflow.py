"""The life of a request of a local government abroad, as data. The office holds it; whoever asked follows by a link.

Holder "requester" is the foreign side: it has no account, moves are made for it when a letter through its link arrives.
Source of the steps: docs/data-sources.md (requests of partner cities; the offices inform foreign parties of Japan).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.casework.enums import ReferralState
from clair_portal.casework.workflow import State, Transition, Workflow, register
from offices.foreign import effects
from offices.workflow import NOBODY, RIGHTS, A, F, H

KIND = "offices.foreign"
# What whoever asked reads of a state, behind the link and in mails: in every language of the public.
SAID = {
    "received": _("Your request has arrived"),
    "in_progress": _("The office is working on it"),
    "details_asked": _("The office has a question for you"),
    "at_headquarters": _("Tokyo headquarters is looking at it"),
    "offered": _("Your request is now with %(office)s"),
    "passed_to": _("Your request is now with %(office)s"),
    "with_partner": _("A Japanese local government has been asked"),
    "answered": _("The office has answered"),
    "closed": _("Finished"),
    "declined": _("The office cannot help (with the reason)"),
    "withdrawn": _("You withdrew it"),
}
STATES = (
    State("received", _("Received"), SAID["received"], F, "move", 1,
          _("When the office takes it up, whoever asked is told by mail."), 5, 0),
    State("in_progress", _("In progress"), SAID["in_progress"], F, "move", 2,
          _("When the office answers, the answer goes out by mail."), 20, 1),
    State("details_asked", _("Office asks abroad"), SAID["details_asked"], A, "wait", 0,
          _("When the answer arrives through the link, the office goes on."), 20),
    State("at_headquarters", _("At headquarters"), SAID["at_headquarters"], H, "move", 2,
          _("When headquarters has looked at it, an office goes on."), 10),
    State("offered", _("Offered to another office"), SAID["offered"], F, "move", 2,
          _("When the other office accepts, it goes on with it; until then the first one can take it back."), 5),
    State("passed_to", _("Referred to another office"), SAID["passed_to"], F, "move", 2,
          _("When the office accepts, it goes on with it."), 5),
    State("with_partner", _("With a Japanese local government"), SAID["with_partner"], F, "move", 3,
          _("When the Japanese local government has answered, the office passes the answer on."), 20),
    State("answered", _("Answered"), SAID["answered"], F, "move", 4,
          _("When there are no more questions, the office closes it."), 20, 2),
    State("closed", _("Closed"), SAID["closed"], NOBODY, "done", 4, step=3),
    State("declined", _("Declined"), SAID["declined"], NOBODY, "stop"),
    State("withdrawn", _("Withdrawn"), SAID["withdrawn"], NOBODY, "stop"),
)  # fmt: skip
WORKING = ("received", "in_progress", "with_partner")
PASSED = ("offered", "passed_to")
OPEN = (*WORKING, "details_asked", "at_headquarters", *PASSED, "answered")
MAILED = _("Whoever asked gets your words by mail, in the language of the form, and reads them through the link.")
TOLD = _("Whoever asked is told the new state by mail.")
READS = _("Your office reads the request and its shared papers until it ends; its internal messages stay its own.")

TRANSITIONS = (
    Transition("take_up", _("Take it up"), ("received",), "in_progress", F, "cases.work", "offices.foreign.taken_up", (F,),
               main=True, referral=ReferralState.ACCEPTED, explanation=TOLD),
    Transition("answer", _("Answer"), ("in_progress", "with_partner"), "answered", F, "cases.work", "offices.foreign.answered",
               (H, F), main=True, reason=True, effect=effects.write_abroad, form="foreign_answer", explanation=MAILED),
    Transition("ask_abroad", _("Ask whoever asked"), WORKING, "details_asked", F, "cases.work", "offices.foreign.asked", (F,),
               reason=True, suspends=True, effect=effects.write_abroad, form="foreign_question", explanation=MAILED),
    Transition("reply", _("Answer the office"), ("details_asked",), "in_progress", A, "cases.file", "offices.foreign.replied",
               (F,), main=True, reason=True, resumes=True, effect=effects.write_abroad),
    Transition("introduce", _("Pass it to a Japanese local government"), ("in_progress",), "with_partner", F, "cases.work",
               "offices.foreign.introduced", (H, F), effect=effects.introduce, form="foreign_partner", explanation=TOLD),
    Transition("pass_on", _("Pass it to headquarters"), ("received", "in_progress"), "at_headquarters", F, "cases.work",
               "offices.foreign.passed_on", (H, F), reason=True, explanation=TOLD),
    Transition("give_back", _("Give it back to the office"), ("at_headquarters",), "in_progress", H, "cases.triage",
               "offices.foreign.given_back", (H, F), main=True, reason=True, told_former=True, effect=effects.give_back,
               explanation=TOLD),
    Transition("refer", _("Pass it to another office"), ("at_headquarters",), "passed_to", H, "cases.triage",
               "offices.foreign.referred", (H, F), reason=True, told_former=True, effect=effects.refer, form="foreign_office",
               explanation=TOLD),
    Transition("offer", _("Offer it to another office"), ("received", "in_progress"), "offered", F, "cases.work",
               "offices.foreign.offered", (H, F), reason=True, referral=ReferralState.OFFERED, effect=effects.offer,
               form="foreign_office", explanation=READS),
    Transition("accept", _("Accept"), PASSED, "in_progress", F, "cases.work", "offices.foreign.accepted", (H, F), main=True,
               referral=ReferralState.ACCEPTED, former=ReferralState.READING, told_former=True, explanation=TOLD),
    Transition("return_offer", _("Return it to the office that offers it"), ("offered",), "in_progress", F, "cases.work",
               "offices.foreign.returned", (H, F), reason=True, referral=ReferralState.RETURNED, former=ReferralState.ACCEPTED,
               told_former=True, explanation=TOLD),
    Transition("return", _("Return to headquarters"), ("passed_to",), "at_headquarters", F, "cases.work",
               "offices.foreign.returned", (H, F), reason=True, referral=ReferralState.RETURNED, told_former=True,
               explanation=TOLD),
    Transition("take_back", _("Take the offer back"), ("offered",), "in_progress", F, "cases.work", "offices.foreign.taken_back",
               (H, F), reason=True, by_former=True, referral=ReferralState.REVOKED, former=ReferralState.ACCEPTED,
               told_former=True, explanation=TOLD),
    Transition("call_back", _("Call back from the office"), PASSED, "at_headquarters", H, "cases.triage",
               "offices.foreign.called_back", (H, F), reason=True, referral=ReferralState.REVOKED, former=ReferralState.READING,
               told_former=True, explanation=TOLD),
    Transition("decline", _("Decline"), WORKING, "declined", F, "cases.work", "offices.foreign.declined", (H, F), reason=True,
               stop=True, told_former=True, effect=effects.write_abroad, explanation=MAILED),
    Transition("decline_at_headquarters", _("Decline"), ("at_headquarters",), "declined", H, "cases.triage",
               "offices.foreign.declined", (H, F), reason=True, stop=True, told_former=True, effect=effects.write_abroad,
               explanation=MAILED),
    Transition("go_on", _("Go on with it"), ("answered",), "in_progress", F, "cases.work", "offices.foreign.gone_on", (F,),
               explanation=TOLD),
    Transition("close", _("Close"), ("answered",), "closed", F, "cases.work", "offices.foreign.closed", (H, F), main=True,
               told_former=True, explanation=TOLD),
    Transition("withdraw", _("Withdraw"), OPEN, "withdrawn", A, "cases.file", "offices.foreign.withdrawn", (H, F), reason=True,
               stop=True, told_former=True, effect=effects.write_abroad),
    Transition("reopen", _("Reopen"), ("closed", "declined", "withdrawn"), "in_progress", F, "cases.work",
               "offices.foreign.reopened", (H, F), reason=True, explanation=TOLD),
    # Where the other office returned it and headquarters declined, no office works on it that could.
    Transition("reopen_at_headquarters", _("Reopen"), ("declined",), "at_headquarters", H, "cases.triage",
               "offices.foreign.reopened", (H, F), reason=True, told_former=True, explanation=TOLD),
)  # fmt: skip

FOREIGN = Workflow(
    kind=KIND, label=_("Request of a local government abroad"), series="外", states=STATES, transitions=TRANSITIONS,
    proposed=True, rights={**RIGHTS, A: RIGHTS[F]},  # the office stands in for whoever asked: it hears that an answer is overdue
)  # fmt: skip
register(FOREIGN)
