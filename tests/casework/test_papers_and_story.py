"""Messages of one side and of everybody, and the story of a case as people read it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from clair_portal.audit.models import Entry
from clair_portal.audit.services import read_in_emergency
from clair_portal.casework.checklist import add_task
from clair_portal.casework.models import Case, CaseFile, Note
from clair_portal.casework.presentation import steps_of, timeline_of
from clair_portal.casework.services import add_file, add_note
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in, step
from tests.cast import NOW, reader

WRITERS = ("otaru", "hokkaido", "hq_officer", "london")


def write(cast: SimpleNamespace, case: Case, who: str, body: str, shared: bool) -> Note:
    actor = reader(cast, who)
    with acting(actor.scope):
        return add_note(case, body=body, shared=shared, actor=actor, now=NOW)


def read(cast: SimpleNamespace, case: Case, who: str) -> set[str]:
    scope = reader(cast, who).scope
    with acting(scope):
        return set(Note.objects.visible_to(scope).filter(case=case).values_list("body", flat=True))


@pytest.fixture
def written(cast: SimpleNamespace) -> Case:
    case = case_in(cast, "in_progress")
    for who in WRITERS:
        write(cast, case, who, f"{who} to all", shared=True)
        write(cast, case, who, f"{who} internal", shared=False)
    return case


TO_ALL = {"otaru to all", "hokkaido to all", "hq_officer to all", "london to all"}


@pytest.mark.parametrize(
    ("who", "internal"),
    [
        ("otaru", {"otaru internal", "hokkaido internal"}),  # requester and branch are one side
        ("otaru_administrator", {"otaru internal", "hokkaido internal"}),
        ("hokkaido", {"otaru internal", "hokkaido internal"}),
        ("hq_officer", {"hq_officer internal"}),
        ("hq_approver", {"hq_officer internal"}),
        ("london", {"london internal"}),
        ("london_local", {"london internal"}),
    ],
)
def test_an_internal_message_stays_on_its_side(
    cast: SimpleNamespace, written: Case, who: str, internal: set[str]
) -> None:
    assert read(cast, written, who) == TO_ALL | internal


@pytest.mark.parametrize("who", ["sapporo", "osaka", "hakodate", "newyork"])
def test_who_is_not_on_the_case_reads_no_message(cast: SimpleNamespace, written: Case, who: str) -> None:
    assert read(cast, written, who) == set()


def test_only_shared_messages_are_told(cast: SimpleNamespace, written: Case) -> None:
    told = Message.objects.filter(event="casework.note.written").values_list("params__body", flat=True)
    assert set(told) == TO_ALL


@pytest.mark.parametrize(("length", "told"), [(500, "x" * 500), (501, "x" * 499 + "…")])
def test_a_long_message_is_told_by_its_beginning_which_says_that_it_goes_on(
    cast: SimpleNamespace, length: int, told: str
) -> None:
    write(cast, case_in(cast, "in_progress"), "otaru", "x" * length, shared=True)
    assert Message.objects.get(event="casework.note.written").params["body"] == told


def test_a_message_on_a_draft_is_told_to_nobody(cast: SimpleNamespace) -> None:
    write(cast, case_in(cast, "draft"), "otaru", "to myself", shared=True)
    assert Message.objects.count() == 0


def test_the_log_entry_of_an_internal_message_stays_on_its_side_too(cast: SimpleNamespace, written: Case) -> None:
    sides = Entry.objects.filter(event="casework.note.written").values_list("side", flat=True)
    assert sorted(sides) == ["", "", "", "", "applicant", "applicant", "headquarters", "office"]
    for who, own in (("london", "office"), ("otaru", "applicant")):
        scope = reader(cast, who).scope
        with acting(scope):
            seen = Entry.objects.visible_to(scope).about(written).filter(event="casework.note.written")
            assert set(seen.values_list("side", flat=True)) == {"", own}, who


@pytest.mark.parametrize(("who", "shared", "readers"), [("otaru", True, 4), ("otaru", False, 2), ("london", False, 1)])
def test_a_paper_follows_the_same_rule(cast: SimpleNamespace, who: str, shared: bool, readers: int) -> None:
    case, actor = case_in(cast, "in_progress"), reader(cast, who)
    with acting(actor.scope):
        add_file(case, SimpleUploadedFile("list.txt", b"1. costs"), shared=shared, actor=actor, now=NOW)
    seen = 0
    for other in WRITERS:
        scope = reader(cast, other).scope
        with acting(scope):
            seen += CaseFile.objects.visible_to(scope).count()
    assert seen == readers


def test_headquarters_reads_internal_messages_in_an_emergency_and_everybody_reads_why(
    cast: SimpleNamespace, written: Case
) -> None:
    officer = reader(cast, "hq_officer")
    with acting(officer.scope):
        read_in_emergency(written, reason="A visitor is missing", now=NOW, actor=officer.signature)
    assert len(read(cast, written, "hq_officer")) == 8
    assert len(read(cast, written, "hq_approver")) == 5  # it opens them to one person
    for who in ("otaru", "hokkaido", "london"):
        assert (
            "Mio Hayakawa (Tokyo headquarters) opened internal papers in an emergency. Reason: A visitor is missing"
            in story(cast, written, who)
        )


# --- The story --------------------------------------------------------------------------------------------------------------------
def story(cast: SimpleNamespace, case: Case, who: str) -> list[str]:
    """Newest first, in English."""
    actor = reader(cast, who)
    with translation.override("en"), acting(actor.scope):
        notes = Note.objects.visible_to(actor.scope).filter(case=case)
        return [item["text"] for item in timeline_of(case, Entry.objects.about(case), notes, actor)]


WHOLE_STORY = [
    "Mio Hayakawa (Tokyo headquarters) closed the case.",
    "Yu Saeki (London office) sent the report.",
    "Yu Saeki (London office) began the work.",
    "Yu Saeki (London office) accepted the request.",
    "Mio Hayakawa (Tokyo headquarters) referred the request to London office.",
    "Taku Morishita (Hokkaido) passed the request on to headquarters.",
    "Haru Iwakura (Otaru) filed the request R8-支-0001.",
    "Haru Iwakura (Otaru) began a draft: Canals and warehouses",
]


@pytest.mark.parametrize("who", ["otaru", "hokkaido", "hq_officer", "london"])
def test_everybody_on_the_case_reads_the_same_story(cast: SimpleNamespace, who: str) -> None:
    assert story(cast, case_in(cast, "closed"), who) == WHOLE_STORY


def test_reasons_are_part_of_the_story(cast: SimpleNamespace) -> None:
    case = case_in(cast, "referred")
    step(cast, case, "london", "return", reason="Paris is responsible.")
    step(cast, case, "hq_officer", "ask", reason="Which town?")
    step(cast, case, "otaru", "inform", reason="Lyon")
    step(cast, case, "hq_officer", "decline", reason="No time")
    step(cast, case, "hq_officer", "reopen", reason="Time was found")
    step(cast, case, "otaru", "withdraw", reason="The mayor is ill")
    assert story(cast, case, "otaru")[:6] == [
        "Haru Iwakura (Otaru) withdrew the request. Reason: The mayor is ill",
        "Mio Hayakawa (Tokyo headquarters) reopened the case. Reason: Time was found",
        "Mio Hayakawa (Tokyo headquarters) declined the request. Reason: No time",
        "Haru Iwakura (Otaru) gave the information: Lyon",
        "Mio Hayakawa (Tokyo headquarters) asked for more information: Which town?",
        "Yu Saeki (London office) returned the request to headquarters. Reason: Paris is responsible.",
    ]


def test_the_branch_that_returns_a_request_says_why(cast: SimpleNamespace) -> None:
    case = case_in(cast, "branch_check")
    step(cast, case, "hokkaido", "send_back", reason="The dates are missing")
    assert story(cast, case, "otaru")[0] == (
        "Taku Morishita (Hokkaido) returned the request to the requester. Reason: The dates are missing"
    )


def test_messages_and_moves_are_one_story(cast: SimpleNamespace) -> None:
    case = case_in(cast, "branch_check")
    Note.objects.bulk_create(
        [Note(case=case, author=cast.places["hokkaido"], side="applicant", body="Please call me.", created_at=NOW)]
    )
    assert "Please call me." in story(cast, case, "otaru")
    assert len(story(cast, case, "otaru")) == 3


@pytest.mark.parametrize(
    ("state", "bar"),
    [
        ("draft", "now next next next next next next next"),
        ("referred", "past past past now next next next next"),
        ("needs_information", "past past now next next next next next"),  # stays at the step it left
        ("closed", "past past past past past past past past"),
    ],
)
def test_the_step_bar_shows_past_now_and_next(cast: SimpleNamespace, state: str, bar: str) -> None:
    assert " ".join(step["state"] for step in steps_of(case_in(cast, state))) == bar


# --- What the story names ----------------------------------------------------------------------------------------------
SIDES = {
    "otaru": {"otaru", "hokkaido"},
    "hokkaido": {"otaru", "hokkaido"},
    "hq_officer": {"hq_officer"},
    "london": {"london"},
}


def case_page(browse: Any, case: Case, who: str) -> str:
    page: str = browse(who).get(f"/desk/cases/{case.pk}/").content.decode()
    return page


@pytest.mark.parametrize("who", WRITERS)
def test_the_story_names_papers_and_tasks_internal_to_ones_own_side_only(
    cast: SimpleNamespace, browse: Any, who: str
) -> None:
    case = case_in(cast, "in_progress")
    for writer in WRITERS:
        actor = reader(cast, writer)
        with acting(actor.scope):
            add_file(case, SimpleUploadedFile(f"{writer}-internal.txt", b"1"), shared=False, actor=actor, now=NOW)
            add_file(case, SimpleUploadedFile(f"{writer}-open.txt", b"1"), shared=True, actor=actor, now=NOW)
            add_task(case, title=f"{writer}-task", due_on=None, actor=actor, now=NOW)
    page = case_page(browse, case, who)
    assert {writer for writer in WRITERS if f"{writer}-internal" in page} == SIDES[who]
    assert {writer for writer in WRITERS if f"{writer}-task" in page} == SIDES[who]
    assert {writer for writer in WRITERS if f"{writer}-open" in page} == set(WRITERS)


def test_after_an_emergency_reading_headquarters_reads_what_the_other_sides_named(
    cast: SimpleNamespace, browse: Any
) -> None:
    case, london, hq = case_in(cast, "in_progress"), reader(cast, "london"), reader(cast, "hq_officer")
    with acting(london.scope):
        add_file(case, SimpleUploadedFile("costs.txt", b"1"), shared=False, actor=london, now=NOW)
    assert "costs.txt" not in case_page(browse, case, "hq_officer")
    with acting(hq.scope):
        read_in_emergency(case, reason="An accident in London", now=timezone.now(), actor=hq.signature)
    assert case_page(browse, case, "hq_officer").count("costs.txt") > 1
    assert "costs.txt" not in case_page(browse, case, "hq_approver")


def test_offices_on_one_request_do_not_read_what_is_internal_to_the_other(cast: SimpleNamespace, browse: Any) -> None:
    case, both = case_in(cast, "triage"), [cast.places["london"], cast.places["newyork"]]
    case = step(cast, case, "hq_officer", "refer", offices=both, owner=both[0])
    london = reader(cast, "london")
    with acting(london.scope):
        add_file(case, SimpleUploadedFile("costs.txt", b"1"), shared=False, actor=london, now=NOW)
        add_file(case, SimpleUploadedFile("plan.txt", b"1"), shared=True, actor=london, now=NOW)
    own, other = case_page(browse, case, "london"), case_page(browse, case, "newyork")
    assert ("costs.txt" in own, "plan.txt" in own) == (True, True)
    assert ("costs.txt" in other, "plan.txt" in other) == (False, True)
