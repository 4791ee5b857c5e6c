"""The life of a support request, as data. Source of the steps: docs/data-sources.md (activity support)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.casework.enums import Holder, ReferralState
from clair_portal.casework.models import Case
from clair_portal.casework.workflow import State, Transition, Workflow, register
from offices import effects

KIND = "offices.support"
A, B, H, F, NOBODY = Holder.APPLICANT, Holder.BRANCH, Holder.HEADQUARTERS, Holder.OFFICE, Holder.NOBODY

STATES = (
    State("draft", _("Draft"), _("Your draft"), A, next_step=_("When you file it, your branch checks it."), step=0),
    State(
        "branch_check", _("Branch check"), _("Your branch is checking it"), B, "move", 1,
        _("When the branch passes it on, headquarters looks at it."), 5, 1,
    ),
    State(
        "triage", _("HQ triage"), _("Tokyo headquarters is checking it"), H, "move", 1,
        _("When headquarters refers it, the overseas office decides whether it can help."), 5, 2,
    ),
    State(
        "needs_information", _("Needs information"), _("Headquarters is waiting for your answer"), A, "wait", 0,
        _("When the requester answers, headquarters goes on."), 10,
    ),
    State(
        "referred", _("Referred"), _("It was referred to the overseas office"), F, "move", 2,
        _("When the office accepts, it starts to work on it."), 5, 3,
    ),
    State("in_progress", _("In progress"), _("The overseas office is working on it"), F, "move", 2,
          _("When the office answers, headquarters checks the answer."), None, 4),
    State("reported", _("Reported"), _("The office has answered; headquarters is checking"), H, "move", 3,
          _("When headquarters closes it, the case is finished."), 5, 5),
    State("closed", _("Closed"), _("Finished"), NOBODY, "done", 4, step=6),
    State("declined", _("Declined"), _("It could not be accepted (with the reason)"), NOBODY, "stop"),
    State("withdrawn", _("Withdrawn"), _("You withdrew it"), NOBODY, "stop"),
)  # fmt: skip


def through_a_branch(case: Case) -> bool:
    return case.applicant.branch_id is not None


def without_a_branch(case: Case) -> bool:
    return not through_a_branch(case)


TRANSITIONS = (
    Transition("file", _("File with the branch"), ("draft",), "branch_check", A, "cases.file", "offices.request.filed",
               (A, B), main=True, applies=through_a_branch, effect=effects.file),
    Transition("file_directly", _("File with headquarters"), ("draft",), "triage", A, "cases.file", "offices.request.filed",
               (A, H), main=True, applies=without_a_branch, effect=effects.file),
    Transition("pass_on", _("Pass on to headquarters"), ("branch_check",), "triage", B, "cases.pass_on",
               "offices.request.passed_on", (A, B, H), main=True),
    Transition("send_back", _("Return to the requester"), ("branch_check",), "draft", B, "cases.pass_on",
               "offices.request.sent_back", (A, B), reason=True),
    Transition("refer", _("Refer to the office"), ("triage",), "referred", H, "cases.triage", "offices.request.referred",
               (A, B, H, F), main=True, effect=effects.refer, form="refer"),
    Transition("answer_directly", _("Answer at headquarters"), ("triage",), "reported", H, "cases.triage",
               "offices.request.answered", (A, B, H), effect=effects.answer, form="answer"),
    Transition("ask", _("Ask for more information"), ("triage",), "needs_information", H, "cases.triage",
               "offices.request.asked", (A, B, H), reason=True),
    Transition("inform", _("Give the information"), ("needs_information",), "triage", A, "cases.file",
               "offices.request.informed", (A, B, H), reason=True, main=True),
    Transition("decline", _("Decline"), ("triage",), "declined", H, "cases.triage", "offices.request.declined",
               (A, B, H), reason=True, stop=True),
    Transition("accept", _("Accept"), ("referred",), "in_progress", F, "cases.work", "offices.referral.accepted",
               (A, B, H, F), main=True, referral=ReferralState.ACCEPTED),
    Transition("return", _("Return to headquarters"), ("referred",), "triage", F, "cases.work", "offices.referral.returned",
               (H, F), reason=True, referral=ReferralState.RETURNED),
    Transition("answer", _("Send the answer"), ("in_progress",), "reported", F, "cases.work", "offices.request.answered",
               (A, B, H, F), main=True, referral=ReferralState.DONE, effect=effects.answer, form="answer"),
    Transition("close", _("Close"), ("reported",), "closed", H, "cases.triage", "offices.request.closed", (A, B, H, F), main=True),
    Transition("withdraw", _("Withdraw"), ("branch_check", "triage", "needs_information"), "withdrawn", A, "cases.file",
               "offices.request.withdrawn", (A, B, H), reason=True, stop=True),
    Transition("reopen", _("Reopen"), ("closed", "declined", "withdrawn"), "triage", H, "cases.triage", "offices.request.reopened",
               (A, B, H), reason=True),
)  # fmt: skip

SUPPORT = Workflow(
    kind=KIND, label=_("Support request"), series="支", states=STATES, transitions=TRANSITIONS,
    rights={A: "cases.file", B: "cases.pass_on", H: "cases.triage", F: "cases.work"},
)  # fmt: skip
register(SUPPORT)
