"""The result of a commissioned research for the public: an editor takes over what is ticked, headquarters releases it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from clair_portal.casework.models import Case
from clair_portal.publishing.models import Publication
from tests.offices.research_travel import case_in
from tests.publishing.test_publications import Browse, released

TAKEN = {"kind": "research_result", "language": "en", "taken": ["countries", "topics", "title", "summary", "result"]}


@pytest.fixture
def shared(cast: SimpleNamespace) -> Case:
    return case_in(cast, "shared")


def test_a_result_begins_with_what_stands_on_the_shared_list(browse: Browse, shared: Case) -> None:
    browse("hq_officer").post(f"/desk/cases/{shared.pk}/story/", TAKEN)
    draft = Publication.objects.get()
    assert (draft.kind, draft.state, str(draft.office)) == ("research_result", "draft", "London office")
    assert (draft.title_en, draft.summary_en) == ("Fire safety at home", "How British fire brigades visit homes.")
    assert draft.body_en == "The fire brigade visits homes."
    assert (draft.countries, draft.topics, draft.organisations, draft.title_ja) == (["GB"], ["disaster"], [], "")


def test_what_is_not_ticked_stays_on_the_case(browse: Browse, shared: Case) -> None:
    browse("hq_officer").post(f"/desk/cases/{shared.pk}/story/", TAKEN | {"taken": []})
    draft = Publication.objects.get()
    assert (draft.title_en, draft.summary_en, draft.body_en, draft.countries) == ("", "", "", [])


def test_a_research_that_is_not_on_the_list_offers_its_subject_and_no_summary(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case = case_in(cast, "answered")
    browse("london").post(f"/desk/cases/{case.pk}/story/", TAKEN)
    draft = Publication.objects.get()
    assert (draft.title_en, draft.summary_en) == ("Fire safety for people who need care", "")


def test_the_page_proposes_a_research_result_and_the_case_leads_to_it(browse: Browse, shared: Case) -> None:
    form = browse("hq_officer").get(f"/desk/cases/{shared.pk}/story/").context["form"]
    assert form["kind"].value() == "research_result"
    assert [key for key, _label in form.fields["taken"].choices] == [
        "countries", "topics", "title", "requester", "summary", "result",
    ]  # fmt: skip
    case = browse("hq_officer").get(f"/desk/cases/{shared.pk}/").content.decode()
    assert f"/desk/cases/{shared.pk}/story/" in case
    assert f"/desk/cases/{shared.pk}/story/" not in browse("otaru").get(f"/desk/cases/{shared.pk}/").content.decode()


@pytest.mark.parametrize("state", ["in_progress", "answer_check"])
def test_before_headquarters_has_checked_the_result_there_is_nothing_to_tell(
    cast: SimpleNamespace, browse: Browse, state: str
) -> None:
    case = case_in(cast, state)
    assert browse("hq_officer").get(f"/desk/cases/{case.pk}/story/").status_code == 404
    assert browse("hq_officer").post(f"/desk/cases/{case.pk}/story/", TAKEN).status_code == 404
    assert Publication.objects.count() == 0


def test_the_public_reads_a_released_result_and_nothing_else_of_the_research(browse: Browse, shared: Case) -> None:
    browse("hq_officer").post(f"/desk/cases/{shared.pk}/story/", TAKEN)
    stranger = browse(None)
    assert "Fire safety at home" not in stranger.get("/en/research/").content.decode()
    told = released(
        browse, Publication.objects.get(), title_ja="", body_ja="", title_en="Fire safety at home", body_en="Homes are visited.",
        organisations="",
    )  # fmt: skip
    for path in ("/en/research/", "/ja/research/", "/en/feed.atom", f"/en/research/{told.slug}/"):
        page = stranger.get(path).content.decode()
        assert "Fire safety at home" in page, path
        for secret in ("Iwakura", "To revise the city", "Who inspects homes?", "小樽", "Otaru"):
            assert secret not in page, (path, secret)
    assert "Fire safety at home" not in stranger.get("/en/stories/").content.decode()
