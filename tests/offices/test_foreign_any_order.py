"""Anybody tries anything in any order on a request from abroad that goes between offices: no step is skipped, each is logged
and told once, and one office at most works on it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.services import perform
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.foreign.landing import correspondent
from offices.foreign.workflow import FOREIGN
from offices.models import ForeignRequest
from tests.offices.foreign_travel import arrived
from tests.offices.test_foreign import move

WORKS, OFFERED_IT, HQ, ABROAD = "works on it", "offered it", "hq_officer", "abroad"
OPEN = (
    "received",
    "in_progress",
    "details_asked",
    "with_partner",
    "at_headquarters",
    "offered",
    "passed_to",
    "answered",
)
WORKING = ("received", "in_progress", "with_partner")
# state, move: who may, and where it leads
TABLE = {
    ("received", "take_up"): (WORKS, "in_progress"),
    **{(state, "decline"): (WORKS, "declined") for state in WORKING},
    **{(state, "ask_abroad"): (WORKS, "details_asked") for state in WORKING},
    ("details_asked", "reply"): (ABROAD, "in_progress"),
    ("in_progress", "introduce"): (WORKS, "with_partner"),
    **{(state, "pass_on"): (WORKS, "at_headquarters") for state in ("received", "in_progress")},
    **{(state, "offer"): (WORKS, "offered") for state in ("received", "in_progress")},
    **{(state, "answer"): (WORKS, "answered") for state in ("in_progress", "with_partner")},
    ("answered", "go_on"): (WORKS, "in_progress"),
    ("answered", "close"): (WORKS, "closed"),
    **{(state, "accept"): (WORKS, "in_progress") for state in ("offered", "passed_to")},
    ("offered", "return_offer"): (WORKS, "in_progress"),
    ("offered", "take_back"): (OFFERED_IT, "in_progress"),
    ("passed_to", "return"): (WORKS, "at_headquarters"),
    **{(state, "call_back"): (HQ, "at_headquarters") for state in ("offered", "passed_to")},
    ("at_headquarters", "give_back"): (HQ, "in_progress"),
    ("at_headquarters", "refer"): (HQ, "passed_to"),
    ("at_headquarters", "decline_at_headquarters"): (HQ, "declined"),
    **{(state, "reopen"): (WORKS, "in_progress") for state in ("closed", "declined", "withdrawn")},
    ("declined", "reopen_at_headquarters"): (HQ, "at_headquarters"),
    **{(state, "withdraw"): (ABROAD, "withdrawn") for state in OPEN},
}
KEYS = sorted({key for _state, key in TABLE})
OTHER = {"london": "newyork", "newyork": "london"}
PEOPLE = (*OTHER, HQ, ABROAD, "otaru")


class FromAbroad(RuleBasedStateMachine):
    """`works`: the office with the case, or asked to take it; `offers`: the one that offered it; `reads`: reads along."""

    cast: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.case = arrived()
        self.state, self.moves, self.first_version = "received", 0, self.case.version
        self.works: str | None = "london"
        self.offers: str | None = None
        self.reads: set[str] = set()
        self.said_before = self._said()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(data=st.data())
    def the_right_one_goes_on(self, data: Any) -> None:
        possible = [key for state, key in TABLE if state == self.state and key != "withdraw"]
        self._try_as_the_right_one(data.draw(st.sampled_from(possible)))

    @precondition(lambda self: self.state in ("received", "in_progress"))
    @rule(answer=st.sampled_from(["accept", "return_offer", "take_back", "call_back", "withdraw"]))
    def it_is_offered_and_answered(self, answer: str) -> None:
        self._try_as_the_right_one("offer")
        self._try_as_the_right_one(answer)

    @rule(key=st.sampled_from(KEYS), who=st.sampled_from(PEOPLE))
    def somebody_tries_something(self, key: str, who: str) -> None:
        self._try(key, who)

    def _try_as_the_right_one(self, key: str) -> None:
        role = TABLE[self.state, key][0]
        self._try(key, {WORKS: self.works, OFFERED_IT: self.offers}.get(role, role) or "london")

    def _try(self, key: str, who: str) -> None:
        role, target = TABLE.get((self.state, key), ("", ""))
        allowed = bool(role) and who == {WORKS: self.works, OFFERED_IT: self.offers}.get(role, role)
        allowed = allowed and (key != "give_back" or bool(self.works or self.reads))
        goes_to = OTHER[self.works] if self.works else "newyork"
        try:
            self._make(key, who, goes_to)
        except NotAllowed:
            assert not allowed, f"{who} was refused {key} in {self.state}"
            return
        assert allowed, f"{who} made {key} in {self.state}"
        self.state, self.moves = target, self.moves + 1
        self._follow(key, goes_to)

    def _make(self, key: str, who: str, goes_to: str) -> None:
        given = {"office": self.cast.places[goes_to], "partner": self.cast.places["otaru"]}
        if who == ABROAD:
            with acting(SYSTEM_SCOPE):
                actor = correspondent(ForeignRequest.objects.get(case=self.case))
                perform(self.case, key, actor=actor, now=timezone.now(), reason="because", **given)
        else:
            move(self.cast, self.case, key, who, **given)

    def _follow(self, key: str, goes_to: str) -> None:
        """What becomes of the offices."""
        if key == "offer":
            self.works, self.offers = goes_to, self.works
            self.reads.discard(goes_to)
        elif key == "refer":
            self.reads = (self.reads | ({self.works} if self.works else set())) - {goes_to}
            self.works = goes_to
        elif key in ("return_offer", "take_back"):
            self.works, self.offers = self.offers, None
        elif key in ("accept", "call_back") and self.offers:
            self.reads, self.offers = {*self.reads, self.offers}, None
        if key in ("return", "call_back"):
            self.works = None
        if key == "give_back" and self.works is None:
            (self.works,) = self.reads  # of two offices one at most reads along
            self.reads = set()
        if self.state in ("closed", "declined", "withdrawn") and self.works:  # else the one that read along keeps it
            self.offers, self.reads = None, set()

    def _said(self) -> tuple[int, int]:
        """Entries of the log, and messages."""
        events = [e.event for e in Entry.objects.about(self.case) if e.event.startswith("offices.foreign.")]
        return len(events), Message.objects.filter(subject_id=str(self.case.pk)).count()

    @invariant()
    def the_case_is_where_the_moves_led(self) -> None:
        case = Case.objects.select_related("holding").get(pk=self.case.pk)
        expected = FOREIGN.state(self.state)
        assert (case.state, case.holder, case.version) == (
            self.state, expected.holder, self.first_version + self.moves
        )  # fmt: skip
        assert (case.closed_at is not None) == expected.ended
        if case.holder == "office":
            assert self.works is not None
            assert case.holding == self.cast.places[self.works]

    @invariant()
    def each_move_has_one_log_entry_and_one_message(self) -> None:
        assert self._said() == (self.said_before[0] + self.moves, self.said_before[1] + self.moves)

    @invariant()
    def each_office_stands_where_the_moves_left_it(self) -> None:
        codes = {place: self.cast.places[place].pk for place in OTHER}
        standing = dict(Referral.objects.filter(case=self.case, standing=True).values_list("office", "state"))
        former = {pk: state for pk, state in standing.items() if state in ("offered", "reading")}
        assert former == {
            **({codes[self.offers]: "offered"} if self.offers else {}), **{codes[place]: "reading" for place in self.reads}
        }  # fmt: skip
        assert standing.keys() - former.keys() == ({codes[self.works]} if self.works else set())


def test_requests_from_abroad_in_any_order(cast: SimpleNamespace) -> None:
    FromAbroad.cast = cast
    run_state_machine_as_test(
        FromAbroad,
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
