"""Every move of a support request: who may make it, who may not and reads why, and who hears of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Message, Notification
from offices.workflow import SUPPORT
from tests.casework.travel import case_in, draft, step
from tests.cast import NOW

OTARUS, HQS, LONDONS = {"otaru", "otaru_administrator"}, {"hq_officer", "hq_approver"}, {"london", "london_local"}
EVERYBODY = {*OTARUS, *HQS, *LONDONS, "hokkaido", "hakodate", "sapporo", "osaka", "newyork", "leaver", "nobody"}
# from, move, to, who holds it then, who may, who is told when the first of them does it
MOVES = [
    ("draft", "file", "branch_check", "branch", OTARUS, {"otaru_administrator", "hokkaido"}),
    ("branch_check", "pass_on", "triage", "headquarters", {"hokkaido"}, OTARUS | HQS),
    ("branch_check", "send_back", "draft", "applicant", {"hokkaido"}, OTARUS),
    ("triage", "refer", "referred", "office", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("triage", "report_directly", "reported", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver"}),
    ("triage", "ask", "needs_information", "applicant", HQS, {*OTARUS, "hokkaido", "hq_approver"}),
    ("needs_information", "inform", "triage", "headquarters", OTARUS, {"otaru_administrator", "hokkaido", *HQS}),
    ("triage", "decline", "declined", "nobody", HQS, {*OTARUS, "hokkaido", "hq_approver"}),
    ("referred", "accept", "accepted", "office", LONDONS, {*OTARUS, "hokkaido", *HQS, "london_local"}),
    ("referred", "ask_details", "details_asked", "applicant", LONDONS, {*OTARUS, "hokkaido", *HQS, "london_local"}),
    ("details_asked", "give_details", "referred", "office", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("accepted", "ask_for_plan", "plan_asked", "applicant", LONDONS, {*OTARUS, "hokkaido", *HQS, "london_local"}),
    ("plan_asked", "give_for_plan", "accepted", "office", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("in_progress", "ask_more", "more_asked", "applicant", LONDONS, {*OTARUS, "hokkaido", *HQS, "london_local"}),
    ("more_asked", "give_more", "in_progress", "office", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("referred", "return", "triage", "headquarters", LONDONS, {*HQS, "london_local"}),
    ("accepted", "return", "triage", "headquarters", LONDONS, {*HQS, "london_local"}),
    ("accepted", "begin", "in_progress", "office", LONDONS, {*OTARUS, "hokkaido", "london_local"}),
    ("in_progress", "report", "reported", "headquarters", LONDONS, {*OTARUS, "hokkaido", *HQS, "london_local"}),
    ("referred", "call_back", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("details_asked", "call_back", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("accepted", "call_back", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("plan_asked", "call_back", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("in_progress", "call_back", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("more_asked", "call_back", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("reported", "close", "closed", "nobody", HQS, {*OTARUS, "hokkaido", "hq_approver", *LONDONS}),
    ("branch_check", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS}),
    ("triage", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS}),
    ("needs_information", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS}),
    ("referred", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("details_asked", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("accepted", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("plan_asked", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("in_progress", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("more_asked", "withdraw", "withdrawn", "nobody", OTARUS, {"otaru_administrator", "hokkaido", *HQS, *LONDONS}),
    ("closed", "reopen", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver"}),
    ("declined", "reopen", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver"}),
    ("withdrawn", "reopen", "triage", "headquarters", HQS, {*OTARUS, "hokkaido", "hq_approver"}),
]  # fmt: skip
FIRST = {"otaru": OTARUS, "hokkaido": {"hokkaido"}, "hq_officer": HQS, "london": LONDONS}
ONLY = {
    "otaru": "Only the requester can do this.",
    "hokkaido": "Only the branch can do this.",
    "hq_officer": "Only the headquarters can do this.",
    "london": "Only the overseas office can do this.",
}
IDS = [f"{move[0]}-{move[1]}" for move in MOVES]


def first_of(people: set[str]) -> str:
    return next(name for name, group in FIRST.items() if group == people)


def who_sees(case: Case) -> set[str]:
    if case.filed_at is None:
        return OTARUS
    offices = set(Referral.objects.filter(case=case, standing=True).values_list("office__code", flat=True))
    return {*OTARUS, "hokkaido", *HQS} | (LONDONS if offices == {"LON"} else set())


def test_the_table_above_names_every_move_of_the_workflow() -> None:
    assert {(source, move.key, move.target) for move in SUPPORT.transitions for source in move.sources} == {
        (source, key, target) for source, key, target, *_rest in MOVES
    } | {("draft", "file_directly", "triage"), ("draft", "withdraw", "withdrawn")}


@pytest.mark.parametrize(("source", "key", "target", "holder", "may", "told"), MOVES, ids=IDS)
def test_the_right_person_makes_the_move(
    cast: SimpleNamespace, source: str, key: str, target: str, holder: str, may: set[str], told: set[str]
) -> None:
    case = case_in(cast, source)
    version, logged = case.version, Entry.objects.count()
    case = step(cast, case, first_of(may), key)
    assert (case.state, case.holder, case.version) == (target, holder, version + 1)
    assert Entry.objects.count() == logged + 1
    entry = Entry.objects.about(case).last()
    assert entry is not None
    assert (entry.event, entry.params["before"], entry.params["after"]) == (
        SUPPORT.transition(key).event,
        source,
        target,
    )


@pytest.mark.parametrize(("source", "key", "target", "holder", "may", "told"), MOVES, ids=IDS)
def test_exactly_these_people_hear_of_it(
    cast: SimpleNamespace, source: str, key: str, target: str, holder: str, may: set[str], told: set[str]
) -> None:
    case = case_in(cast, source)
    Message.objects.all().delete()
    step(cast, case, first_of(may), key)
    deliver(Message.objects.get().pk, NOW.replace(year=2030))
    assert people_told(cast) == told


def people_told(cast: SimpleNamespace) -> set[str]:
    names = {person.pk: name for name, person in cast.people.items()}
    return {names[pk] for pk in Notification.objects.values_list("person", flat=True)}


@pytest.mark.parametrize(("source", "key", "target", "holder", "may", "told"), MOVES, ids=IDS)
def test_everybody_else_is_refused_with_a_sentence(
    cast: SimpleNamespace, source: str, key: str, target: str, holder: str, may: set[str], told: set[str]
) -> None:
    case = case_in(cast, source)
    sees = who_sees(case)
    for person in sorted(EVERYBODY - may - {"leaver", "nobody"}):
        with translation.override("en"), pytest.raises(NotAllowed) as caught:
            step(cast, case, person, key)
        if person in sees:
            assert str(caught.value) == ONLY[first_of(may)], person
        else:  # whether such a case exists is not told
            assert isinstance(caught.value, Conflict), person
    unchanged = Case.objects.get(pk=case.pk)
    assert (unchanged.state, unchanged.version) == (source, case.version)


@pytest.mark.parametrize(("source", "key", "target", "holder", "may", "told"), MOVES, ids=IDS)
def test_a_colleague_with_the_same_right_may_do_it_as_well(
    cast: SimpleNamespace, source: str, key: str, target: str, holder: str, may: set[str], told: set[str]
) -> None:
    colleague = sorted(may - {first_of(may)} or may)[0]
    assert step(cast, case_in(cast, source), colleague, key).state == target


def test_a_posting_without_the_right_reads_that_it_lacks_it(cast: SimpleNamespace) -> None:
    from clair_portal.accounts.models import Role

    case = case_in(cast, "triage")
    Role.objects.filter(code="hq_officer").update(rights=["network.edit"])
    with (
        translation.override("en"),
        pytest.raises(NotAllowed, match="Your posting does not give you the right to do this."),
    ):
        step(cast, case, "hq_officer", "refer")


@pytest.mark.parametrize(
    "key",
    [
        "send_back",
        "ask",
        "decline",
        "return",
        "withdraw",
        "reopen",
        "inform",
        "ask_details",
        "give_details",
        "ask_for_plan",
        "give_for_plan",
        "ask_more",
        "give_more",
        "call_back",
    ],
)
def test_a_move_that_needs_a_reason_is_refused_without_one(cast: SimpleNamespace, key: str) -> None:
    source, who = next((move[0], first_of(move[4])) for move in MOVES if move[1] == key)
    case = case_in(cast, source)
    for blank in ("", "  \n"):
        with translation.override("en"), pytest.raises(NotAllowed, match="Write the reason"):
            step(cast, case, who, key, reason=blank)


def test_a_draft_that_is_not_filled_in_says_what_is_missing(cast: SimpleNamespace) -> None:
    case = draft(cast)
    type(case.support_request).objects.update(purpose="", party=None)
    with translation.override("en"), pytest.raises(NotAllowed, match="fill in: purpose, number of people"):
        step(cast, case, "otaru", "file")


def test_a_report_without_words_is_refused(cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    with translation.override("en"), pytest.raises(NotAllowed, match="Write the report."):
        step(cast, case, "london", "report", body="   ")
    assert Case.objects.get().state == "in_progress"


def test_a_case_is_referred_to_offices_only(cast: SimpleNamespace) -> None:
    case = case_in(cast, "triage")
    with translation.override("en"), pytest.raises(NotAllowed, match="Choose an overseas office."):
        step(cast, case, "hq_officer", "refer", office=cast.places["osaka"])
    assert Referral.objects.count() == 0


def test_who_looks_at_an_old_version_is_told_so(cast: SimpleNamespace) -> None:
    case = case_in(cast, "branch_check")
    with translation.override("en"), pytest.raises(Conflict, match="Somebody else changed this case"):
        step(cast, case, "hokkaido", "pass_on", version=case.version - 1)


# --- A designated city is its own branch --------------------------------------------------------------------------------------
def test_a_designated_city_files_with_headquarters_directly(cast: SimpleNamespace) -> None:
    case = draft(cast, "sapporo")
    with translation.override("en"), pytest.raises(NotAllowed, match="This way is not meant for this case."):
        step(cast, case, "sapporo", "file")
    Message.objects.all().delete()
    case = step(cast, case, "sapporo", "file_directly")
    assert (case.state, case.holder, case.number) == ("triage", "headquarters", "R8-支-0001")
    assert case.branch == case.applicant == cast.places["sapporo"]
    deliver(Message.objects.get().pk, NOW.replace(year=2030))
    assert people_told(cast) == HQS


def test_a_town_cannot_pass_its_branch_by(cast: SimpleNamespace) -> None:
    with translation.override("en"), pytest.raises(NotAllowed, match="This way is not meant for this case."):
        step(cast, draft(cast), "otaru", "file_directly")


def test_a_prefecture_files_its_own_case_with_headquarters(cast: SimpleNamespace) -> None:
    case = step(cast, draft(cast, "hokkaido"), "hokkaido", "file_directly")
    assert (case.state, case.branch) == ("triage", cast.places["hokkaido"])


# --- The office comes and goes ----------------------------------------------------------------------------------------------------
def test_a_returned_case_can_be_referred_to_another_office_and_to_the_same_again(cast: SimpleNamespace) -> None:
    case = case_in(cast, "referred")
    step(cast, case, "london", "return")
    step(cast, case, "hq_officer", "refer", office=cast.places["newyork"])
    with pytest.raises(Conflict):
        step(cast, case, "london", "accept")
    step(cast, case, "newyork", "return")
    step(cast, case, "hq_officer", "refer", office=cast.places["london"])
    assert step(cast, case, "london", "accept").holding == cast.places["london"]
    states = Referral.objects.order_by("pk").values_list("office__code", "state", "standing")
    assert list(states) == [("LON", "returned", False), ("NYC", "returned", False), ("LON", "accepted", True)]


def test_a_reopened_case_that_goes_to_another_office_leaves_the_first(cast: SimpleNamespace) -> None:
    case = case_in(cast, "closed")
    step(cast, case, "hq_officer", "reopen")
    step(cast, case, "hq_officer", "refer", office=cast.places["newyork"])
    assert step(cast, case, "newyork", "accept").holding == cast.places["newyork"]
    assert list(Referral.objects.filter(standing=True).values_list("office__code", flat=True)) == ["NYC"]
