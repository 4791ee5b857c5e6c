"""What is released is public, in the language it exists in, and nothing else of a case ever is."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case
from clair_portal.publishing.models import Publication
from offices.models import SupportRequest
from tests.casework.travel import case_in
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
PUBLIC = (
    "/ja/",
    "/en/",
    "/ja/stories/",
    "/en/stories/",
    "/ja/research/",
    "/ja/offices/",
    "/ja/offices/lon/",
    "/ja/feed.atom",
)


@pytest.fixture
def story(cast: SimpleNamespace, browse: Browse) -> Publication:
    """A closed case of Otaru, proposed as a story by headquarters; not released."""
    case = case_in(cast, "closed")
    SupportRequest.objects.update(purpose="SECRET purpose", contact="SECRET contact")
    answer = browse("hq_officer").post(f"/desk/cases/{case.pk}/story/")
    found = Publication.objects.get()
    assert answer["Location"] == f"/desk/publications/{found.pk}/"
    return found


def typed(story: Publication, **changed: object) -> dict[str, object]:
    values = {
        "title_ja": "港の再生に学ぶ", "summary_ja": "英国の港を訪ねた。", "body_ja": "一つ目の段落。\n\n二つ目の段落。", "title_en": "",
        "summary_en": "", "body_en": "", "consent": "Otaru, by mail on 2026-11-24", "version": story.version,
    }  # fmt: skip
    return values | changed


def released(browse: Browse, story: Publication, **changed: object) -> Publication:
    hq = browse("hq_officer")
    assert hq.post(f"/desk/publications/{story.pk}/", typed(story, **changed)).status_code == 302
    hq.post(f"/desk/publications/{story.pk}/release/")
    story.refresh_from_db()
    return story


def test_a_proposal_holds_the_subject_and_nothing_else_of_the_case(story: Publication) -> None:
    assert (story.title_ja, story.countries, story.state) == ("Canals and warehouses", ["GB"], "draft")
    assert (story.summary_ja, story.body_ja, story.title_en) == ("", "", "")
    assert str(story.office) == "London office"


def test_nothing_is_public_before_the_release(browse: Browse, story: Publication) -> None:
    browse("hq_officer").post(f"/desk/publications/{story.pk}/", typed(story))
    stranger = browse(None)
    for path in PUBLIC:
        assert "港の再生に学ぶ" not in stranger.get(path).content.decode(), path
    assert stranger.get(f"/ja/stories/{story.slug}/").status_code == 404


def test_what_was_released_stands_on_the_public_pages(browse: Browse, story: Publication) -> None:
    story = released(browse, story)
    assert (story.state, story.published_on) == ("published", timezone.localdate())
    stranger = browse(None)
    for path in ("/ja/", "/ja/stories/", "/ja/offices/lon/", "/ja/feed.atom"):
        assert "港の再生に学ぶ" in stranger.get(path).content.decode(), path
    page = stranger.get(f"/ja/stories/{story.slug}/").content.decode()
    assert "<p>一つ目の段落。</p>" in page
    assert "Otaru, by mail" not in page
    for path in (*PUBLIC, f"/ja/stories/{story.slug}/"):
        assert "SECRET" not in stranger.get(path).content.decode(), path
        assert "R8-支-0001" not in stranger.get(path).content.decode(), path


def test_the_page_in_the_other_language_says_that_it_exists_in_one_only(browse: Browse, story: Publication) -> None:
    story = released(browse, story)
    page = browse(None).get(f"/en/stories/{story.slug}/").content.decode()
    assert "This page exists in Japanese only." in page
    assert '<h1 lang="ja">港の再生に学ぶ</h1>' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"consent": ""}, "公開に同意した人と日付を書いてください。"),
        ({"body_ja": ""}, "日本語か英語で、題名と本文を書いてください。"),
    ],
)
def test_an_incomplete_story_is_not_released(
    browse: Browse, story: Publication, changed: dict[str, str], sentence: str
) -> None:
    hq = browse("hq_officer")
    hq.post(f"/desk/publications/{story.pk}/", typed(story, **changed))
    answer = hq.post(f"/desk/publications/{story.pk}/release/", follow=True)
    assert sentence in answer.content.decode()
    assert Publication.objects.get().state == "draft"


def test_an_office_prepares_and_headquarters_releases(
    cast: SimpleNamespace, browse: Browse, story: Publication
) -> None:
    london = browse("london")
    assert london.post(f"/desk/publications/{story.pk}/", typed(story)).status_code == 302
    london.post(f"/desk/publications/{story.pk}/release/")
    story.refresh_from_db()
    assert story.state == "draft"
    for person in ("otaru", "hokkaido", "newyork"):
        answer = browse(person).get(f"/desk/publications/{story.pk}/").status_code
        assert answer == (404 if person == "newyork" else 403), person


def test_a_withdrawn_story_is_gone_and_its_address_says_so(browse: Browse, story: Publication) -> None:
    story = released(browse, story)
    hq = browse("hq_officer")
    assert hq.post(f"/desk/publications/{story.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert hq.post(f"/desk/publications/{story.pk}/withdraw/", {"reason": "The town asked for it"}).status_code == 302
    stranger = browse(None)
    gone = stranger.get(f"/ja/stories/{story.slug}/")
    assert gone.status_code == 410
    assert "港の再生に学ぶ" not in gone.content.decode()
    assert "港の再生に学ぶ" not in stranger.get("/ja/stories/").content.decode()
    last = Entry.objects.about(story).last()
    assert last is not None
    assert (last.event, last.params["reason"]) == ("publishing.publication.withdrawn", "The town asked for it")


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(browse: Browse, story: Publication) -> None:
    first, second = browse("hq_officer"), browse("hq_approver")
    assert first.post(f"/desk/publications/{story.pk}/", typed(story)).status_code == 302
    late = second.post(f"/desk/publications/{story.pk}/", typed(story, title_ja="遅れた題名"))
    assert late.status_code == 422
    assert "遅れた題名" in late.content.decode()
    assert Publication.objects.get().title_ja == "港の再生に学ぶ"


def test_markup_in_a_text_is_only_text(browse: Browse, story: Publication) -> None:
    story = released(browse, story, body_ja="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browse(None).get(f"/ja/stories/{story.slug}/").content.decode()


def test_only_finished_cases_become_stories(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    assert browse("hq_officer").post(f"/desk/cases/{case.pk}/story/").status_code == 404
    Case.objects.filter(pk=case.pk).update(state="closed")
    assert browse("otaru").post(f"/desk/cases/{case.pk}/story/").status_code == 403


def test_public_pages_set_no_cookie_and_need_few_queries(browse: Browse, story: Publication) -> None:
    released(browse, story)
    for path in ("/ja/stories/", f"/ja/stories/{story.slug}/", "/ja/offices/"):
        with CaptureQueriesContext(connection) as captured:
            answer = browse(None).get(path)
        assert not answer.cookies, path
        own = [
            query["sql"] for query in captured if "set_config" not in query["sql"] and "SAVEPOINT" not in query["sql"]
        ]
        own = [sql for sql in own if "current_setting" not in sql and "django_session" not in sql]
        assert len(own) <= 4, (path, own)
