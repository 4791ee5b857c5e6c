"""What the public reads: the frozen version in its language, and an honest sentence about it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.publishing.content import releasing, services
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.models import Item
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]
PATH = "releases/spring-call/"


def release(cast: SimpleNamespace, item: Item, *languages: str) -> None:
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        for language in languages:
            releasing.release(item, language, actor=hq, now=NOW)


@pytest.fixture
def item(cast: SimpleNamespace) -> Item:
    """Translated into English and approved, nothing public."""
    along.linguists(cast, london="translate", newyork="review")
    translation = along.approved(cast, along.handed_in(cast, along.translated(cast, along.item(cast))))
    return translation.item


def test_nothing_is_public_before_the_release(browse: Browse, item: Item) -> None:
    assert browse(None).get(f"/ja/{PATH}").status_code == 404
    assert "春の募集" not in browse(None).get("/ja/releases/").content.decode()


def test_what_was_released_is_read_in_its_language(cast: SimpleNamespace, browse: Browse, item: Item) -> None:
    release(cast, item, "ja", "en")
    page = browse(None).get(f"/ja/{PATH}").content.decode()
    assert "<h1>春の募集を始めます</h1>" in page
    assert "<p>申込みは5月1日からです。<br>定員は20名です。</p>" in page
    assert "<ul><li>申込書</li><li>計画書</li></ul>" in page
    page = browse(None).get(f"/en/{PATH}").content.decode()
    assert "<p>Please contact your branch. It costs nothing.</p>" in page
    assert "This page is a translation of the Japanese version of 24 November 2026." in page
    assert "The spring call opens" in browse(None).get("/en/releases/").content.decode()


def test_a_reader_of_another_language_gets_english_and_is_told_so(
    cast: SimpleNamespace, browse: Browse, item: Item
) -> None:
    release(cast, item, "ja")
    page = browse(None).get(f"/vi/{PATH}").content.decode()
    assert '<h1 lang="ja">' in page
    release(cast, item, "en")
    page = browse(None).get(f"/vi/{PATH}").content.decode()
    assert '<h1 lang="en">The spring call opens</h1>' in page
    assert "春の募集" in browse(None).get(f"/ja-simple/{PATH}").content.decode()


def test_a_public_translation_says_how_much_of_the_source_has_changed(
    cast: SimpleNamespace, browse: Browse, item: Item
) -> None:
    release(cast, item, "ja", "en")
    along.edit(cast, item, along.BODY.replace("20名", "30名"))
    fresh = "This page is a translation of the Japanese version of 24 November 2026."
    assert fresh in browse(None).get(f"/en/{PATH}").content.decode()  # the change is not public yet
    release(cast, item, "ja")
    page = browse(None).get(f"/en/{PATH}").content.decode()
    assert f"{fresh} 1 of 9 sentences has changed since." in page
    assert "There are 20 places." in page


def test_a_minor_change_takes_the_public_translations_along(cast: SimpleNamespace, browse: Browse, item: Item) -> None:
    release(cast, item, "ja", "en")
    along.edit(cast, item, along.BODY.replace("連絡してください", "ご連絡ください"), minor=True)
    release(cast, item, "ja")
    assert item.published.get(language="en").source_version == 2


@pytest.mark.parametrize("language", ["en", "my"])
def test_a_translation_is_not_released_before_it_is_approved_whole(
    cast: SimpleNamespace, item: Item, language: str
) -> None:
    release(cast, item, "ja")
    along.edit(cast, item, along.BODY.replace("20名", "30名"))
    with pytest.raises(Refused, match="Not every sentence is translated, up to date and approved"):
        release(cast, item, language)


def test_a_withdrawn_text_is_gone_and_its_address_says_so(cast: SimpleNamespace, browse: Browse, item: Item) -> None:
    release(cast, item, "ja", "en")
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        releasing.withdraw(item, "ja", reason="Cancelled", actor=hq, now=NOW)
    for language in ("ja", "en", "my"):
        answer = browse(None).get(f"/{language}/{PATH}")
        assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
        assert "spring call" not in answer.content.decode()
    assert browse(None).get("/ja/releases/never-was/").status_code == 404


def test_without_a_withdrawn_translation_readers_get_the_source_and_are_told_so(
    cast: SimpleNamespace, browse: Browse, item: Item
) -> None:
    release(cast, item, "ja", "en")
    hq = browse("hq_officer")
    assert hq.post(f"/desk/texts/{item.pk}/en/withdraw/", {"reason": "Wrong"}).status_code == 302
    said = "英語での公開をやめました。今後、読む人にはほかの言語の文章と、どの言語かの説明が表示されます。"
    assert said in hq.get(f"/desk/texts/{item.pk}/").content.decode()
    answer = browse(None).get(f"/en/{PATH}")
    assert answer.status_code == 200
    assert "This page does not exist in your language yet. It is shown in Japanese." in answer.content.decode()
    assert hq.post(f"/desk/texts/{item.pk}/ja/withdraw/", {"reason": "Wrong"}).status_code == 302
    assert (
        "公開をやめました。そのアドレスには、その旨が表示されます。"
        in hq.get(f"/desk/texts/{item.pk}/").content.decode()
    )
    assert browse(None).get(f"/en/{PATH}").status_code == 410


@pytest.mark.second_wall
def test_the_old_address_of_a_withdrawn_text_leads_to_where_it_is_gone(
    cast: SimpleNamespace, browse: Browse, item: Item
) -> None:
    release(cast, item, "ja", "en")
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        services.rename(item, slug="call-2027", actor=hq, now=NOW)
        services.rename(item, slug="call-2028", actor=hq, now=NOW)
    moved: Any = browse(None).get(f"/en/{PATH}")
    assert moved["Location"] == "/en/releases/call-2028/"
    with acting(hq.scope):
        releasing.withdraw(item, "ja", reason="Cancelled", actor=hq, now=NOW)
    for path in (PATH, "releases/call-2027/"):
        moved = browse(None).get(f"/en/{path}")
        assert (moved.status_code, moved["Location"]) == (301, "/en/releases/call-2028/")
    assert browse(None).get("/en/releases/call-2028/").status_code == 410
    hidden = along.item(cast, slug="hidden")
    with acting(hq.scope):
        services.rename(hidden, slug="hidden-too", actor=hq, now=NOW)
    assert browse(None).get("/en/releases/hidden/").status_code == 404


def test_an_old_address_leads_to_the_new_one_and_is_given_to_nothing_else(
    cast: SimpleNamespace, browse: Browse, item: Item
) -> None:
    release(cast, item, "ja")
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        services.rename(item, slug="call-2027", actor=hq, now=NOW)
    answer: Any = browse(None).get(f"/en/{PATH}")
    assert (answer.status_code, answer["Location"]) == (301, "/en/releases/call-2027/")
    assert answer["Cache-Control"] == "no-store"  # a browser would keep it for ever, and the text may be named back
    for slug, sentence in (
        (
            "spring-call",
            "The address “spring-call” was the one of “春の募集を始めます” and still leads there. Choose another one.",
        ),
        ("call-2027", "The address “call-2027” is taken by “春の募集を始めます”. Choose another one."),
        ("春", "An address has small letters, digits and hyphens, at most 80: for example “call-for-2027”."),
    ):
        with pytest.raises(Refused) as refused:
            along.item(cast, slug=slug)
        assert str(refused.value) == sentence


def test_a_public_page_needs_few_statements_and_sets_no_cookie(
    cast: SimpleNamespace, browse: Browse, item: Item
) -> None:
    release(cast, item, "ja", "en")
    for path in (f"/en/{PATH}", "/en/releases/", "/my/releases/"):
        with CaptureQueriesContext(connection) as captured:
            answer = browse(None).get(path)
        own = [
            q["sql"] for q in captured if not any(w in q["sql"] for w in ("set_config", "SAVEPOINT", "current_setting"))
        ]
        assert (answer.status_code, answer.cookies) == (200, {})
        assert len(own) <= 4, own


def test_links_follow_the_language_of_the_reader_and_markup_is_only_text(cast: SimpleNamespace, browse: Browse) -> None:
    body = (
        "[一覧](/releases/?page=1)と[外](javascript:alert(1))と<b>太字</b>。[表紙](/)。[CSV](/open-data/ties.csv)、"
        "[表](/open-data/)、[申請](/desk/#new)。"
    )
    release(cast, along.item(cast, body=body), "ja")
    page = browse(None).get(f"/ko/{PATH}").content.decode()
    assert '<a href="/ko/releases/?page=1">一覧</a>' in page
    for address in ("/ko/", "/open-data/ties.csv", "/ko/open-data/", "/desk/#new"):
        assert f'<a href="{address}">' in page.split("<main")[1], address
    assert "&lt;b&gt;太字&lt;/b&gt;" in page
    assert 'href="javascript' not in page
