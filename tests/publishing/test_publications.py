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
from clair_portal.publishing.sentences import sentences
from clair_portal.publishing.services import TEXTS
from offices.models import OfficeReport, SupportRequest
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
    OfficeReport.objects.update(body="SECRET report.")
    answer = browse("hq_officer").post(f"/desk/cases/{case.pk}/story/", PROPOSED)
    found = Publication.objects.get()
    assert answer["Location"] == f"/desk/publications/{found.pk}/"
    return found


PROPOSED = {"kind": "story", "language": "ja", "taken": ["countries", "topics"]}


def typed(story: Publication, **changed: object) -> dict[str, object]:
    values = {
        "title_ja": "港の再生に学ぶ", "summary_ja": "英国の港を訪ねた。", "body_ja": "一つ目の段落。次の文。\n\n二つ目の段落。",
        "title_en": "", "summary_en": "", "body_en": "", "countries": "GB", "topics": ["culture"], "organisations": "小樽市",
        "consent": "Otaru, by mail", "consent_on": "2026-11-20", "version": story.version,
    }  # fmt: skip
    return values | changed


def agreed(story: Publication, **changed: object) -> dict[str, object]:
    """The release page as it comes: every sentence ticked."""
    story.refresh_from_db()
    ticked = {name: [str(n) for n in range(len(sentences(getattr(story, name))))] for name in TEXTS}
    values = {
        "version": story.version,
        "consent": "Otaru, by mail",
        "consent_on": "2026-11-20",
        "agreed": "on",
        **ticked,
    }
    return values | changed


def released(browse: Browse, story: Publication, **changed: object) -> Publication:
    hq = browse("hq_officer")
    assert hq.post(f"/desk/publications/{story.pk}/", typed(story, **changed)).status_code == 302
    assert hq.post(f"/desk/publications/{story.pk}/release/", agreed(story)).status_code == 302
    story.refresh_from_db()
    return story


def test_a_proposal_holds_what_was_ticked_and_nothing_else_of_the_case(story: Publication) -> None:
    assert (story.countries, story.topics, story.state) == (["GB"], ["culture"], "draft")
    assert (story.title_ja, story.summary_ja, story.body_ja, story.title_en, story.organisations) == (
        "",
        "",
        "",
        "",
        [],
    )
    assert str(story.office) == "London office"
    assert (story.subject_type, story.subject_id) == ("casework.case", str(Case.objects.get().pk))


def test_subject_requester_and_report_are_taken_over_only_when_ticked(browse: Browse, story: Publication) -> None:
    taken = {"kind": "research_result", "language": "en", "taken": ["title", "requester", "report"]}
    browse("london").post(f"/desk/cases/{story.subject_id}/story/", taken)
    other = Publication.objects.exclude(pk=story.pk).get()
    assert (other.kind, other.title_en, other.body_en) == ("research_result", "Canals and warehouses", "SECRET report.")
    assert (other.organisations, other.countries, other.title_ja) == (["012033"], [], "")


def test_the_page_says_what_was_begun_from_a_case_already(browse: Browse, story: Publication) -> None:
    page = browse("hq_officer").get(f"/desk/cases/{story.subject_id}/story/").content.decode()
    assert f"/desk/publications/{story.pk}/" in page


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
    assert "<p>一つ目の段落。次の文。</p>" in page
    assert "Otaru, by mail" not in page
    for path in (*PUBLIC, f"/ja/stories/{story.slug}/"):
        assert "SECRET" not in stranger.get(path).content.decode(), path
        assert "R8-支-0001" not in stranger.get(path).content.decode(), path


def test_the_page_in_the_other_language_says_that_it_exists_in_one_only(browse: Browse, story: Publication) -> None:
    story = released(browse, story)
    page = browse(None).get(f"/en/stories/{story.slug}/").content.decode()
    assert "This page exists in Japanese only." in page
    assert '<h1 lang="ja">港の再生に学ぶ</h1>' in page


def test_a_long_story_has_more_ticks_than_forms_usually_have(browse: Browse, story: Publication) -> None:
    story = released(browse, story, body_ja="\n\n".join(f"{n}つ目の文。" for n in range(1500)))
    assert (story.state, story.body_ja.count("。")) == ("published", 1500)


