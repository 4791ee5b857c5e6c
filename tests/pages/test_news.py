"""What is new on the front page: three of a kind at most, each with its day, in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clair_portal.gatherings.models import Event
from clair_portal.publishing.models import Item, PublishedText
from tests.cast import TODAY
from tests.conftest import WebClient
from tests.gatherings.calling import a_call
from tests.gatherings.planning import opened
from tests.pages.test_public_pages import FRAME, publish

Browse = Callable[..., WebClient]
DAY = dt.timedelta(days=1)


def said(slug: str, on: dt.date, kind: str = "release", source: str = "ja", **titles: str) -> None:
    """A public text in these languages."""
    item = Item.objects.create(kind=kind, slug=slug, language=source, title=slug)
    for language, title in titles.items():
        PublishedText.objects.create(
            item=item, kind=kind, slug=slug, language=language, source_language=source, source_version=1, source_on=on,
            title=title, published_on=on, released_on=on,
        )  # fmt: skip


def section(page: WebClient, language: str, heading: str) -> list[str]:
    """Lines of one block as text."""
    html = page.get(f"/{language}/").content.decode()
    block = re.search(rf'<section class="flow-s"><h3[^>]*><a href="/{language}/{heading}/">.*?</section>', html, re.S)
    assert block is not None
    lines = re.findall(r"<li>(.*?)</li>", block[0], re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)).strip() for line in lines]


def test_three_newest_releases_are_shown_in_the_readers_language_else_in_the_nearest(
    browse: Browse, cast: SimpleNamespace
) -> None:
    for number in range(1, 5):
        said(f"r{number}", TODAY - number * DAY, ja=f"第{number}報", en=f"Release {number}")
    said("paris", TODAY, source="fr", fr="Une nouvelle")
    PublishedText.objects.filter(slug="r1", language="en").update(withdrawn_at=timezone.now())
    everybody = browse(None)
    assert section(everybody, "ja", "releases") == [
        "2026年11月24日 Une nouvelle",
        "2026年11月23日 第1報",
        "2026年11月22日 第2報",
    ]
    assert section(everybody, "de", "releases") == [
        "24. November 2026 Une nouvelle",
        "23. November 2026 第1報",
        "22. November 2026 Release 2",
    ]
    assert 'lang="fr">Une nouvelle</a>' in everybody.get("/de/").content.decode()


def test_stories_and_results_stand_together_translated_where_they_are(browse: Browse, cast: SimpleNamespace) -> None:
    publish("old", published_on=TODAY - 9 * DAY)
    publish("harbours", title_en="Harbours", body_en="One.", published_on=TODAY - DAY)
    publish("survey", kind="research_result", published_on=TODAY)
    publish("farms", title_ja="", title_en="Farms", published_on=TODAY - 2 * DAY)
    publish("secret", state="draft")
    said("harbours", TODAY, kind="story", th="ท่าเรือ")
    everybody = browse(None)
    assert section(everybody, "en", "stories") == [
        "24 November 2026 題名survey",
        "23 November 2026 Harbours",
        "22 November 2026 Farms",
    ]
    thai = everybody.get("/th/").content.decode()
    assert '<a href="/th/stories/harbours/">ท่าเรือ</a>' in thai
    assert '<a href="/th/research/survey/" lang="ja">題名survey</a>' in thai


def test_the_feed_holds_releases_stories_and_results_by_their_day(browse: Browse, cast: SimpleNamespace) -> None:
    said("office", TODAY - 2 * DAY, ja="{新|あたら}しい事務所", en="A new office")
    said("gone", TODAY, en="Withdrawn")
    PublishedText.objects.filter(slug="gone").update(withdrawn_at=timezone.now())
    publish("harbours", title_en="Harbours", body_en="One.", published_on=TODAY - DAY)
    publish("survey", kind="research_result", title_en="Survey", body_en="One.", published_on=TODAY - 3 * DAY)
    pages = {language: browse(None).get(f"/{language}/feed.atom").content.decode() for language in ("en", "ja", "fr")}
    titles = {language: re.findall(r"<title>(.*?)</title>", page) for language, page in pages.items()}
    assert titles["en"] == ["CLAIR: What is new", "Harbours", "A new office", "Survey"]
    assert titles["ja"][1:] == ["題名harbours", "新しい事務所", "題名survey"]
    assert titles["fr"][2] == "A new office"
    assert "<author><name>CLAIR</name></author>" in pages["en"]  # a feed names one (RFC 4287, 4.1.1)
    assert 'href="http://localhost:8000/en/releases/office/"' in pages["en"]
    listed = browse(None).get("/en/releases/").content.decode()
    assert listed.count('href="/en/feed.atom"') == 2


def test_the_home_page_has_a_door_for_each_of_four_audiences(browse: Browse, cast: SimpleNamespace) -> None:
    page = browse(None).get("/en/").content.decode()
    found = re.findall(r'<li class="card">.*?<h3>(.*?)</h3>.*?<ul class="plain"><li><a href="([^"]+)"', page, re.S)
    assert found == [
        ("Living in Japan", "/en/multicultural/guide/"), ("Japanese local government", "/desk/support/new/"),
        ("JET Programme", "/en/jet/"), ("Outside Japan", "/en/offices/"),
    ]  # fmt: skip


def test_events_to_come_and_open_calls_are_shown_soonest_first_with_their_clocks(
    browse: Browse, cast: SimpleNamespace
) -> None:
    opened(
        cast,
        title_ja="二月の会",
        begins_at=dt.datetime(2099, 2, 10, 14, tzinfo=dt.UTC),
        ends_at=dt.datetime(2099, 2, 10, 16, tzinfo=dt.UTC),
    )
    opened(
        cast,
        title_ja="一月の会",
        begins_at=dt.datetime(2099, 1, 10, 14, tzinfo=dt.UTC),
        ends_at=dt.datetime(2099, 1, 10, 16, tzinfo=dt.UTC),
    )
    over = opened(cast, title_ja="終わった会")
    Event.objects.filter(pk=over.pk).update(begins_at="2020-01-10T14:00Z", ends_at="2020-01-10T16:00Z")
    now = timezone.now()
    a_call(cast, title_ja="先の募集", opens_at=now + DAY, closes_at=now + 2 * DAY)
    a_call(cast, title_ja="秘密の募集", published=False)
    a_call(cast, title_ja="遅い募集", closes_at=now + 20 * DAY)
    a_call(cast, title_ja="早い募集", closes_at=now + 3 * DAY)
    everybody = browse(None)
    assert section(everybody, "ja", "events") == [
        "2099年1月10日(土)14:00–16:00 ロンドン 一月の会", "2099年2月10日(火)14:00–16:00 ロンドン 二月の会",
    ]  # fmt: skip
    calls = section(everybody, "ja", "calls")
    assert [line.rpartition(" ")[2] for line in calls] == ["早い募集", "遅い募集"]
    assert [line.partition(" ")[0] for line in calls] == ["必着", "必着"]
    assert "あと3日" in calls[0]


def test_each_block_says_so_when_it_is_empty_and_the_top_names_only_what_there_is(
    browse: Browse, cast: SimpleNamespace
) -> None:
    everybody = browse(None)
    page = everybody.get("/en/").content.decode()
    for sentence in ("News releases of CLAIR appear here.", "Nothing has been published here yet.", "Nothing is announced at the moment", "No call is open at the moment."):  # fmt: skip
        assert page.count(sentence) == 1, sentence
    hero = page.split('<section class="hero">')[1].split("</section>")[0]
    assert "<time" not in hero
    publish("harbours", title_en="Harbours", body_en="One.", published_on=TODAY - DAY)
    said("office", TODAY, source="en", en="A new office")
    hero = everybody.get("/en/").content.decode().split('<section class="hero">')[1].split("</section>")[0]
    assert '<time datetime="2026-11-24">24 November 2026</time> <a href="/en/releases/office/">A new office</a>' in hero
    assert "Harbours" not in hero


@pytest.mark.parametrize("language", ["ja", "my"])
def test_the_whole_page_asks_four_statements(browse: Browse, cast: SimpleNamespace, language: str) -> None:
    publish("harbours")
    said("office", TODAY, ja="新しい事務所")
    opened(cast)
    a_call(cast)
    everybody = browse(None)
    with CaptureQueriesContext(connection) as asked:
        everybody.get(f"/{language}/")
    assert len([query["sql"] for query in asked if not FRAME.search(query["sql"])]) == 4


def test_1741_municipalities_are_written_as_the_language_writes_numbers(
    browse: Browse, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clair_portal.pages.views.home._counted", lambda: {"branches": 67, "municipalities": 1741})
    everybody = browse(None)
    assert '<b class="num">1,741</b>' in everybody.get("/ja/").content.decode()
    assert '<b class="num">1.741</b>' in everybody.get("/de/").content.decode()
    assert '<b class="num">1\u202f741</b>' in everybody.get("/fr/").content.decode()
