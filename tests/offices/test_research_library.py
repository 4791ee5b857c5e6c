"""The shared list: everybody signed in reads title, office, year and summary; the result goes only to who was given it."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import python_calamine
from django.utils import translation

from clair_portal.casework.rules import NotAllowed
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Message, Notification
from clair_portal.walls.scope import acting
from offices.models import ResearchCopy, ResearchResult, SharedResearch
from offices.research.services import ask_for_copy, known_about, release_copy
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices.research_travel import case_in, draft, step

Browse = Callable[..., WebClient]
LIBRARY = "/desk/research/library/"
RESULT = "The fire brigade visits homes."


@pytest.fixture
def shared(cast: SimpleNamespace) -> SharedResearch:
    case_in(cast, "shared")
    return SharedResearch.objects.get()


def english(browse: Browse, person: str, cast: SimpleNamespace) -> WebClient:
    cast.people[person].language = "en"
    cast.people[person].save()
    return browse(person)


def ask(cast: SimpleNamespace, research: SharedResearch, who: str) -> ResearchCopy:
    actor = reader(cast, who)
    with translation.override("en"), acting(actor.scope):
        return ask_for_copy(research, actor=actor, now=NOW)


def release(cast: SimpleNamespace, copy: ResearchCopy) -> None:
    actor = reader(cast, "hq_officer")
    with acting(actor.scope):
        release_copy(
            ResearchCopy.objects.select_related("research", "organisation").get(pk=copy.pk), actor=actor, now=NOW
        )


def result_read_by(cast: SimpleNamespace, who: str) -> bool:
    actor = reader(cast, who)
    with acting(actor.scope):
        return ResearchResult.objects.visible_to(actor.scope).exists()


def told(cast: SimpleNamespace) -> set[str]:
    deliver(Message.objects.get().pk, NOW.replace(year=2030))
    names = {person.pk: name for name, person in cast.people.items()}
    return {names[pk] for pk in Notification.objects.values_list("person", flat=True)}


# --- Who reads what -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["otaru", "hakodate", "hokkaido", "osaka", "hq_officer", "london", "newyork"])
def test_everybody_signed_in_reads_the_line_of_the_list(
    cast: SimpleNamespace, browse: Browse, shared: SharedResearch, who: str
) -> None:
    page = english(browse, who, cast).get(LIBRARY).content.decode()
    for said in ("Fire safety at home", "How British fire brigades visit homes.", "London office", "FY2026"):
        assert said in page, said
    assert RESULT not in page


def test_the_list_names_neither_requester_nor_questions(
    cast: SimpleNamespace, browse: Browse, shared: SharedResearch
) -> None:
    client = english(browse, "osaka", cast)
    for page in (client.get(LIBRARY), client.get(f"{LIBRARY}{shared.pk}/")):
        text = page.content.decode()
        assert [word for word in ("Otaru", "Iwakura", "Who inspects homes", RESULT) if word in text] == []
    assert client.get(f"/desk/cases/{shared.case_id}/").status_code == 404


def test_visitors_and_people_without_a_posting_do_not_see_the_list(browse: Browse, shared: SharedResearch) -> None:
    assert WebClient().get(LIBRARY)["Location"].startswith("/accounts/login/")
    assert browse("nobody").get(LIBRARY).status_code == 403


def test_what_is_answered_but_not_shared_is_not_on_the_list(cast: SimpleNamespace, browse: Browse) -> None:
    case_in(cast, "answered")
    assert "Fire safety" not in browse("osaka").get(LIBRARY).content.decode()


def test_what_was_taken_off_is_gone_for_all_but_headquarters(
    cast: SimpleNamespace, browse: Browse, shared: SharedResearch
) -> None:
    copy = ask(cast, shared, "osaka")
    release(cast, copy)
    step(cast, shared.case, "hq_officer", "take_off")
    assert browse("osaka").get(f"{LIBRARY}{shared.pk}/").status_code == 404
    assert not result_read_by(cast, "osaka")
    assert browse("hq_officer").get(f"{LIBRARY}{shared.pk}/").status_code == 200


# --- Finding ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=brigades", True),
        ("q=ＦＩＲＥ home", True),
        ("q=ロンドン", True),
        ("q=trams", False),
        ("office=LON", True),
        ("office=NYC", False),
        ("country=GB", True),
        ("country=FR", False),
        ("topic=disaster", True),
        ("topic=sports", False),
        ("year=2026", True),
    ],
)
def test_it_is_found_by_words_office_country_topic_and_year(
    browse: Browse, shared: SharedResearch, query: str, found: bool
) -> None:
    assert ("Fire safety at home" in browse("osaka").get(f"{LIBRARY}?{query}").content.decode()) == found


def test_each_fiscal_year_has_its_list_and_a_workbook(
    cast: SimpleNamespace, browse: Browse, shared: SharedResearch
) -> None:
    former = SharedResearch.objects.get()
    former.pk, former.case, former.fiscal_year, former.title = None, draft(cast), 2025, "Trams in winter"
    former.save(force_insert=True)
    client = english(browse, "osaka", cast)
    page = client.get(f"{LIBRARY}?year=2025").content.decode()
    assert ("Trams in winter" in page, "Fire safety at home" in page) == (True, False)
    assert page.count('class="chip" href="?year=202') == 2
    answer = client.post(f"{LIBRARY}file/?year=2025")
    sheet = python_calamine.load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet if row and row[0] in ("Trams in winter", "Fire safety at home")] == [
        "Trams in winter"
    ]


def test_a_draft_about_the_same_is_shown_what_is_known(
    cast: SimpleNamespace, browse: Browse, shared: SharedResearch
) -> None:
    case = draft(cast, "osaka")
    actor = reader(cast, "osaka")
    with acting(actor.scope):
        assert known_about(case.research_request, actor.scope) == [shared]
    assert "Fire safety at home" in browse("osaka").get(f"/desk/research/{case.pk}/check/").content.decode()


# --- Asking for the result ----------------------------------------------------------------------------------------------
def test_one_click_asks_and_headquarters_hears_of_it(
    cast: SimpleNamespace, browse: Browse, shared: SharedResearch
) -> None:
    Message.objects.all().delete()
    assert browse("osaka").post(f"{LIBRARY}{shared.pk}/ask/").status_code == 302
    assert told(cast) == {"hq_officer", "hq_approver"}
    assert not result_read_by(cast, "osaka")


def test_headquarters_releases_it_to_that_organisation_only(
    cast: SimpleNamespace, browse: Browse, shared: SharedResearch
) -> None:
    copy = ask(cast, shared, "osaka")
    ask(cast, shared, "hakodate")
    Message.objects.all().delete()
    assert browse("hq_officer").post(f"/desk/research/copies/{copy.pk}/release/").status_code == 302
    assert told(cast) == {"osaka"}
    assert {who for who in ("osaka", "hakodate", "sapporo", "newyork") if result_read_by(cast, who)} == {"osaka"}
    assert RESULT in browse("osaka").get(f"{LIBRARY}{shared.pk}/").content.decode()
    assert RESULT not in browse("hakodate").get(f"{LIBRARY}{shared.pk}/").content.decode()


def test_a_second_release_tells_nobody(cast: SimpleNamespace, shared: SharedResearch) -> None:
    copy = ask(cast, shared, "osaka")
    release(cast, copy)
    Message.objects.all().delete()
    release(cast, copy)
    assert Message.objects.count() == 0


def test_asking_twice_and_asking_as_an_office_are_refused(cast: SimpleNamespace, shared: SharedResearch) -> None:
    ask(cast, shared, "osaka")
    with pytest.raises(NotAllowed, match="Your organisation has asked for it already."):
        ask(cast, shared, "osaka")
    with pytest.raises(NotAllowed, match="Only a local government can ask"):
        ask(cast, shared, "newyork")
    assert ResearchCopy.objects.count() == 1


def test_only_headquarters_releases(cast: SimpleNamespace, browse: Browse, shared: SharedResearch) -> None:
    copy = ask(cast, shared, "osaka")
    assert {
        who: browse(who).post(f"/desk/research/copies/{copy.pk}/release/").status_code for who in ("osaka", "london")
    } == {
        "osaka": 403,
        "london": 403,
    }
    assert not result_read_by(cast, "osaka")
