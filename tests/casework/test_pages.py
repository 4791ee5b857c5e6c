"""The page of a case and the desk: how many questions they ask, and whose words they use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clair_portal.accounts.models import Person
from clair_portal.casework.checklist import add_task
from clair_portal.casework.models import Case, CaseFile, Referral
from clair_portal.casework.services import add_file, add_note
from clair_portal.casework.workflow import WORKFLOWS
from clair_portal.contacts.services import plan_visit
from clair_portal.walls.scope import acting
from offices.work.services import log_work
from tests.casework.travel import WAYS, case_in, draft, step
from tests.cast import NOW, reader
from tests.offices.research_travel import case_in as research_in
from tests.questions import questions

MOST_OF_A_CASE = 12
Browse = Callable[..., Any]


@pytest.mark.parametrize("state", WAYS)
def test_the_page_of_a_case_asks_at_most_twelve_questions(cast: SimpleNamespace, browse: Browse, state: str) -> None:
    case = case_in(cast, state)
    for who in ("hq_officer", "otaru", "hokkaido", "london_local"):
        client = browse(who)
        if client.get(f"/desk/cases/{case.pk}/").status_code == 200:
            asked = questions(client, f"/desk/cases/{case.pk}/")
            assert len(asked) <= MOST_OF_A_CASE, (who, asked)


@pytest.fixture
def on_two_trips(cast: SimpleNamespace) -> Case:
    """With London and Paris, London has begun."""
    case = draft(cast)
    Case.objects.filter(pk=case.pk).update(countries=["GB", "FR"])
    for who, key in WAYS["triage"]:
        case = step(cast, case, who, key)
    both = [cast.places["london"], cast.places["paris"]]
    case = step(cast, case, "hq_officer", "refer", offices=both, owner=both[0])
    part = Case.objects.get(parent=case, holding=both[0])
    for key in ("accept", "begin"):
        part = step(cast, part, "london", key)
    return part


def one_more_of_everything(cast: SimpleNamespace, case: Case) -> None:
    actor = reader(cast, "london")
    with acting(actor.scope):
        add_note(case, body="Hello", shared=True, actor=actor, now=NOW)
        add_file(case, SimpleUploadedFile("list.txt", b"1. costs"), actor=actor, now=NOW)
        add_task(case, title="Ring back", due_on=None, actor=actor, now=NOW)
        log_work(case, kind="enquiry", day=NOW.date(), hours=Decimal("1"), summary="Asked", shared=True, actor=actor,
                 now=NOW)  # fmt: skip
        values = {
            "title": "Visit",
            "title_foreign": "",
            "starts_on": NOW.date(),
            "ends_on": NOW.date() + dt.timedelta(1),
        }
        plan_visit(case, values=values, actor=actor, now=NOW)


def test_a_page_asks_the_same_for_1_and_30_of_everything(
    cast: SimpleNamespace, browse: Browse, on_two_trips: Case
) -> None:
    pages = [
        ("london_local", on_two_trips.pk),
        ("hq_officer", on_two_trips.parent_id),
        ("otaru", on_two_trips.parent_id),
    ]
    one_more_of_everything(cast, on_two_trips)
    before = [len(questions(browse(who), f"/desk/cases/{pk}/")) for who, pk in pages]
    for _ in range(29):
        one_more_of_everything(cast, on_two_trips)
    after = [len(questions(browse(who), f"/desk/cases/{pk}/")) for who, pk in pages]
    assert before == after
    assert max(after) <= MOST_OF_A_CASE, after


def test_the_desk_asks_the_same_for_1_and_20_cases(cast: SimpleNamespace, browse: Browse) -> None:
    case_in(cast, "triage")
    case_in(cast, "in_progress")
    before = len(questions(browse("hq_officer"), "/desk/"))
    for _ in range(10):
        case_in(cast, "triage")
        case_in(cast, "referred")
    assert len(questions(browse("hq_officer"), "/desk/")) == before
    assert before <= 8


def in_english(cast: SimpleNamespace, *people: str) -> None:
    for person in people:
        cast.people[person].language = "en"
        cast.people[person].save()


def test_requesters_read_public_words_on_the_page_the_desk_and_the_decision(
    cast: SimpleNamespace, browse: Browse
) -> None:
    in_english(cast, "otaru", "hokkaido")
    case = case_in(cast, "needs_information")
    for path in (f"/desk/cases/{case.pk}/", "/desk/", f"/desk/cases/{case.pk}/move/inform/"):
        page = browse("otaru").get(path).content.decode()
        assert "Headquarters is waiting for your answer" in page, path
        assert "Needs information" not in page, path
        assert "The requester reads" not in page, path
    page = browse("hokkaido").get(f"/desk/cases/{case.pk}/").content.decode()
    assert "Needs information" in page
    assert "The requester reads: “Headquarters is waiting for your answer”" in page


def test_what_happens_next_speaks_to_the_requester_and_of_it_to_everybody_else(
    cast: SimpleNamespace, browse: Browse
) -> None:
    in_english(cast, "otaru", "hokkaido")
    case = case_in(cast, "needs_information")
    for who, words, others in (
        ("otaru", "you answer", "the requester answers"),
        ("hokkaido", "the requester answers", "you answer"),
    ):
        for path in (f"/desk/cases/{case.pk}/", "/desk/"):
            page = browse(who).get(path).content.decode()
            assert f"When {words}, headquarters goes on." in page, (who, path)
            assert f"When {others}" not in page, (who, path)
    for workflow in WORKFLOWS.values():
        for state in workflow.states if any(state.key == "draft" for state in workflow.states) else ():
            assert "requester" not in str(state.next_for(public=True)), (workflow.kind, state.key)


def test_the_page_says_what_can_happen_next_and_why_the_reader_cannot_do_it(
    cast: SimpleNamespace, browse: Browse
) -> None:
    in_english(cast, "otaru")
    case = case_in(cast, "triage")
    page = browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    assert "What else can happen, and who can do it" in page
    assert '<b>Refer to the office</b> <span class="muted">Only the headquarters can do this.</span>' in page


def test_the_preview_of_a_referral_names_the_office_and_whom_it_tells(cast: SimpleNamespace, browse: Browse) -> None:
    in_english(cast, "hq_officer", "otaru", "london", "newyork")
    case = case_in(cast, "triage")
    address = f"/desk/cases/{case.pk}/move/refer/"
    told = {row["who"]: row for row in browse("hq_officer").get(address).context["told"]}
    london = told[cast.people["london"].display_name()]
    assert london["home"] == str(cast.places["london"])
    assert london["what"] == f"Referred to {cast.places['london']}: {case.title}"
    chosen = {"version": case.version, "offices": [cast.places["newyork"].pk], "owner": cast.places["london"].pk}
    answer = browse("hq_officer").post(address, chosen)  # refused: London leads without being chosen
    assert answer.status_code == 422
    lines = {row["who"]: row["what"] for row in answer.context["told"]}
    assert lines[cast.people["newyork"].display_name()] == f"Referred to {cast.places['newyork']}: {case.title}"
    assert cast.people["london"].display_name() not in lines


def test_the_reason_of_a_referral_is_said_in_the_language_of_each_reader(cast: SimpleNamespace, browse: Browse) -> None:
    """Headquarters refers in Japanese; London reads English. What somebody wrote is said as it was written."""
    case = case_in(cast, "triage")
    Case.objects.filter(pk=case.pk).update(countries=["GB", "US"])
    typed = {"version": case.version, "offices": [cast.places["london"].pk]}
    assert browse("hq_officer").post(f"/desk/cases/{case.pk}/move/refer/", typed).status_code == 302
    assert Referral.objects.get(case=case).why == "countries: GB"
    in_english(cast, "london")
    assert "Responsible for United Kingdom" in browse("london").get(f"/desk/cases/{case.pk}/").content.decode()
    assert "イギリスを担当" in browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    Referral.objects.filter(case=case).update(why="countries: GB US")
    assert "イギリス、アメリカ" in browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    Referral.objects.filter(case=case).update(why="By sea: nobody else can")
    assert "By sea: nobody else can" in browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()


def test_keys_are_offered_to_those_who_work_through_a_desk_and_not_to_an_occasional_clerk(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case = case_in(cast, "needs_information")
    for path in ("/desk/", f"/desk/cases/{case.pk}/"):
        page = browse("otaru").get(path).content.decode()
        assert ("<kbd>" in page, "data-begin" in page) == (False, False), path
    case = case_in(cast, "triage")
    assert "data-begin" in browse("hq_officer").get("/desk/").content.decode()
    assert "<kbd>1</kbd>" in browse("hq_officer").get(f"/desk/cases/{case.pk}/").content.decode()


def test_many_boxes_of_a_filter_are_folded_until_one_is_ticked(cast: SimpleNamespace, browse: Browse) -> None:
    in_english(cast, "otaru")
    page = browse("otaru").get("/desk/cases/").content.decode()
    assert '<details class="fold choices"><summary>State' in page
    assert page.count('class="fold choices"') == 1  # holders and offices are few enough
    ticked = browse("otaru").get("/desk/cases/?state=triage").content.decode()
    assert '<details class="fold choices" open><summary>State' in ticked


def test_states_that_only_one_kind_has_stand_under_its_name_and_each_wording_once(
    cast: SimpleNamespace, browse: Browse
) -> None:
    in_english(cast, "hq_officer", "otaru")
    page = browse("hq_officer").get("/desk/cases/").content.decode()
    boxes = page[page.index("<summary>State") : page.index("<summary>State") + 6000]
    head = '<p class="muted small choices-of">{}</p>'
    order = [
        "> HQ triage</label>", head.format("Support request"), "> Accepted</label>", head.format("Commissioned research"),
        "> Formal letter awaited</label>",
    ]  # fmt: skip
    assert sorted(order, key=boxes.index) == order
    assert page.count("> Office asks</label>") == 1
    assert "> Received</label>" in page
    assert "> Received</label>" not in browse("otaru").get("/desk/cases/").content.decode()


def test_a_wording_said_of_two_states_finds_both_and_only_the_kinds_it_is_said_of(
    cast: SimpleNamespace, browse: Browse
) -> None:
    asked, more = case_in(cast, "details_asked"), research_in(cast, "more_asked")
    value = "details_asked,more_asked@offices.support,offices.research"
    found = browse("hq_officer").get("/desk/cases/", {"state": value}).context["lines"]
    assert [line["row"].case.pk for line in found] == [more.pk, asked.pk]
    value = "details_asked@offices.foreign"
    assert browse("hq_officer").get("/desk/cases/", {"state": value}).context["lines"] == []


def test_papers_that_nothing_has_checked_are_said_once_and_only_what_differs_stands_beside_a_paper(
    cast: SimpleNamespace, browse: Browse
) -> None:
    in_english(cast, "otaru", "hq_approver")
    case = case_in(cast, "triage")
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        for name in ("a.txt", "b.txt", "c.txt"):
            add_file(case, SimpleUploadedFile(name, name.encode()), shared=True, actor=actor, now=NOW)
    CaseFile.objects.filter(name="c.txt").update(check_state="quarantined")
    page = browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    assert page.count("The portal does not check papers for viruses.") == 1
    assert "not checked for viruses" not in page
    assert page.count("waits for the virus check") == 1
    assert "CLAMAV_ADDRESS" not in page
    assert (
        "no virus scanner is set up (CLAMAV_ADDRESS)"
        in browse("hq_approver").get(f"/desk/cases/{case.pk}/").content.decode()
    )


def test_the_story_stands_before_the_box_for_messages(cast: SimpleNamespace, browse: Browse) -> None:
    page = browse("otaru").get(f"/desk/cases/{case_in(cast, 'triage').pk}/").content.decode()
    assert page.index('class="timeline"') < page.index('name="body"')
    assert 'href="#id_body"' in page
    assert 'id="id_body"' in page


def test_a_task_due_today_is_not_overdue_while_the_day_lasts_where_the_reader_is(
    cast: SimpleNamespace, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 20:00 in New York the next day has come in Tokyo."""
    case, actor = case_in(cast, "in_progress"), reader(cast, "london")
    Person.objects.filter(pk=actor.person).update(time_zone="America/New_York")
    with acting(actor.scope):
        for title, day in (("Ring back", 30), ("Book the hall", 29)):
            add_task(case, title=title, due_on=dt.date(2026, 11, day), actor=actor, now=NOW)
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2026, 12, 1, 1, tzinfo=dt.UTC))
    page = browse("london").get("/desk/tasks/?show=open&overdue=1").content.decode()
    assert "Book the hall" in page
    assert "Ring back" not in page
