"""Anybody tries anything in any order on a research request: nothing is skipped, every move is logged and told once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.services import NotAllowed
from clair_portal.outbox.models import Message
from offices.models import ResearchResult, SharedResearch
from tests.offices.research_travel import draft, step
from tests.offices.test_research import MOVES, first_of

TABLE = {(source, key): (first_of(may), target, holder) for source, key, target, holder, may, _hear in MOVES}
NEED_A_REASON = {
    "send_back", "ask", "inform", "decline", "say_not_feasible", "ask_details", "give_details", "return", "call_back",
    "return_letter", "ask_letter_again", "return_work", "call_back_work", "ask_more", "give_more", "return_answer", "take_off",
    "withdraw", "reopen",
}  # fmt: skip
LEAVES_THE_OFFICE = {"return", "return_work", "call_back", "call_back_work"}
READ = {"answered", "shared"}  # only there the requester has the result
PEOPLE = ("otaru", "hokkaido", "hq_officer", "london", "newyork")


class Research(RuleBasedStateMachine):
    cast: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.case = draft(self.cast)
        self.state, self.holder, self.moves, self.at_london = "draft", "applicant", 0, False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(data=st.data())
    def the_right_person_goes_on(self, data: Any) -> None:
        key = data.draw(
            st.sampled_from([key for state, key in TABLE if state == self.state and key != "withdraw"] or ["withdraw"])
        )
        self._try(key, TABLE.get((self.state, key), ("otaru",))[0], "because")

    @rule(key=st.sampled_from(sorted({key for _state, key in TABLE})), who=st.sampled_from(PEOPLE))
    def somebody_tries_something(self, key: str, who: str) -> None:
        self._try(key, who, "because")

    @rule(data=st.data())
    def the_right_person_gives_no_reason(self, data: Any) -> None:
        key = data.draw(st.sampled_from([key for state, key in TABLE if state == self.state] or ["reopen"]))
        if key in NEED_A_REASON:
            self._try(key, TABLE.get((self.state, key), ("otaru",))[0], " ")

    def _try(self, key: str, who: str, reason: str) -> None:
        by, target, holder = TABLE.get((self.state, key), ("", "", ""))
        if (self.state, key) == ("draft", "withdraw") and self.moves:  # once it was filed and returned
            by, target, holder = "otaru", "withdrawn", "nobody"
        allowed = by == who and bool(reason.strip())
        try:
            step(self.cast, self.case, who, key, reason=reason)
        except NotAllowed:
            assert not allowed, f"{who} was refused {key} in {self.state}"
            return
        assert allowed, f"{who} made {key} in {self.state}"
        self.state, self.holder, self.moves = target, holder, self.moves + 1
        self.at_london = (self.at_london or key in ("ask_office", "refer")) and key not in LEAVES_THE_OFFICE

    @invariant()
    def the_case_is_where_the_moves_led(self) -> None:
        case = Case.objects.get(pk=self.case.pk)
        assert (case.state, case.holder, case.version) == (self.state, self.holder, self.moves + 2)
        assert (case.closed_at is not None) == (self.holder == "nobody")
        assert (case.number is None) == (case.filed_at is None)

    @invariant()
    def each_move_has_one_log_entry_and_one_message(self) -> None:
        events = [e.event for e in Entry.objects.about(self.case) if e.event.startswith("offices.research.")]
        told = Message.objects.filter(subject_type="casework.case", subject_id=str(self.case.pk)).count()
        assert (len(events), told) == (self.moves, self.moves)

    @invariant()
    def one_office_at_most(self) -> None:
        standing = list(Referral.objects.filter(case=self.case, standing=True).values_list("office__code", flat=True))
        assert standing == (["LON"] if self.at_london else [])

    @invariant()
    def the_result_is_read_only_once_checked_and_listed_only_while_shared(self) -> None:
        released = ResearchResult.objects.filter(case=self.case, released_at__isnull=False).exists()
        assert released == (self.state in READ)
        assert SharedResearch.objects.filter(case=self.case, listed=True).exists() == (self.state == "shared")


def test_research_requests_in_any_order(cast: SimpleNamespace) -> None:
    Research.cast = cast
    run_state_machine_as_test(
        Research,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