def test_a_sentence_that_is_not_ticked_does_not_become_public(browse: Browse, story: Publication) -> None:
    hq = browse("hq_officer")
    hq.post(f"/desk/publications/{story.pk}/", typed(story))
    page = hq.get(f"/desk/publications/{story.pk}/release/").content.decode()
    assert page.count('name="body_ja"') == 3
    hq.post(f"/desk/publications/{story.pk}/release/", agreed(story, body_ja=["0", "2"]))
    story.refresh_from_db()
    assert (story.state, story.body_ja) == ("published", "一つ目の段落。\n\n二つ目の段落。")
    last = Entry.objects.about(story).last()
    assert last is not None
    assert last.event == "publishing.publication.released"
    assert last.params == {
        "title": "港の再生に学ぶ", "consent": "Otaru, by mail", "on": "2026-11-20", "sentences": 3, "left_out": 1,
    }  # fmt: skip
    assert story.released_by == {"ja": "早川 みお(東京本部)", "en": "Mio Hayakawa (Tokyo headquarters)"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"agreed": ""}, "同意がなければ公開できません。"),
        ({"consent": ""}, "公開に同意した人と日付を書いてください。"),
        ({"consent_on": ""}, "公開に同意した人と日付を書いてください。"),
        ({"consent_on": "2099-01-01"}, "同意した日に、今日より後の日は書けません。"),
        ({"body_ja": []}, "日本語か英語で、題名と本文を書いてください。"),
        ({"version": 1}, "開いている間に、ほかの人がこの記事を変えました"),
    ],
)
def test_an_incomplete_story_is_not_released(
    browse: Browse, story: Publication, changed: dict[str, object], sentence: str
) -> None:
    hq = browse("hq_officer")
    hq.post(f"/desk/publications/{story.pk}/", typed(story))
    answer = hq.post(f"/desk/publications/{story.pk}/release/", agreed(story, **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Publication.objects.get().state == "draft"


RIGHTS = [
    ("hq_officer", 200, 200), ("hq_approver", 200, 200), ("london", 200, 403), ("london_local", 200, 403), ("newyork", 404, 403),
    ("otaru", 403, 403), ("hokkaido", 403, 403), ("sapporo", 403, 403), ("nobody", 403, 403), (None, 302, 302),
]  # fmt: skip


@pytest.mark.parametrize(("person", "prepares", "releases"), RIGHTS)
def test_offices_prepare_their_own_and_headquarters_releases(
    browse: Browse, story: Publication, person: str | None, prepares: int, releases: int
) -> None:
    client = browse(person)
    assert client.get(f"/desk/publications/{story.pk}/").status_code == prepares
    assert client.get(f"/desk/publications/{story.pk}/release/").status_code == releases
    assert client.post(f"/desk/publications/{story.pk}/withdraw/", {"reason": "x"}).status_code in (releases, 422)
    assert (client.post(f"/desk/publications/{story.pk}/", typed(story)).status_code == 302) == (prepares in (200, 302))
    changed = Publication.objects.get().title_ja != ""
    assert changed == (prepares == 200)


def test_an_office_cannot_change_what_is_public(browse: Browse, story: Publication) -> None:
    story = released(browse, story)
    london = browse("london")
    assert "公開中のものを変えるのは本部です。" in london.get(f"/desk/publications/{story.pk}/").content.decode()
    late = london.post(f"/desk/publications/{story.pk}/", typed(story, title_ja="事務所の題名"))
    assert late.status_code == 422
    assert Publication.objects.get().title_ja == "港の再生に学ぶ"


def test_headquarters_corrects_a_public_text_and_the_log_says_so(browse: Browse, story: Publication) -> None:
    story = released(browse, story)
    hq = browse("hq_officer")
    assert (
        hq.post(f"/desk/publications/{story.pk}/", typed(story, body_ja="一つ目の段落。直した文。")).status_code == 302
    )
    last = Entry.objects.about(story).last()
    assert last is not None
    assert (last.event, last.params["sentences"]) == ("publishing.publication.corrected", 3)
    assert hq.post(f"/desk/publications/{story.pk}/", typed(story, version=4, body_ja="")).status_code == 422
    assert Publication.objects.get().body_ja == "一つ目の段落。直した文。"


@pytest.mark.parametrize(
    ("field", "line", "sentence"),
    [
        ("organisations", "どこにもない村", "「どこにもない村」という団体はありません。"),
        ("organisations", "大阪", "「大阪」に当てはまるもの"),
        ("countries", "月", "「月」という国はありません。"),
    ],
)
def test_a_name_nobody_has_is_asked_about(
    browse: Browse, story: Publication, field: str, line: str, sentence: str
) -> None:
    answer = browse("hq_officer").post(f"/desk/publications/{story.pk}/", typed(story, **{field: line}))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_names_and_codes_are_both_understood(browse: Browse, story: Publication) -> None:
    lines = {"organisations": "小樽市\n010006\nLondon office", "countries": "イギリス\nfr"}
    browse("hq_officer").post(f"/desk/publications/{story.pk}/", typed(story, **lines))
    story.refresh_from_db()
    assert (story.organisations, story.countries) == (["012033", "010006", "LON"], ["GB", "FR"])


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
    assert browse("hq_officer").post(f"/desk/cases/{case.pk}/story/", PROPOSED).status_code == 404
    Case.objects.filter(pk=case.pk).update(state="closed")
    assert browse("otaru").post(f"/desk/cases/{case.pk}/story/", PROPOSED).status_code == 403


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
