"""The life of a commissioned research as data: an enquiry whether it is possible, then the formal letter.

Both pass the branch and headquarters; the answer goes back through headquarters, which then shares the result with all
branches. Source of the steps: docs/data-sources.md (commissioned research).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.casework.enums import ALL_SIDES, ReferralState
from clair_portal.casework.workflow import State, Transition, Workflow, register
from offices.research import effects
from offices.workflow import NOBODY, RIGHTS, A, B, F, H, once_filed, through_a_branch, without_a_branch

KIND = "offices.research"
ENQUIRY = (
    State("draft", _("Draft"), _("Your draft"), A, next_step=_("When you file it, your branch checks it."), step=0),
    State("branch_check", _("Branch check"), _("Your branch is checking it"), B, "move", 1,
          _("When the branch passes it on, headquarters looks at it."), 5, 1),
    State("triage", _("HQ triage"), _("Tokyo headquarters is checking it"), H, "move", 1,
          _("When headquarters has looked at it, the overseas office is asked whether it is possible."), 5, 2),
    State("needs_information", _("Needs information"), _("Headquarters is waiting for your answer"), A, "wait", 0,
          _("When the requester answers, headquarters goes on."), 10,
          public_next=_("When you answer, headquarters goes on.")),
    State("feasibility", _("Feasibility asked"), _("The overseas office is looking at whether it is possible"), F, "move", 2,
          _("When the office has answered, headquarters tells the requester."), 10, 3,
          _("When the office has answered, headquarters tells you.")),
    State("details_asked", _("Office asks"), _("The overseas office has a question for you"), A, "wait", 0,
          _("When the requester answers, the office goes on."), 10,
          public_next=_("When you answer, the office goes on.")),
    State("feasible", _("Feasible"), _("Headquarters is reading the answer of the office"), H, "move", 2,
          _("When headquarters says yes, the requester sends the formal request letter."), 5,
          public_next=_("When headquarters says yes, you send the formal request letter.")),
    State("not_feasible", _("Not feasible"), _("It is not possible (with the reason)"), NOBODY, "stop"),
)  # fmt: skip
COMMISSION = (
    State("letter_awaited", _("Formal letter awaited"), _("It is possible: send the formal request letter"), A, "wait", 2,
          _("When the requester sends the letter, the branch checks it. Nothing has to be typed again."), 20, 4,
          _("When you send the letter, your branch checks it. Nothing has to be typed again.")),
    State("letter_check", _("Branch check of the letter"), _("Your branch is checking the letter"), B, "move", 2,
          _("When the branch passes the letter on, headquarters looks at it."), 5, 5),
    State("letter_triage", _("HQ check of the letter"), _("Tokyo headquarters is checking the letter"), H, "move", 2,
          _("When headquarters refers it, the overseas office begins."), 5, 6),
    State("referred", pgettext_lazy("research", "Referred"), _("It was referred to the overseas office"), F, "move", 3,
          _("When the office begins, what it does appears here."), 5, 7),
    State("in_progress", _("In progress"), _("The overseas office is working on it"), F, "move", 3,
          _("When the office answers, headquarters checks the answer."), None, 8),
    State("more_asked", _("Office asks"), _("The overseas office has a question for you"), A, "wait", 0,
          _("When the requester answers, the office goes on."), 10,
          public_next=_("When you answer, the office goes on.")),
    State("answer_check", _("HQ check of the answer"), _("The office has answered; headquarters is checking"), H, "move", 3,
          _("When headquarters has checked it, the requester reads the result."), 5, 9,
          _("When headquarters has checked it, you read the result.")),
    State("answered", _("Answered"), _("Answered"), NOBODY, "done", 4, _("Headquarters may put it on the shared list."),
          step=10),
    State("shared", _("On the shared list"), _("Answered, and on the shared list"), NOBODY, "done", 4),
    State("declined", _("Declined"), _("It could not be accepted (with the reason)"), NOBODY, "stop"),
    State("withdrawn", _("Withdrawn"), _("You withdrew it"), NOBODY, "stop"),
)  # fmt: skip
BEFORE_THE_LETTER = ("feasibility", "details_asked", "feasible")
AFTER_THE_LETTER = ("referred", "in_progress", "more_asked")
OPEN = (
    "branch_check", "triage", "needs_information", *BEFORE_THE_LETTER, "letter_awaited", "letter_check", "letter_triage",
    *AFTER_THE_LETTER,
)  # fmt: skip

TRANSITIONS = (
    Transition("file", _("File with the branch"), ("draft",), "branch_check", A, "cases.file", "offices.research.filed",
               (A, B), main=True, applies=through_a_branch, effect=effects.file),
    Transition("file_directly", _("File with headquarters"), ("draft",), "triage", A, "cases.file", "offices.research.filed",
               (A, H), main=True, applies=without_a_branch, effect=effects.file),
    Transition("pass_on", _("Pass on to headquarters"), ("branch_check",), "triage", B, "cases.pass_on",
               "offices.research.passed_on", (A, B, H), main=True),
    Transition("send_back", _("Return to the requester"), ("branch_check",), "draft", B, "cases.pass_on",
               "offices.research.sent_back", (A, B), reason=True),
    Transition("ask_office", _("Ask the office whether it is possible"), ("triage",), "feasibility", H, "cases.triage",
               "offices.research.office_asked", ALL_SIDES, main=True, effect=effects.ask_office, form="ask_office"),
    Transition("ask", _("Ask for more information"), ("triage",), "needs_information", H, "cases.triage",
               "offices.research.asked", (A, B, H), reason=True, suspends=True),
    Transition("inform", _("Give the information"), ("needs_information",), "triage", A, "cases.file",
               "offices.research.informed", (A, B, H), reason=True, main=True, resumes=True),
    Transition("decline", _("Decline"), ("triage", "feasible", "letter_triage"), "declined", H, "cases.triage",
               "offices.research.declined", ALL_SIDES, reason=True, stop=True),
    Transition("say_feasible", _("It is possible"), ("feasibility",), "feasible", F, "cases.work",
               "offices.research.feasible", (H, F), main=True, referral=ReferralState.ACCEPTED, effect=effects.say_feasible,
               form="feasibility"),
    Transition("say_not_feasible", _("It is not possible"), ("feasibility",), "not_feasible", F, "cases.work",
               "offices.research.not_feasible", ALL_SIDES, reason=True, stop=True, referral=ReferralState.DONE),
    Transition("ask_details", _("Ask the requester"), ("feasibility",), "details_asked", F, "cases.work",
               "offices.research.office_asks", ALL_SIDES, reason=True, suspends=True),
    Transition("give_details", _("Answer the office"), ("details_asked",), "feasibility", A, "cases.file",
               "offices.research.office_informed", ALL_SIDES, reason=True, main=True, resumes=True),
    Transition("return", _("Return to headquarters"), ("feasibility",), "triage", F, "cases.work",
               "offices.research.returned", (H, F), reason=True, referral=ReferralState.RETURNED),
    Transition("call_back", _("Call back from the office"), BEFORE_THE_LETTER, "triage", H, "cases.triage",
               "offices.research.called_back", ALL_SIDES, reason=True, referral=ReferralState.REVOKED),
    Transition("ask_letter", _("Say yes and ask for the formal letter"), ("feasible",), "letter_awaited", H, "cases.triage",
               "offices.research.letter_wanted", ALL_SIDES, main=True),
    Transition("send_letter", _("Send the formal letter"), ("letter_awaited",), "letter_check", A, "cases.file",
               "offices.research.letter_sent", (A, B), main=True, applies=through_a_branch, effect=effects.send_letter,
               form="letter"),
    Transition("send_letter_directly", _("Send the formal letter to headquarters"), ("letter_awaited",), "letter_triage", A,
               "cases.file", "offices.research.letter_sent", (A, H), main=True, applies=without_a_branch,
               effect=effects.send_letter, form="letter"),
    Transition("pass_on_letter", _("Pass the letter on to headquarters"), ("letter_check",), "letter_triage", B,
               "cases.pass_on", "offices.research.letter_passed_on", (A, B, H), main=True),
    Transition("return_letter", _("Return the letter to the requester"), ("letter_check",), "letter_awaited", B,
               "cases.pass_on", "offices.research.letter_returned", (A, B), reason=True),
    Transition("ask_letter_again", _("Ask for another letter"), ("letter_triage",), "letter_awaited", H, "cases.triage",
               "offices.research.letter_returned", (A, B, H), reason=True),
    Transition("refer", _("Refer to the office"), ("letter_triage",), "referred", H, "cases.triage",
               "offices.research.referred", ALL_SIDES, main=True, effect=effects.refer, form="refer_research"),
    Transition("begin", _("Begin the work"), ("referred",), "in_progress", F, "cases.work", "offices.research.begun",
               ALL_SIDES, main=True, referral=ReferralState.ACCEPTED),
    Transition("return_work", _("Return to headquarters"), ("referred", "in_progress"), "letter_triage", F, "cases.work",
               "offices.research.returned", (H, F), reason=True, referral=ReferralState.RETURNED),
    Transition("call_back_work", _("Call back from the office"), AFTER_THE_LETTER, "letter_triage", H, "cases.triage",
               "offices.research.called_back", ALL_SIDES, reason=True, referral=ReferralState.REVOKED),
    Transition("ask_more", _("Ask the requester"), ("in_progress",), "more_asked", F, "cases.work",
               "offices.research.office_asks", ALL_SIDES, reason=True, suspends=True),
    Transition("give_more", _("Answer the office"), ("more_asked",), "in_progress", A, "cases.file",
               "offices.research.office_informed", ALL_SIDES, reason=True, main=True, resumes=True),
    Transition("answer", _("Send the result to headquarters"), ("in_progress",), "answer_check", F, "cases.work",
               "offices.research.found", (H, F), main=True, referral=ReferralState.DONE, effect=effects.answer, form="result"),
    Transition("return_answer", _("Return the result to the office"), ("answer_check",), "in_progress", H, "cases.triage",
               "offices.research.answer_returned", (H, F), reason=True),
    Transition("send_answer", _("Send the result to the requester"), ("answer_check",), "answered", H, "cases.triage",
               "offices.research.answered", ALL_SIDES, main=True, effect=effects.send_answer),
    Transition("share", _("Put it on the shared list"), ("answered",), "shared", H, "cases.triage",
               "offices.research.shared", ALL_SIDES, main=True, effect=effects.share, form="share"),
    Transition("take_off", _("Take it off the shared list"), ("shared",), "answered", H, "cases.triage",
               "offices.research.taken_off", ALL_SIDES, reason=True, stop=True, effect=effects.take_off),
    Transition("withdraw", _("Withdraw"), ("draft", *OPEN), "withdrawn", A, "cases.file", "offices.research.withdrawn",
               ALL_SIDES, reason=True, stop=True, applies=once_filed),
    Transition("reopen", _("Reopen"), ("answered", "not_feasible", "declined", "withdrawn"), "triage", H, "cases.triage",
               "offices.research.reopened", ALL_SIDES, reason=True, effect=effects.reopen),
)  # fmt: skip

RESEARCH = Workflow(
    kind=KIND, label=_("Commissioned research"), series="調", states=(*ENQUIRY, *COMMISSION), transitions=TRANSITIONS,
    rights=RIGHTS,
)  # fmt: skip
register(RESEARCH)
