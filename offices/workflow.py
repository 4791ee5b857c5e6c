"""The life of a support request, as data, and of the part each office has in it when several work on one.

Source of the steps: docs/data-sources.md (activity support).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from clair_portal.casework.enums import ALL_SIDES, Holder, ReferralState
from clair_portal.casework.models import Case
from clair_portal.casework.workflow import Following, State, Transition, Workflow, register
from offices import effects

KIND, PART_KIND = "offices.support", "offices.part"
A, B, H, F, NOBODY = Holder.APPLICANT, Holder.BRANCH, Holder.HEADQUARTERS, Holder.OFFICE, Holder.NOBODY
FINISHED = {"reported", "closed"}  # the office has said what came of it
RIGHTS = {A: "cases.file", B: "cases.pass_on", H: "cases.triage", F: "cases.work"}

WITH_OFFICE = ("referred", "details_asked", "accepted", "plan_asked", "in_progress", "more_asked")


def _asked(key: str) -> State:
    """The office waits for the requester: before it accepts, while it plans, or in the middle of its work."""
    return State(
        key, _("Office asks"), _("The overseas office has a question for you"), A, "wait", 0,
        _("When the requester answers, the office goes on."), 10,
        public_next=_("When you answer, the office goes on."),
    )  # fmt: skip


AT_OFFICE = (
    State(
        "referred", _("Referred"), _("It was referred to the overseas office"), F, "move", 2,
        _("When the office accepts, it plans its work on it."), 5, 3,
    ),
    _asked("details_asked"),
    State("accepted", _("Accepted"), _("The overseas office has accepted it"), F, "move", 2,
          _("When the office begins, what it does appears here."), 10, 4),
    _asked("plan_asked"),
    State("in_progress", _("In progress"), _("The overseas office is working on it"), F, "move", 3,
          _("When the office reports, headquarters checks the report."), None, 5),
    _asked("more_asked"),
    State("reported", _("Reported"), _("The office has reported; headquarters is checking"), H, "move", 3,
          _("When headquarters closes it, the case is finished."), 5, 6),
    State("closed", _("Closed"), _("Finished"), NOBODY, "done", 4, step=7),
)  # fmt: skip
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
        public_next=_("When you answer, headquarters goes on."),
    ),
    *AT_OFFICE,
    State("declined", _("Declined"), _("It could not be accepted (with the reason)"), NOBODY, "stop"),
    State("withdrawn", _("Withdrawn"), _("You withdrew it"), NOBODY, "stop"),
)  # fmt: skip
# When one of several offices has reported nobody has to do anything until all have: the term runs on the whole then.
PART_STATES = (
    *(replace(state, business_days=None) if state.key == "reported" else state for state in AT_OFFICE),
    State("returned", _("Returned by the office"), _("This office cannot help"), NOBODY, "stop"),
    State("called_back", _("Called back"), _("Headquarters took it back from this office"), NOBODY, "stop"),
    State("withdrawn", _("Withdrawn"), _("You withdrew it"), NOBODY, "stop"),
)
WITHOUT_RESULT = {"returned", "called_back", "withdrawn"}


def through_a_branch(case: Case) -> bool:
    return case.applicant.branch_id is not None


def without_a_branch(case: Case) -> bool:
    return not through_a_branch(case)


def once_filed(case: Case) -> bool:
    """A draft that was never filed has nobody who waits for it; it is thrown away instead of withdrawn."""
    return case.filed_at is not None


def in_one_piece(case: Case) -> bool:
    """One office works on the case itself; with several each moves its own part."""
    return not case.split


def _question(ask: str, during: str, asked: str, give: str) -> tuple[Transition, Transition]:
    """The office asks, which stops its clock, and the answer leads back to where it was."""
    return (
        Transition(ask, _("Ask the requester"), (during,), asked, F, "cases.work", "offices.referral.asked", ALL_SIDES,
                   reason=True, suspends=True, applies=in_one_piece),
        Transition(give, _("Answer the office"), (asked,), during, A, "cases.file", "offices.referral.informed", ALL_SIDES,
                   reason=True, main=True, resumes=True, applies=in_one_piece),
    )  # fmt: skip


# What an office does with what is referred to it: the case itself, or its part of one.
OFFICE_MOVES = (
    Transition("accept", _("Accept"), ("referred",), "accepted", F, "cases.work", "offices.referral.accepted", ALL_SIDES,
               main=True, referral=ReferralState.ACCEPTED, applies=in_one_piece),
    *_question("ask_details", "referred", "details_asked", "give_details"),
    Transition("begin", _("Begin the work"), ("accepted",), "in_progress", F, "cases.work", "offices.request.begun",
               (A, B, F), main=True, applies=in_one_piece),
    *_question("ask_for_plan", "accepted", "plan_asked", "give_for_plan"),
    *_question("ask_more", "in_progress", "more_asked", "give_more"),
    Transition("report", _("Send the report"), ("in_progress",), "reported", F, "cases.work", "offices.request.reported",
               ALL_SIDES, main=True, referral=ReferralState.DONE, applies=in_one_piece, effect=effects.report, form="report"),
)  # fmt: skip
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
               ALL_SIDES, main=True, effect=effects.refer, form="refer"),
    Transition("report_directly", _("Answer at headquarters"), ("triage",), "reported", H, "cases.triage",
               "offices.request.reported", (A, B, H), effect=effects.report, form="report"),
    Transition("ask", _("Ask for more information"), ("triage",), "needs_information", H, "cases.triage",
               "offices.request.asked", (A, B, H), reason=True, suspends=True),
    Transition("inform", _("Give the information"), ("needs_information",), "triage", A, "cases.file",
               "offices.request.informed", (A, B, H), reason=True, main=True, resumes=True),
    Transition("decline", _("Decline"), ("triage",), "declined", H, "cases.triage", "offices.request.declined",
               (A, B, H), reason=True, stop=True),
    *OFFICE_MOVES,
    Transition("return", _("Return to headquarters"), ("referred", "accepted"), "triage", F, "cases.work",
               "offices.referral.returned", (H, F), reason=True, referral=ReferralState.RETURNED, applies=in_one_piece),
    Transition("call_back", _("Call back from the office"), WITH_OFFICE, "triage",
               H, "cases.triage", "offices.referral.revoked", ALL_SIDES, reason=True, referral=ReferralState.REVOKED,
               parts="called_back"),
    Transition("close", _("Close"), ("reported",), "closed", H, "cases.triage", "offices.request.closed", ALL_SIDES,
               main=True, parts="closed"),
    Transition("withdraw", _("Withdraw"),
               ("draft", "branch_check", "triage", "needs_information", *WITH_OFFICE),
               "withdrawn", A, "cases.file", "offices.request.withdrawn", ALL_SIDES, reason=True, stop=True, parts="withdrawn",
               applies=once_filed),
    Transition("reopen", _("Reopen"), ("closed", "declined", "withdrawn"), "triage", H, "cases.triage", "offices.request.reopened",
               (A, B, H), reason=True),
)  # fmt: skip
PART_TRANSITIONS = (
    *OFFICE_MOVES,
    Transition("return", _("Return to headquarters"), ("referred", "accepted"), "returned", F, "cases.work",
               "offices.referral.returned", (H, F), reason=True, referral=ReferralState.RETURNED, stop=True),
    Transition("call_back", _("Call back from the office"), WITH_OFFICE,
               "called_back", H, "cases.triage", "offices.referral.revoked", ALL_SIDES, reason=True,
               referral=ReferralState.REVOKED, stop=True),
)  # fmt: skip


def _live(states: list[str]) -> list[str]:
    return [state for state in states if state not in WITHOUT_RESULT]


def some_are(*wanted: str) -> Callable[[list[str]], bool]:
    return lambda states: any(state in wanted for state in states)


GONE_BACK = "offices.request.gone_back"
FOLLOWING = (
    Following(lambda states: not _live(states), "triage", "offices.request.came_back", (B, H)),
    Following(
        lambda states: set(_live(states)) <= FINISHED,
        "reported",
        "offices.request.all_reported",
        ALL_SIDES,
    ),
    Following(some_are("in_progress", "more_asked", "reported"), "in_progress", "offices.request.begun_by_one"),
    Following(some_are("accepted", "plan_asked"), "accepted", "offices.request.accepted_by_one", back=GONE_BACK),
    Following(some_are("referred", "details_asked"), "referred", GONE_BACK),
)

SUPPORT = Workflow(
    kind=KIND, label=_("Support request"), series="支", states=STATES, transitions=TRANSITIONS, rights=RIGHTS,
    part=PART_KIND, following=FOLLOWING,
)  # fmt: skip
PART = Workflow(
    kind=PART_KIND, label=_("Part of a support request"), series="", states=PART_STATES, transitions=PART_TRANSITIONS,
    rights=RIGHTS,
)  # fmt: skip
register(SUPPORT)
register(PART)
