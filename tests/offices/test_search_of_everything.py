"""One search over everything the reader may see: projects, research on the shared list, tasks, publications beside cases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.casework.checklist import add_task
from clair_portal.casework.models import Note
from clair_portal.casework.services import add_note
from clair_portal.casework.texts import keep_terms
from clair_portal.language import folding
from clair_portal.projects import services
from clair_portal.publishing.models import Publication
from clair_portal.walls.scope import acting
from offices.models import SharedResearch, WorkEntry
from offices.work.services import change_work, log_work, save_report
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.offices import research_travel
from tests.questions import questions

Browse = Callable[..., Any]
DAY = dt.date(2026, 4, 1)
RELEASED = {"state": "published", "published_on": DAY, "consent": "Otaru", "consent_on": DAY}


@pytest.fixture
def written(cast: SimpleNamespace) -> SimpleNamespace:
    """Otaru's request with London, a task of London on it, a project of London with Otaru, research of Otaru that was
    answered and shared, a story that is published and one that is a draft. All have canals in their title."""
    case, london = case_in(cast, "in_progress"), reader(cast, "london")
    with acting(london.scope):
        add_task(case, title="Ask the canal museum", actor=london, now=NOW)
        services.begin_project(
            values={"title_ja": "運河の交流", "title_en": "Friends of the canal"}, parties=[cast.places["otaru"]],
            state="active", day=DAY, actor=london, now=NOW,
        )  # fmt: skip
    research_travel.case_in(cast, "shared")
    SharedResearch.objects.update(title="Canal fees", search_text=folding.search_key("Canal fees"))
    for slug, title, values in (("a", "A canal and its town", RELEASED), ("b", "The canal, not released", {})):
        Publication.objects.create(slug=slug, title_en=title, body_en="x", office=cast.places["paris"], **values)
    for person in cast.people.values():
        person.language = "en"
        person.save()
    return cast


def found(browse: Browse, who: str, text: str) -> dict[str, list[str]]:
    """What stands on the page, by section, with the addresses."""
    page = browse(who).get("/desk/search/", {"q": text}).content.decode().partition("<main")[2]
    sections = re.findall(r'<h2 id="s-(\w+)">(.*?)</section>', page, re.DOTALL)
    return {key: re.findall(r'<a href="([^"]+)">', body) for key, body in sections}


PROJECT, RESEARCH, TASK = "projects", "research", "tasks"


@pytest.mark.parametrize(
    ("who", "sections", "stories"),
    [
        ("london", {"cases", PROJECT, RESEARCH, TASK}, 1),
        ("otaru", {"cases", PROJECT, RESEARCH}, 1),
        ("hokkaido", {"cases", RESEARCH}, 1),
        ("newyork", {PROJECT, RESEARCH}, 1),  # offices read all projects, and no task of another one
        ("osaka", {RESEARCH}, 1),
        ("hq_officer", {"cases", PROJECT, RESEARCH}, 2),
    ],
)
def test_each_finds_what_they_may_see(
    written: SimpleNamespace, browse: Browse, who: str, sections: set[str], stories: int
) -> None:
    shown = found(browse, who, "CANAL")
    assert set(shown) == {*sections, "publications"}
    assert len(shown["publications"]) == stories
    if who in ("london", "otaru"):
        assert shown["publications"] == ["/en/stories/a/"]
        assert browse(who).get(shown["projects"][0]).status_code == 200
        assert browse(who).get(shown["research"][0]).status_code == 200


def test_words_must_all_occur_and_what_does_not_is_not_found(written: SimpleNamespace, browse: Browse) -> None:
    assert set(found(browse, "london", "museum canal")) == {TASK}
    assert set(found(browse, "london", "canal town")) == {"publications"}
    assert found(browse, "london", "運河")[PROJECT]
    assert found(browse, "london", "canal submarine") == {}


def test_an_office_that_returned_a_case_no_longer_finds_its_tasks_on_it(
    written: SimpleNamespace, browse: Browse
) -> None:
    from clair_portal.casework.models import Referral

    Referral.objects.update(standing=False)
    assert TASK not in found(browse, "london", "canal museum")


def test_the_page_asks_the_same_for_one_and_for_many(written: SimpleNamespace, browse: Browse) -> None:
    before = len(questions(browse("london"), "/desk/search/?q=canal"))
    london = reader(written, "london")
    case = case_in(written, "in_progress")
    with acting(london.scope):
        for number in range(12):
            add_task(case, title=f"canal {number}", actor=london, now=NOW)
            services.begin_project(
                values={"title_en": f"canal {number}"}, parties=[], state="active", day=DAY, actor=london, now=NOW
            )
    Publication.objects.bulk_create(
        Publication(slug=f"c-{number}", title_en=f"canal {number}", body_en="x", **RELEASED) for number in range(12)
    )
    assert len(questions(browse("london"), "/desk/search/?q=canal")) == before
    assert before <= 15
    shown = found(browse, "london", "canal")
    assert [len(shown[key]) for key in (TASK, PROJECT)] == [10, 10]
    page = browse("london").get("/desk/search/?q=canal").content.decode()
    assert 'href="/desk/tasks/?q=canal"' in page  # all of them
    assert 'href="/desk/projects/?q=canal"' in page
    assert 'href="/desk/publications/?q=canal"' in page
    assert 'href="/en/search/?q=canal"' in browse("osaka").get("/desk/search/?q=canal").content.decode()


# --- What was written on a case ---------------------------------------------------------------------------------------
@pytest.fixture
def said(cast: SimpleNamespace) -> SimpleNamespace:
    """On Otaru's request with London: a shared message of London, one it keeps to itself, one of headquarters, a piece of work,
    a report that is still a draft. All speak of 桟橋 (and of piers)."""
    case, london, hq = case_in(cast, "in_progress"), reader(cast, "london"), reader(cast, "hq_officer")
    with acting(london.scope):
        add_note(case, body="第2桟橋の視察、Riverpiers を含む。", shared=True, actor=london, now=NOW)
        add_note(case, body="桟橋は内々に。", shared=False, actor=london, now=NOW)
        log_work(
            case,
            kind="appointment",
            day=DAY,
            hours=Decimal(1),
            summary="桟橋の予約",
            shared=False,
            actor=london,
            now=NOW,
        )
        save_report(case, body="桟橋を見た。", outcome="achieved", actor=london, now=NOW)
    with acting(hq.scope):
        add_note(case, body="桟橋について本部で相談する。", shared=False, actor=hq, now=NOW)
    return cast


@pytest.mark.parametrize(
    ("who", "messages", "others"),
    [
        ("london", 2, {"work", "reports"}),
        ("otaru", 1, set()),
        ("hokkaido", 1, set()),
        ("hq_officer", 2, {"work"}),
        ("newyork", 0, set()),
        ("osaka", 0, set()),
    ],
)
def test_messages_work_and_reports_lead_to_their_case_for_those_who_read_them(
    said: SimpleNamespace, browse: Browse, settings: Any, who: str, messages: int, others: set[str]
) -> None:
    for first_wall in (True, False):
        settings.FIRST_WALL = first_wall
        shown = found(browse, who, "桟橋")
        assert len(shown.pop("messages", [])) == messages
        assert set(shown) == others


def test_what_was_typed_is_marked_where_it_stands_in_the_text(said: SimpleNamespace, browse: Browse) -> None:
    page = browse("otaru").get("/desk/search/?q=ＲＩＶＥＲＰＩＥＲ 桟橋").content.decode()
    assert "<p>第2<mark>桟橋</mark>の視察、<mark>Riverpiers</mark> を含む。</p>" in page


def test_a_text_is_found_by_every_word_as_it_is_now(said: SimpleNamespace, browse: Browse) -> None:
    assert len(found(browse, "otaru", "riverpier 視察")["messages"]) == 1
    assert not found(browse, "otaru", "視察 埠頭")
    entry, london = WorkEntry.objects.get(), reader(said, "london")
    with acting(london.scope):
        change_work(entry, values={"summary": "埠頭の予約"}, actor=london)
        case = entry.case
        save_report(case, body="埠頭を見た。", outcome="achieved", actor=london, now=NOW)
    assert set(found(browse, "london", "埠頭")) == {"work", "reports"}
    assert set(found(browse, "london", "桟橋")) == {"messages"}


def test_texts_written_before_they_were_kept_are_found_after_the_migration(
    said: SimpleNamespace, browse: Browse
) -> None:
    Note.objects.update(terms=[])
    assert not found(browse, "otaru", "桟橋")
    keep_terms(Note, "body")
    assert found(browse, "otaru", "桟橋")
