"""One request, two offices, anything in any order: the whole follows its parts, nothing is skipped, told twice or left standing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.parts import parts_of
from clair_portal.casework.services import Conflict, NotAllowed
from clair_portal.outbox.models import Message
from tests.casework.test_any_order import HOLDERS, MOVES, NEED_A_REASON, SIDE, A, F, H
from tests.casework.travel import case_in, step

BOTH = ("london", "newyork")
OFFICES = st.sampled_from(BOTH)
AT_OFFICE = {"referred", "details_asked", "accepted", "plan_asked", "in_progress", "more_asked"}
OF_PART = {
    (state, key): (side, {"return": "returned", "call_back": "called_back"}.get(key, target))
    for (state, key), (side, target) in MOVES.items()
    if state in AT_OFFICE and key != "withdraw"
}
OF_WHOLE = {  # nobody but headquarters and requester moves the whole while its parts are with offices
    (state, key): (side, target)
    for (state, key), (side, target) in MOVES.items()
    if (state in AT_OFFICE and key in ("withdraw", "call_back")) or (state, key) in {("reported", "close"), ("closed", "reopen"), ("withdrawn", "reopen")}
}  # fmt: skip
GONE = ("returned", "called_back")
ONWARD = {
    "referred": "accept", "accepted": "begin", "in_progress": "report", "details_asked": "give_details",
    "plan_asked": "give_for_plan", "more_asked": "give_more",
}  # fmt: skip
TAKEN_ALONG = {"withdraw": "withdrawn", "call_back": "called_back", "close": "closed"}
PERSON = {A: "otaru", H: "hq_officer"}


def followed(states: list[str]) -> str:
    """Where the parts lead the whole."""
    live = [state for state in states if state not in ("returned", "called_back", "withdrawn")]
    if not live:
        return "triage"
    if all(state == "reported" for state in live):
        return "reported"
    if {"in_progress", "more_asked", "reported"} & set(live):
        return "in_progress"
    return "accepted" if {"accepted", "plan_asked"} & set(live) else "referred"


class TripsOfTwoOffices(RuleBasedStateMachine):
    cast: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.whole = case_in(self.cast, "triage")
        self.state, self.told = "triage", 0
        self.states: dict[str, str] = {}  # of the parts of this round, by office
        self.keys: dict[str, int] = {}
        self.made: dict[int, int] = {}  # moves of each part
        self.before = Message.objects.filter(subject_id=str(self.whole.pk)).count()
        self.logged = Entry.objects.about(self.whole).count()
        self.changes: list[str] = ["triage"]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # --- What people do -----------------------------------------------------------------------------------------------
    @precondition(lambda self: self.state == "triage")
    @rule(leads=OFFICES)
    def headquarters_refers_it_to_both(self, leads: str) -> None:
        places = self.cast.places
        step(self.cast, self.whole, "hq_officer", "refer", offices=[places[each] for each in BOTH], owner=places[leads])
        self._whole_goes("referred")
        self.states = dict.fromkeys(BOTH, "referred")
        found = Referral.objects.filter(case__parent=self.whole).order_by("pk").values_list("office", "case")
        self.keys = {each: dict(found)[places[each].pk] for each in BOTH}

    @precondition(lambda self: self.at_offices)
    @rule(data=st.data(), office=OFFICES)
    def whose_turn_it_is_moves_a_part(self, data: Any, office: str) -> None:
        possible = [key for state, key in OF_PART if state == self.states[office]]
        if possible:
            key = data.draw(st.sampled_from(possible))
            side = OF_PART[self.states[office], key][0]
            self._try_part(office, key, office if side == F else PERSON[side])

    @precondition(lambda self: self.at_offices)
    @rule()
    def both_offices_go_on(self) -> None:
        for office in BOTH:
            key = ONWARD.get(self.states[office])
            if key and self.at_offices:
                self._try_part(office, key, office if key in ("accept", "begin", "report") else "otaru")

    @precondition(lambda self: self.states)
    @rule(
        office=OFFICES, key=st.sampled_from(sorted({key for _state, key in OF_PART})), who=st.sampled_from(sorted(SIDE))
    )
    def somebody_tries_a_move_on_a_part(self, office: str, key: str, who: str) -> None:
        self._try_part(office, key, who)

    @rule(data=st.data(), who=st.sampled_from(sorted(SIDE)))
    def somebody_tries_what_is_possible_on_the_whole(self, data: Any, who: str) -> None:
        if possible := [key for state, key in OF_WHOLE if state == self.state]:
            self._try_whole(data.draw(st.sampled_from(possible)), who)

    @precondition(lambda self: self.at_offices)
    @rule(office=OFFICES, key=st.sampled_from(["accept", "begin", "report", "return", "ask_details", "ask_more"]))
    def an_office_tries_to_move_the_whole(self, office: str, key: str) -> None:
        self._try_whole(key, office)

    # --- What should come of it ---------------------------------------------------------------------------------------
    @property
    def at_offices(self) -> bool:
        return bool(self.states) and self.state in AT_OFFICE

    def _try_part(self, office: str, key: str, who: str) -> None:
        side, target = OF_PART.get((self.states[office], key), ("", ""))
        allowed = side == SIDE[who] and (side != F or who == office)
        if not self._done(Case.objects.get(pk=self.keys[office]), who, key, allowed):
            return
        self.states[office] = target
        self.made[self.keys[office]] = self.made.get(self.keys[office], 0) + 1
        led = followed(list(self.states.values()))
        if led != self.state:
            self._whole_goes(led, told=led not in ("referred", "accepted", "in_progress"))

    def _try_whole(self, key: str, who: str) -> None:
        side, target = OF_WHOLE.get((self.state, key), ("", ""))
        if self._done(self.whole, who, key, side == SIDE[who]):
            end = TAKEN_ALONG.get(key)
            gone = ("returned", "called_back", "withdrawn", "closed")  # the others are open
            self.states = {each: state if not end or state in gone else end for each, state in self.states.items()}
            self._whole_goes(target)

    def _done(self, case: Case, who: str, key: str, allowed: bool) -> bool:
        try:
            step(self.cast, case, who, key, reason="because" if key in NEED_A_REASON else "")
        except (NotAllowed, Conflict):
            assert not allowed, f"{who} was refused {key}: {self.state} {self.states}"
            return False
        assert allowed, f"{who} made {key}: {self.state} {self.states}"
        return True

    def _whole_goes(self, state: str, *, told: bool = True) -> None:
        self.state, self.told = state, self.told + told
        self.changes.append(state)

    # --- What holds after every step ----------------------------------------------------------------------------------
    @invariant()
    def the_whole_and_its_parts_are_where_the_moves_led(self) -> None:
        whole = Case.objects.get(pk=self.whole.pk)
        assert (whole.state, whole.number) == (self.state, "R8-支-0001")
        asked = {"details_asked", "plan_asked", "more_asked"} & set(self.states.values())
        assert whole.holder == ((A if asked else F) if self.at_offices else HOLDERS[self.state])
        assert (whole.closed_at is not None) == (whole.holder == "nobody")
        parts = dict(Case.objects.filter(pk__in=self.keys.values()).values_list("pk", "state"))
        assert {office: parts[key] for office, key in self.keys.items()} == self.states

    @invariant()
    def each_change_is_logged_once_and_each_move_told_once(self) -> None:
        logged = list(Entry.objects.about(self.whole))[self.logged :]
        assert [entry.params["after"] for entry in logged] == self.changes[1:]
        assert [entry.params["before"] for entry in logged] == self.changes[:-1]
        assert Message.objects.filter(subject_id=str(self.whole.pk)).count() == self.before + self.told
        for key in self.keys.values():
            moves = self.made.get(key, 0)
            about = Entry.objects.about(Case(pk=key))
            assert (about.count(), Message.objects.filter(subject_id=str(key)).count()) == (moves, moves)

    @invariant()
    def only_offices_that_still_have_their_part_have_a_standing_referral(self) -> None:
        expected = {each for each, state in self.states.items() if state not in GONE}
        for cases in ([self.whole.pk], list(self.keys.values())):
            standing = Referral.objects.filter(case__in=cases, standing=True).values_list("office", flat=True)
            assert set(standing) == {self.cast.places[each].pk for each in expected}

    @invariant()
    def one_office_that_has_its_part_leads(self) -> None:
        if self.at_offices:
            leading = {part.id for part in parts_of(self.whole) if part.owner}
            assert len(leading) == 1
            assert leading <= {self.keys[each] for each, state in self.states.items() if state not in GONE}


def test_two_offices_in_any_order(cast: SimpleNamespace) -> None:
    TripsOfTwoOffices.cast = cast
    run_state_machine_as_test(
        TripsOfTwoOffices,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
