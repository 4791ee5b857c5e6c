"""One trip, two offices: the page and the paper of the whole hold what the parts hold, as far as the reader sees them."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from clair_portal.audit.services import read_in_emergency
from clair_portal.casework.checklist import add_task
from clair_portal.casework.models import Case
from clair_portal.casework.services import add_file, add_note
from clair_portal.contacts.models import Stop, Visit
from clair_portal.reports import case_file
from clair_portal.walls.scope import acting
from offices.models import Feedback
from offices.work.services import log_work
from tests.casework.test_parts import part, referred_to_two
from tests.casework.travel import step
from tests.cast import NOW, reader

Browse = Callable[..., Any]
OFFICES = ("london", "newyork")


@pytest.fixture
def whole(cast: SimpleNamespace) -> Case:
    """London asked first; both accepted, wrote, worked and planned; the visit of New York is not shared."""
    found = referred_to_two(cast)
    london = part(cast, found, "london")
    step(cast, london, "london", "ask_details", reason="london-question")
    step(cast, london, "otaru", "give_details", reason="otaru-answer")
    for office in OFFICES:
        step(cast, part(cast, found, office), office, "accept")
        write(cast, part(cast, found, office), office)
        work(cast, part(cast, found, office), office)
        plan(cast, part(cast, found, office), office)
    write(cast, london, "hq_officer")
    return found


def write(cast: SimpleNamespace, case: Case, who: str) -> None:
    actor = reader(cast, who)
    with acting(actor.scope):
        for shared in (True, False):
            word = f"{who}-{'shared' if shared else 'internal'}"
            add_note(case, body=f"{word}-note", shared=shared, actor=actor, now=NOW)
            paper = SimpleUploadedFile(f"{word}-paper.txt", b"1. costs")
            add_file(case, paper, shared=shared, actor=actor, now=NOW)
        add_task(case, title=f"{who}-task", actor=actor, now=NOW)


def work(cast: SimpleNamespace, case: Case, who: str) -> None:
    actor = reader(cast, who)
    with acting(actor.scope):
        for shared in (True, False):
            word = f"{who}-{'shared' if shared else 'internal'}-work"
            log_work(case, kind="enquiry", day=NOW.date(), hours=Decimal("1.5"), summary=word, shared=shared, actor=actor,
                     now=NOW)  # fmt: skip


def plan(cast: SimpleNamespace, case: Case, who: str) -> None:
    day, office = dt.date(2027, 6, 1), cast.places[who]
    visit = Visit.objects.create(
        case=case, office=office, title=f"{who}-visit", starts_on=day, ends_on=day, shared=who == "london"
    )
    Stop.objects.create(
        case=case, visit=visit, office=office, shared=visit.shared, day=day, begins=dt.time(10), zone="Europe/London",
        what=f"{who}-stop", place="Dock 3", host_name=f"{who}-host", interpreter="Ms Ito",
    )  # fmt: skip


WORD = re.compile(r"\b(?:london|newyork|hq_officer|otaru)-[a-z-]+")
LONDON = {
    f"london-{word}" for word in ("shared-note", "shared-paper", "shared-work", "question", "visit", "stop", "host")
}
LONDON |= {"otaru-answer", "hq_officer-shared-note", "hq_officer-shared-paper"}
INSIDE_LONDON = {f"london-{word}" for word in ("internal-note", "internal-paper", "internal-work", "task")}
NEWYORK = {f"newyork-shared-{word}" for word in ("note", "paper", "work")}
PLANNED_IN_NEWYORK = {"newyork-visit", "newyork-stop", "newyork-host"}
HEADQUARTERS = {f"hq_officer-{word}" for word in ("internal-note", "internal-paper", "task")}
SEEN = {
    "hq_officer": LONDON | NEWYORK | PLANNED_IN_NEWYORK | HEADQUARTERS | {"london-internal-work", "newyork-internal-work"},
    "london": LONDON | INSIDE_LONDON,
    "newyork": NEWYORK | PLANNED_IN_NEWYORK | {f"newyork-{w}" for w in ("internal-note", "internal-paper", "internal-work", "task")},
    "otaru": LONDON | NEWYORK,
    "hokkaido": LONDON | NEWYORK,
}  # fmt: skip


def words(text: str) -> set[str]:
    return {word.removesuffix("-") for word in WORD.findall(text)}


def paper(cast: SimpleNamespace, case: Case, who: str, language: str = "en") -> str:
    actor = reader(cast, who)
    with acting(actor.scope), translation.override(language):
        content = case_file.content(actor, case_file.params_of(case))
    return json.dumps(content, ensure_ascii=False, default=str).replace("\\n", " ")


@pytest.mark.parametrize("who", SEEN)
def test_the_paper_of_the_whole_holds_what_the_reader_sees_of_the_parts(
    cast: SimpleNamespace, whole: Case, who: str
) -> None:
    assert words(paper(cast, whole, who)) == SEEN[who]


@pytest.mark.parametrize("who", SEEN)
def test_the_page_of_the_whole_holds_the_same_but_the_stops_that_stand_on_the_page_of_the_visit(
    cast: SimpleNamespace, whole: Case, browse: Browse, who: str
) -> None:
    page = html.unescape(browse(who).get(f"/desk/cases/{whole.pk}/").content.decode())
    assert words(page) == {word for word in SEEN[who] if not word.endswith(("-stop", "-host"))}


def test_how_far_each_part_is_is_said_in_the_words_of_the_reader(
    cast: SimpleNamespace, whole: Case, browse: Browse
) -> None:
    said = {"otaru": "海外事務所が引き受けました", "hq_officer": "引受け済み"}
    for who, words_of_the_side in said.items():
        blocks = json.loads(paper(cast, whole, who, "ja"))["blocks"]
        at = next(n for n, block in enumerate(blocks) if block.get("text") == "担当している事務所")
        rows = blocks[at + 1]["rows"]
        assert rows == [["ロンドン事務所", words_of_the_side], ["ニューヨーク事務所", words_of_the_side]]
        page = browse(who).get(f"/desk/cases/{whole.pk}/").content.decode()
        section = page[page.index('id="parts"') :].partition("</section>")[0]
        assert section.count(words_of_the_side) == 2


def test_each_line_says_whose_part_it_hangs_on(cast: SimpleNamespace, whole: Case, browse: Browse) -> None:
    page = " ".join(browse("hq_officer").get(f"/desk/cases/{whole.pk}/").content.decode().split())
    said = page[page.index("hq_officer-internal-note") - 600 : page.index("hq_officer-internal-note")]
    assert "ロンドン事務所の担当分" in said
    assert "ロンドン事務所の担当分" in page[page.index("london-shared-paper.txt</a>") :][:200]
    printed = json.loads(paper(cast, whole, "otaru", "ja"))["blocks"]
    story = next(block["entries"] for block in printed if block["kind"] == "timeline")
    asked = next(entry for entry in story if "london-question" in entry["what"])
    assert (asked["who"], asked["text"]) == (
        "ロンドン事務所の担当分",
        "海外事務所に依頼しました → 海外事務所から質問があります",
    )
    note = next(entry for entry in story if entry["text"] == "newyork-shared-note")
    assert note["what"].endswith("ニューヨーク事務所の担当分")


def test_the_story_of_a_part_that_was_returned_stays_on_the_whole(cast: SimpleNamespace, whole: Case) -> None:
    step(cast, part(cast, whole, "newyork"), "newyork", "return", reason="newyork-question")
    told = paper(cast, whole, "hq_officer")
    assert "newyork-question" in told
    assert "Accepted → Returned by the office" in told
    assert "newyork-question" not in paper(cast, whole, "london")


def test_hours_and_feedback_are_printed(cast: SimpleNamespace, whole: Case) -> None:
    Feedback.objects.create(case=whole, score=4, comment="Most helpful")
    blocks = json.loads(paper(cast, whole, "hq_officer"))["blocks"]
    place = next(at for at, block in enumerate(blocks) if block.get("text") == "Work of the office")
    assert blocks[place + 1]["foot"] == [["Total", "", "", "6.0"]]
    for who in ("hq_officer", "otaru", "london"):
        printed = paper(cast, whole, who)
        assert "4 of 5" in printed
        assert "Most helpful" in printed


def test_what_an_emergency_opened_of_a_part_makes_the_paper_of_the_whole_personal(
    cast: SimpleNamespace, whole: Case
) -> None:
    actor = reader(cast, "hq_officer")
    params = case_file.params_of(whole)
    with acting(actor.scope):
        assert not case_file.is_personal(actor, params)
        london = part(cast, whole, "london")
        read_in_emergency(london, reason="an accident in London", now=timezone.now(), actor=actor.signature)
        assert case_file.is_personal(actor, params)
    assert "london-internal-note" in paper(cast, whole, "hq_officer")
    assert "london-internal-note" not in paper(cast, whole, "hq_approver")
