"""Commissioned research passes the branch twice: every move, who may make it, who hears of it, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import translation

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, CaseFile, Referral
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.network.models import Organisation
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Message, Notification
from clair_portal.walls.scope import acting
from offices.models import ResearchRequest, ResearchResult, SharedResearch
from offices.research.forms import OfficeForm
from offices.research.workflow import RESEARCH
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices.research_travel import case_in, draft, letter, step

Browse = Callable[..., WebClient]
OTARUS, HQS, LONDONS = {"otaru", "otaru_administrator"}, {"hq_officer", "hq_approver"}, {"london", "london_local"}
BRANCH, ALL = (
    {"hokkaido"},
    {"otaru", "otaru_administrator", "hokkaido", "hq_officer", "hq_approver", "london", "london_local"},
)
# from, move, to, who holds it then, who may, who is told (the one who did it is not)
MOVES = [
    ("draft", "file", "branch_check", "branch", OTARUS, OTARUS | BRANCH),
    ("branch_check", "pass_on", "triage", "headquarters", BRANCH, OTARUS | HQS | BRANCH),
    ("branch_check", "send_back", "draft", "applicant", BRANCH, OTARUS),
    ("triage", "ask_office", "feasibility", "office", HQS, ALL),
    ("triage", "ask", "needs_information", "applicant", HQS, OTARUS | BRANCH | HQS),
    ("needs_information", "inform", "triage", "headquarters", OTARUS, OTARUS | BRANCH | HQS),
    ("triage", "decline", "declined", "nobody", HQS, OTARUS | BRANCH | HQS),
    ("feasible", "decline", "declined", "nobody", HQS, ALL),
    ("letter_triage", "decline", "declined", "nobody", HQS, ALL),
    ("feasibility", "say_feasible", "feasible", "headquarters", LONDONS, HQS | LONDONS),
    ("feasibility", "say_not_feasible", "not_feasible", "nobody", LONDONS, ALL),
    ("feasibility", "ask_details", "details_asked", "applicant", LONDONS, ALL),
    ("details_asked", "give_details", "feasibility", "office", OTARUS, ALL),
    ("feasibility", "return", "triage", "headquarters", LONDONS, HQS | LONDONS),
    ("feasibility", "call_back", "triage", "headquarters", HQS, ALL),
    ("details_asked", "call_back", "triage", "headquarters", HQS, ALL),
    ("feasible", "call_back", "triage", "headquarters", HQS, ALL),
    ("feasible", "ask_letter", "letter_awaited", "applicant", HQS, ALL),
    ("letter_awaited", "send_letter", "letter_check", "branch", OTARUS, OTARUS | BRANCH),
    ("letter_check", "pass_on_letter", "letter_triage", "headquarters", BRANCH, OTARUS | BRANCH | HQS),
    ("letter_check", "return_letter", "letter_awaited", "applicant", BRANCH, OTARUS | BRANCH),
    ("letter_triage", "ask_letter_again", "letter_awaited", "applicant", HQS, OTARUS | BRANCH | HQS),
    ("letter_triage", "refer", "referred", "office", HQS, ALL),
    ("referred", "begin", "in_progress", "office", LONDONS, ALL),
    ("referred", "return_work", "letter_triage", "headquarters", LONDONS, HQS | LONDONS),
    ("in_progress", "return_work", "letter_triage", "headquarters", LONDONS, HQS | LONDONS),
    ("referred", "call_back_work", "letter_triage", "headquarters", HQS, ALL),
    ("in_progress", "call_back_work", "letter_triage", "headquarters", HQS, ALL),
    ("more_asked", "call_back_work", "letter_triage", "headquarters", HQS, ALL),
    ("in_progress", "ask_more", "more_asked", "applicant", LONDONS, ALL),
    ("more_asked", "give_more", "in_progress", "office", OTARUS, ALL),
    ("in_progress", "answer", "answer_check", "headquarters", LONDONS, HQS | LONDONS),
    ("answer_check", "return_answer", "in_progress", "office", HQS, HQS | LONDONS),
    ("answer_check", "send_answer", "answered", "nobody", HQS, ALL),
    ("answered", "share", "shared", "nobody", HQS, ALL),
    ("shared", "take_off", "answered", "nobody", HQS, ALL),
    ("branch_check", "withdraw", "withdrawn", "nobody", OTARUS, OTARUS | BRANCH | HQS),
    ("triage", "withdraw", "withdrawn", "nobody", OTARUS, OTARUS | BRANCH | HQS),
    ("needs_information", "withdraw", "withdrawn", "nobody", OTARUS, OTARUS | BRANCH | HQS),
    *((state, "withdraw", "withdrawn", "nobody", OTARUS, ALL) for state in (
        "feasibility", "details_asked", "feasible", "letter_awaited", "letter_check", "letter_triage", "referred",
        "in_progress", "more_asked")),
    ("answered", "reopen", "triage", "headquarters", HQS, ALL),
    ("not_feasible", "reopen", "triage", "headquarters", HQS, ALL),
    ("declined", "reopen", "triage", "headquarters", HQS, OTARUS | BRANCH | HQS),
    ("withdrawn", "reopen", "triage", "headquarters", HQS, OTARUS | BRANCH | HQS),
]  # fmt: skip
FIRST = {"otaru": OTARUS, "hokkaido": BRANCH, "hq_officer": HQS, "london": LONDONS}
ONLY = {
    "otaru": "Only the requester can do this.",
    "hokkaido": "Only the branch can do this.",
    "hq_officer": "Only the headquarters can do this.",
    "london": "Only the overseas office can do this.",
}
IDS = [f"{move[0]}-{move[1]}" for move in MOVES]


def first_of(people: set[str]) -> str:
    return next(name for name, group in FIRST.items() if group == people)


def told(cast: SimpleNamespace) -> set[str]:
    names = {person.pk: name for name, person in cast.people.items()}
    return {names[pk] for pk in Notification.objects.values_list("person", flat=True)}


# --- Every move ---------------------------------------------------------------------------------------------------------
def test_the_table_above_names_every_move_of_the_workflow() -> None:
    assert {(source, move.key, move.target) for move in RESEARCH.transitions for source in move.sources} == {
        (source, key, target) for source, key, target, *_rest in MOVES
    } | {
        ("draft", "file_directly", "triage"), ("letter_awaited", "send_letter_directly", "letter_triage"),
        ("draft", "withdraw", "withdrawn"),
    }  # fmt: skip


@pytest.mark.parametrize(("source", "key", "target", "holder", "may", "hear"), MOVES, ids=IDS)
def test_the_right_person_makes_the_move_and_exactly_these_hear_of_it(
    cast: SimpleNamespace, source: str, key: str, target: str, holder: str, may: set[str], hear: set[str]
) -> None:
    case = case_in(cast, source)
    Message.objects.all().delete()
    person = first_of(may)
    moved = step(cast, case, person, key)
    assert (moved.state, moved.holder, moved.version) == (target, holder, case.version + 1)
    entry = Entry.objects.about(moved).last()
    assert entry is not None
    assert (entry.event, entry.params["before"]) == (RESEARCH.transition(key).event, source)
    deliver(Message.objects.get().pk, NOW.replace(year=2030))
    assert told(cast) == hear - {person}


@pytest.mark.parametrize(("source", "key", "target", "holder", "may", "hear"), MOVES, ids=IDS)
def test_nobody_else_makes_it(
    cast: SimpleNamespace, source: str, key: str, target: str, holder: str, may: set[str], hear: set[str]
) -> None:
    case = case_in(cast, source)
    on_it = {"otaru"} if case.filed_at is None else {"otaru", "hokkaido", "hq_officer"}
    if Referral.objects.filter(case=case, standing=True).exists():
        on_it |= {"london"}
    for person in ("otaru", "hokkaido", "hq_officer", "london", "hakodate", "newyork"):
        if person in may:
            continue
        with translation.override("en"), pytest.raises(NotAllowed) as caught:
            step(cast, case, person, key)
        if person in on_it:
            assert str(caught.value) == ONLY[first_of(may)], person
        else:  # whether such a case exists is not told
            assert isinstance(caught.value, Conflict), person
    assert Case.objects.get(pk=case.pk).state == source


def test_a_move_that_needs_a_reason_is_refused_without_one(cast: SimpleNamespace) -> None:
    for source, key, _target, _holder, may, _hear in (move for move in MOVES if RESEARCH.transition(move[1]).reason):
        if source != RESEARCH.transition(key).sources[0]:
            continue
        with translation.override("en"), pytest.raises(NotAllowed, match="Write the reason"):
            step(cast, case_in(cast, source), first_of(may), key, reason=" ")


# --- What cannot be filed -----------------------------------------------------------------------------------------------
def refused(cast: SimpleNamespace, case: Case, who: str, key: str, **given: object) -> str:
    with translation.override("en"), pytest.raises(NotAllowed) as caught:
        step(cast, case, who, key, **given)
    return str(caught.value)


def test_a_research_request_without_questions_is_refused(cast: SimpleNamespace) -> None:
    said = refused(cast, draft(cast, questions=" \n"), "otaru", "file")
    assert said == "A research request needs questions. Write on the page “Questions” what the office is to find out."


def test_what_is_missing_is_named(cast: SimpleNamespace) -> None:
    said = refused(cast, draft(cast, purpose="", not_from_japan="", countries=[]), "otaru", "file")
    assert said == "Before you can file it, fill in: countries, purpose, why it cannot be done from Japan"


def test_several_offices_are_refused_with_what_each_would_get(cast: SimpleNamespace) -> None:
    said = refused(cast, draft(cast, countries=["GB", "FR"]), "otaru", "file")
    assert said == (
        "One research request goes to one office. File one request per office: London office: United Kingdom; "
        "Paris office: France"
    )


def test_a_country_without_an_office_is_refused_with_the_countries_that_have_one(cast: SimpleNamespace) -> None:
    said = refused(cast, draft(cast, countries=["MN"]), "otaru", "file")
    assert said == (
        "Research is in principle done in countries that host an office (United Kingdom, United States, France). "
        "Not among them: Mongolia. Choose other countries, or write why headquarters should make an exception."
    )


def test_headquarters_makes_an_exception_only_with_a_reason(cast: SimpleNamespace) -> None:
    case = draft(cast, countries=["MN"], exception_wanted="A sister city since 1990")
    step(cast, case, "otaru", "file")
    step(cast, case, "hokkaido", "pass_on")
    said = refused(cast, case, "hq_officer", "ask_office", exception=" ")
    assert said.endswith("Not among them: Mongolia. Write why headquarters makes an exception, or decline.")
    assert Referral.objects.count() == 0
    step(cast, case, "hq_officer", "ask_office", exception="London knows the region")
    assert ResearchRequest.objects.get().exception == "London knows the region"


# --- The letter ---------------------------------------------------------------------------------------------------------
def test_the_letter_is_a_paper_and_nothing_is_typed_again(cast: SimpleNamespace) -> None:
    case = case_in(cast, "letter_awaited")
    before = ResearchRequest.objects.values(*(f.name for f in ResearchRequest._meta.fields if f.name != "letter")).get()
    assert refused(cast, case, "otaru", "send_letter", letter=None) == "Add the formal request letter."
    case = step(cast, case, "otaru", "send_letter")
    detail = ResearchRequest.objects.get()
    assert (detail.letter.name, detail.letter.shared, case.state) == ("正式依頼文.txt", True, "letter_check")
    assert ResearchRequest.objects.values(*before).get() == before


def test_a_returned_letter_can_be_sent_again_or_replaced(cast: SimpleNamespace) -> None:
    case = case_in(cast, "letter_check")
    step(cast, case, "hokkaido", "return_letter")
    step(cast, case, "otaru", "send_letter", letter=None)
    assert CaseFile.objects.count() == 1
    first = ResearchRequest.objects.get().letter
    step(cast, case, "hokkaido", "return_letter")
    step(cast, case, "otaru", "send_letter", letter=letter())
    assert CaseFile.objects.count() == 2
    assert ResearchRequest.objects.get().letter in CaseFile.objects.exclude(pk=first.pk)


def test_the_letter_is_sent_from_the_page_with_one_file(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "letter_awaited")
    address, client = f"/desk/cases/{case.pk}/move/send_letter/", browse("otaru")
    page = client.get(address).content.decode()
    assert 'enctype="multipart/form-data"' in page
    answer = client.post(address, {"version": case.version, "letter": letter()})
    assert (answer.status_code, Case.objects.get().state) == (302, "letter_check")


def test_a_body_without_a_branch_files_and_sends_its_letter_directly(cast: SimpleNamespace) -> None:
    case = draft(cast, "sapporo")
    assert refused(cast, case, "sapporo", "file") == "This way is not meant for this case."
    case = step(cast, case, "sapporo", "file_directly")
    assert (case.state, case.number) == ("triage", "R8-調-0001")
    step(cast, case, "hq_officer", "ask_office")
    step(cast, case, "london", "say_feasible")
    step(cast, case, "hq_officer", "ask_letter")
    assert step(cast, case, "sapporo", "send_letter_directly").state == "letter_triage"


# --- Offices, clocks, results -------------------------------------------------------------------------------------------
def test_the_office_that_said_yes_keeps_its_referral_when_it_is_commissioned(cast: SimpleNamespace) -> None:
    case_in(cast, "in_progress")
    assert list(Referral.objects.values_list("office__code", "state", "standing")) == [("LON", "accepted", True)]


def test_a_returned_commission_goes_to_another_office_and_leaves_the_first(cast: SimpleNamespace) -> None:
    case = case_in(cast, "referred")
    step(cast, case, "london", "return_work")
    case = step(cast, case, "hq_officer", "refer", office=cast.places["newyork"])
    assert case.holding == cast.places["newyork"]
    states = Referral.objects.order_by("pk").values_list("office__code", "state", "standing")
    assert list(states) == [("LON", "returned", False), ("NYC", "proposed", True)]


def test_neither_question_nor_commission_goes_to_an_office_that_has_ended(cast: SimpleNamespace) -> None:
    asked, commissioned = case_in(cast, "triage"), case_in(cast, "letter_triage")
    Organisation.objects.filter(pk=cast.places["london"].pk).update(ends_on=dt.date(2026, 3, 31))
    ended = Organisation.objects.get(pk=cast.places["london"].pk)
    for case, key in ((asked, "ask_office"), (commissioned, "refer")):
        with translation.override("en"), pytest.raises(NotAllowed, match="London office does not exist any more."):
            step(cast, case, "hq_officer", key, office=ended)
        case.refresh_from_db()
        assert case.holder == "headquarters"
        form = OfficeForm(case=case, move=RESEARCH.transition(key), actor=reader(cast, "hq_officer"), now=NOW)
        assert ended.pk not in dict(form.fields["office"].choices)  # type: ignore[attr-defined]
        assert form.initial["office"] is None


def test_the_clock_stands_while_the_requester_is_asked(cast: SimpleNamespace) -> None:
    case = step(cast, case_in(cast, "triage"), "hq_officer", "ask")
    assert case.clock_left == 5
    case = step(cast, case, "otaru", "inform")
    assert (case.clock_left, case.due_at is not None) == (None, True)


def test_the_requester_reads_the_result_only_when_headquarters_has_checked_it(cast: SimpleNamespace) -> None:
    case = case_in(cast, "answer_check")

    def reads(who: str) -> bool:
        actor = reader(cast, who)
        with acting(actor.scope):
            return ResearchResult.objects.visible_to(actor.scope).filter(case=case).exists()

    people = ("otaru", "hokkaido", "hq_officer", "london", "hakodate", "newyork")
    assert {who for who in people if reads(who)} == {"hq_officer", "london"}
    step(cast, case, "hq_officer", "send_answer")
    assert {who for who in people if reads(who)} == {"otaru", "hokkaido", "hq_officer", "london"}
    step(cast, case, "hq_officer", "reopen")
    assert {who for who in people if reads(who)} == {"hq_officer", "london"}


def found_by(cast: SimpleNamespace, who: str) -> dict[str, bool]:
    """What somebody reads of the results: the text, and whether it was released."""
    actor = reader(cast, who)
    with acting(actor.scope):
        return {each.body: each.released_at is not None for each in ResearchResult.objects.visible_to(actor.scope)}


def test_a_second_office_answers_after_the_first_and_both_texts_stay(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "answer_check")
    case = step(cast, case, "hq_officer", "return_answer")
    case = step(cast, case, "london", "return_work")
    case = step(cast, case, "hq_officer", "refer", office=cast.places["newyork"])
    case = step(cast, case, "newyork", "begin")
    newyork = browse("newyork")
    form = newyork.get(f"/desk/cases/{case.pk}/move/answer/")
    assert form.context["form"]["body"].value() == ""  # it does not begin with what London wrote
    sent = newyork.post(
        f"/desk/cases/{case.pk}/move/answer/", {"version": case.version, "body": "New York visits too."}
    )
    assert (sent.status_code, Case.objects.get().state) == (302, "answer_check")
    both = {"The fire brigade visits homes.": False, "New York visits too.": False}
    assert (found_by(cast, "hq_officer"), found_by(cast, "newyork")) == (both, both)
    assert (found_by(cast, "london"), found_by(cast, "otaru")) == ({}, {})
    page = " ".join(browse("hq_officer").get(f"/desk/cases/{case.pk}/").content.decode().split())
    assert page.index("New York visits too.") < page.index("The fire brigade visits homes.")
    step(cast, case, "hq_officer", "send_answer")
    assert (found_by(cast, "otaru"), found_by(cast, "hakodate")) == ({"New York visits too.": True}, {})


def test_a_research_that_was_answered_is_opened_again_for_another_office(cast: SimpleNamespace) -> None:
    case = step(cast, case_in(cast, "answered"), "hq_officer", "reopen")
    case = step(cast, case, "hq_officer", "ask_office", office=cast.places["newyork"])
    ways = (("newyork", "say_feasible"), ("hq_officer", "ask_letter"), ("otaru", "send_letter"),
            ("hokkaido", "pass_on_letter"), ("hq_officer", "refer"), ("newyork", "begin"))  # fmt: skip
    for who, key in ways:
        case = step(cast, case, who, key, **({"office": cast.places["newyork"]} if key == "refer" else {}))
    case = step(cast, case, "newyork", "answer", body="New York visits too.")
    case = step(cast, case, "hq_officer", "send_answer")
    case = step(cast, case, "hq_officer", "share")
    assert found_by(cast, "otaru") == {"New York visits too.": True}
    assert str(SharedResearch.objects.get().office) == "New York office"


# --- The result as it grows ---------------------------------------------------------------------------------------------
def test_the_draft_of_a_result_is_read_by_its_office_only_and_is_sent(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    page, london = f"/desk/cases/{case.pk}/result/", browse("london")
    assert page in london.get(f"/desk/cases/{case.pk}/").content.decode()
    kept = london.post(page, {"body": "Half of it", "version": ""}, headers={"X-Autosave": "1"})
    assert kept.status_code == 204
    again = london.post(page, {"body": "Half of it, and more", "version": kept["X-Version"]})
    assert again.status_code == 302
    assert [found_by(cast, who) for who in ("london", "hq_officer", "otaru", "hokkaido")] == [
        {"Half of it, and more": False}, {}, {}, {},
    ]  # fmt: skip
    form = london.get(f"/desk/cases/{case.pk}/move/answer/").context["form"]
    assert form["body"].value() == "Half of it, and more"
    step(cast, case, "london", "answer", body="All of it")
    assert ResearchResult.objects.values_list("body", flat=True).get() == "All of it"


def test_two_colleagues_on_one_draft_of_a_result_both_keep_their_words(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    page, london, local = f"/desk/cases/{case.pk}/result/", browse("london"), browse("london_local")
    london.post(page, {"body": "What London found", "version": ""})
    late = local.post(page, {"body": "What the colleague found", "version": ""})
    assert late.status_code == 422
    shown = late.content.decode()
    assert "What London found" in shown
    assert "What the colleague found" in shown
    version = late.context["shown"]
    assert local.post(page, {"body": "Both findings", "version": version}).status_code == 302
    assert ResearchResult.objects.get().body == "Both findings"


def test_a_result_is_not_sent_over_words_a_colleague_saved_meanwhile(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    page, move = f"/desk/cases/{case.pk}/result/", f"/desk/cases/{case.pk}/move/answer/"
    london, local = browse("london"), browse("london_local")
    typed = {
        "version": case.version, "body": "Short",
        "drafted": london.get(move).context["form"]["drafted"].value(),
    }  # fmt: skip
    local.post(page, {"body": "Two pages", "version": ""})
    answer = london.post(move, typed)
    assert answer.status_code == 422
    assert "Short</textarea>" in answer.content.decode()
    assert (ResearchResult.objects.get().body, ResearchResult.objects.get().sent_at) == ("Two pages", None)
    again = answer.context["form"]["drafted"].value()
    assert london.post(move, {**typed, "drafted": again}).status_code == 302
    assert ResearchResult.objects.get().body == "Short"


def test_a_result_that_was_returned_goes_on_from_what_was_sent(cast: SimpleNamespace, browse: Browse) -> None:
    case = step(cast, case_in(cast, "answer_check"), "hq_officer", "return_answer")
    london = browse("london")
    for page in ("result", "move/answer"):
        form = london.get(f"/desk/cases/{case.pk}/{page}/").context["form"]
        assert form["body"].value() == "The fire brigade visits homes."
    case = step(cast, case, "london", "answer", body="The fire brigade visits homes twice.")
    step(cast, case, "hq_officer", "send_answer")
    assert found_by(cast, "otaru") == {"The fire brigade visits homes twice.": True}


def test_nobody_drafts_a_result_but_the_office_at_work(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "answer_check")
    assert browse("hq_officer").post(f"/desk/cases/{case.pk}/result/", {"body": "x", "version": ""}).status_code == 403
    answer = browse("london").post(f"/desk/cases/{case.pk}/result/", {"body": "Too late", "version": ""})
    assert (answer.status_code, "Too late" in answer.content.decode()) == (422, True)
    assert not ResearchResult.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize(
    ("state", "who", "key", "name"),
    [("in_progress", "london", "answer", "body"), ("feasibility", "london", "say_feasible", "feasibility"),
     ("answered", "hq_officer", "share", "summary")],
)  # fmt: skip
def test_a_long_paste_is_kept_and_counted(
    cast: SimpleNamespace, browse: Browse, state: str, who: str, key: str, name: str
) -> None:
    for person in ("london", "hq_officer"):
        cast.people[person].language = "en"
        cast.people[person].save()
    case, client = case_in(cast, state), browse(who)
    address = f"/desk/cases/{case.pk}/move/{key}/"
    assert "maxlength" not in str(client.get(address).context["form"][name])
    pasted = "x" * 50_001
    answer = client.post(address, {"version": case.version, "title": "Fire", name: pasted})
    shown = answer.content.decode()
    assert (answer.status_code, pasted in shown, "these are 50001" in shown) == (422, True, True)


def test_every_page_of_a_research_opens_for_everybody_on_it(cast: SimpleNamespace, browse: Browse) -> None:
    for state in ("draft", "triage", "feasibility", "letter_triage", "in_progress", "shared"):
        case = case_in(cast, state)
        for who in ("otaru", "hokkaido", "hq_officer", "london"):
            client = browse(who)
            page = client.get(f"/desk/cases/{case.pk}/")
            sees = who == "otaru" or state != "draft"
            sees = sees and (who != "london" or state not in ("draft", "triage"))
            assert page.status_code == (200 if sees else 404), (state, who)
            for move in RESEARCH.out_of(state) if sees else []:
                assert client.get(f"/desk/cases/{case.pk}/move/{move.key}/").status_code in (200, 302), move.key


def test_a_draft_is_written_page_by_page_and_checked(cast: SimpleNamespace, browse: Browse) -> None:
    cast.people["otaru"].language = "en"
    cast.people["otaru"].save()
    draft(cast)
    client = browse("otaru")
    answer = client.post("/desk/research/new/", {"title": "Shared mobility"})
    case = Case.objects.get(title="Shared mobility")
    assert answer["Location"] == f"/desk/research/{case.pk}/edit/"
    shown = " ".join(client.get(answer["Location"]).content.decode().split())
    assert "Still to be filled in: countries, purpose, why it cannot be done from Japan, questions" in shown
    answer = client.post(f"/desk/research/{case.pk}/edit/place/", {"countries": ["GB", "FR"], "wanted_by": "R9/3/1"})
    assert answer["Location"] == f"/desk/research/{case.pk}/edit/purpose/"
    checked = client.get(f"/desk/research/{case.pk}/check/").content.decode()
    assert "One research request goes to one office." in checked
    assert client.get(f"/desk/research/{case.pk}/print/").content.startswith(b"%PDF")
