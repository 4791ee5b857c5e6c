"""Anybody tries anything in any order: no step is skipped, no event is lost, and the number never changes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.services import NotAllowed
from clair_portal.outbox.models import Message
from tests.casework.travel import draft, step

A, B, H, F = "applicant", "branch", "headquarters", "office"
MOVES = {
    ("draft", "file"): (A, "branch_check"),
    ("branch_check", "pass_on"): (B, "triage"),
    ("branch_check", "send_back"): (B, "draft"),
    ("draft", "withdraw"): (A, "withdrawn"),  # once it was filed and returned
    ("branch_check", "withdraw"): (A, "withdrawn"),
    ("triage", "refer"): (H, "referred"),
    ("triage", "report_directly"): (H, "reported"),
    ("triage", "ask"): (H, "needs_information"),
    ("triage", "decline"): (H, "declined"),
    ("triage", "withdraw"): (A, "withdrawn"),
    ("needs_information", "inform"): (A, "triage"),
    ("needs_information", "withdraw"): (A, "withdrawn"),
    ("referred", "accept"): (F, "accepted"),
    ("referred", "return"): (F, "triage"),
    ("referred", "ask_details"): (F, "details_asked"),
    ("referred", "call_back"): (H, "triage"),
    ("referred", "withdraw"): (A, "withdrawn"),
    ("details_asked", "give_details"): (A, "referred"),
    ("details_asked", "call_back"): (H, "triage"),
    ("details_asked", "withdraw"): (A, "withdrawn"),
    ("accepted", "ask_for_plan"): (F, "plan_asked"),
    ("plan_asked", "give_for_plan"): (A, "accepted"),
    ("plan_asked", "call_back"): (H, "triage"),
    ("plan_asked", "withdraw"): (A, "withdrawn"),
    ("accepted", "begin"): (F, "in_progress"),
    ("accepted", "return"): (F, "triage"),
    ("accepted", "call_back"): (H, "triage"),
    ("accepted", "withdraw"): (A, "withdrawn"),
    ("in_progress", "ask_more"): (F, "more_asked"),
    ("more_asked", "give_more"): (A, "in_progress"),
    ("more_asked", "call_back"): (H, "triage"),
    ("more_asked", "withdraw"): (A, "withdrawn"),
    ("in_progress", "report"): (F, "reported"),
    ("in_progress", "call_back"): (H, "triage"),
    ("in_progress", "withdraw"): (A, "withdrawn"),
    ("reported", "close"): (H, "closed"),
    ("closed", "reopen"): (H, "triage"),
    ("declined", "reopen"): (H, "triage"),
    ("withdrawn", "reopen"): (H, "triage"),
}
HOLDERS = {
    "draft": A, "branch_check": B, "triage": H, "needs_information": A, "referred": F, "details_asked": A, "accepted": F, "plan_asked": A, "in_progress": F,
    "more_asked": A, "reported": H,
    "closed": "nobody", "declined": "nobody", "withdrawn": "nobody",
}  # fmt: skip
NEED_A_REASON = {
    "send_back",
    "ask",
    "inform",
    "decline",
    "return",
    "withdraw",
    "reopen",
    "ask_details",
    "give_details",
    "ask_for_plan",
    "give_for_plan",
    "ask_more",
    "give_more",
    "call_back",
}
SIDE = {"otaru": A, "hokkaido": B, "hq_officer": H, "london": F, "newyork": F}
OFFICES = st.sampled_from(["london", "newyork"])
KEYS = sorted({key for _state, key in MOVES} | {"file_directly"})


class SupportRequests(RuleBasedStateMachine):
    cast: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.case = draft(self.cast)
        self.state, self.moves, self.number, self.office = "draft", 0, None, ""

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(data=st.data(), office=OFFICES)
    def the_right_person_goes_on(self, data: Any, office: str) -> None:
        key = data.draw(st.sampled_from(self._possible()))
        self._try(key, self._right_person(MOVES[self.state, key][0]), office, "because")

    @rule(data=st.data(), who=st.sampled_from(sorted(SIDE)))
    def somebody_tries_what_is_possible_now(self, data: Any, who: str) -> None:
        self._try(data.draw(st.sampled_from(self._possible())), who, "london", "because")

    @rule(data=st.data())
    def the_right_person_gives_no_reason(self, data: Any) -> None:
        key = data.draw(st.sampled_from(self._possible()))
        self._try(key, self._right_person(MOVES[self.state, key][0]), "london", " ")

    @rule(key=st.sampled_from(KEYS), office=OFFICES)
    def whoever_makes_a_move_elsewhere_tries_it_here(self, key: str, office: str) -> None:
        side = next((side for (_state, known), (side, _target) in MOVES.items() if known == key), A)
        self._try(key, self._right_person(side), office, "because")

    @precondition(lambda self: self.state == "branch_check")
    @rule()
    def the_branch_returns_it_and_it_is_filed_again(self) -> None:
        self._try("send_back", "hokkaido", "london", "because")
        self._try("file", "otaru", "london", "because")

    @precondition(lambda self: self.state in ("accepted", "in_progress"))
    @rule()
    def the_office_asks_and_goes_on_with_the_answer(self) -> None:
        ask, give = ("ask_for_plan", "give_for_plan") if self.state == "accepted" else ("ask_more", "give_more")
        self._try(ask, self.office, "london", "because")
        self._try(give, "otaru", "london", "because")

    def _possible(self) -> list[str]:
        return [key for state, key in MOVES if state == self.state]

    def _right_person(self, side: str) -> str:
        return (self.office or "london") if side == F else next(name for name in SIDE if SIDE[name] == side)

    def _try(self, key: str, who: str, office: str, reason: str) -> None:
        side, target = MOVES.get((self.state, key), ("", ""))
        allowed = side == SIDE[who] and (side != F or who == self.office)
        allowed = allowed and (self.state != "draft" or key != "withdraw" or self.number is not None)
        allowed = allowed and (key not in NEED_A_REASON or bool(reason.strip()))
        try:
            case = step(self.cast, self.case, who, key, reason=reason, office=self.cast.places[office])
        except NotAllowed:
            assert not allowed, f"{who} was refused {key} in {self.state}"
            return
        assert allowed, f"{who} made {key} in {self.state}"
        self.state, self.moves = target, self.moves + 1
        if key == "refer":
            self.office = office
        if key in ("return", "call_back"):
            self.office = ""
        self.number = self.number or case.number

    @invariant()
    def the_case_is_where_the_moves_led(self) -> None:
        case = Case.objects.get(pk=self.case.pk)
        assert (case.state, case.holder, case.version) == (
            self.state,
            HOLDERS[self.state],
            self.moves + 2,
        )  # saving the draft counted once
        assert case.number == self.number
        assert (case.number is None) == (case.filed_at is None) == (case.branch_id is None)
        places = self.cast.places
        holding = {
            A: places["otaru"],
            B: places["hokkaido"],
            H: places["hq"],
            F: places.get(self.office),
            "nobody": None,
        }
        assert case.holding == holding[case.holder]
        assert (case.closed_at is not None) == (case.holder == "nobody")

    @invariant()
    def each_move_has_one_log_entry_and_one_message(self) -> None:
        told = Message.objects.filter(subject_id=str(self.case.pk)).count()
        logged = list(Entry.objects.about(self.case))
        assert (told, len(logged)) == (self.moves, self.moves + 1)  # beginning the draft is logged and told to nobody
        states = [entry.params["after"] for entry in logged[1:]]
        assert [entry.params["before"] for entry in logged[1:]] == ["draft", *states][: self.moves]

    @invariant()
    def one_referral_stands_at_most(self) -> None:
        standing = Referral.objects.filter(case=self.case, standing=True).values_list("office", flat=True)
        assert list(standing) == ([self.cast.places[self.office].pk] if self.office else [])


def test_support_requests_in_any_order(cast: SimpleNamespace) -> None:
    SupportRequests.cast = cast
    run_state_machine_as_test(
        SupportRequests,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
