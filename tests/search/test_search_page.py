"""Everybody finds what is public, however it is typed, in the reader's language first."""

from __future__ import annotations

import re
from html import unescape
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clair_portal.network.models import Organisation
from clair_portal.search import indexing, words
from clair_portal.search.finding import LONGEST, Found
from clair_portal.search.models import Document
from clair_portal.search.views import _count
from tests.cast import TODAY
from tests.conftest import WebClient
from tests.pages.test_news import said
from tests.pages.test_public_pages import publish

FRAME = re.compile(r"set_config|SAVEPOINT|django_session|current_setting")
HIT = re.compile(r"<li><h3 class=\"t-s\"><a href=\"([^\"]*)\"([^>]*)>(.*?)</a></h3>(.*?)</li>", re.S)


@pytest.fixture
def known(db: None) -> None:
    for code, name, kana, romaji, english in (
        ("460001", "鹿児島県", "かごしまけん", "", "Kagoshima Prefecture"),
        ("462012", "鹿児島市", "かごしまし", "Kagoshima-shi", "Kagoshima"),
    ):
        kind = "prefecture" if code == "460001" else "city"
        branch = Organisation.objects.filter(code="460001").first()
        given = {"name_ja": name, "name_en": english, "kana": kana, "romaji": romaji, "branch": branch}
        Organisation.objects.create(kind=kind, code=code, **given)


def page(address: str, title: str, text: str, description: str = "") -> None:
    head = f'<title>{title} — CLAIR</title><meta name="description" content="{description}">'
    body = (
        f"<nav>menuword</nav><main><h1>{title}</h1><nav>insideword</nav><p>{text}</p></main><footer>footword</footer>"
    )
    assert indexing.put_page(address, f"<html><head>{head}</head><body>{body}</body></html>")


def ask(typed: str, language: str = "ja", **more: str) -> Any:
    return WebClient().get(f"/{language}/search/", {"q": typed, **more})


def hits(answer: Any) -> list[str]:
    return [unescape(address) for address, *_rest in HIT.findall(answer.content.decode())]


@pytest.mark.parametrize(
    "typed", ["鹿児島", "かごしま", "カゴシマ", "ｶｺﾞｼﾏ", "Kagoshima", "kagosima", "ＫＡＧＯＳＨＩＭＡ", "鹿児"]
)
def test_a_place_is_found_in_kanji_kana_romaji_and_any_width(known: None, typed: str) -> None:
    page("/ja/stories/a/", "桜島のはなし", "鹿児島の高校生が訪れた。")
    page("/ja/stories/b/", "別の話", "福島の高校生。")
    page("/ja/branches/460001/", "鹿児島県", "支部")
    indexing.put_records()
    assert hits(ask(typed)) == ["/ja/branches/460001/", "/ja/branches/460001/", "/ja/stories/a/"]


@pytest.mark.parametrize(("typed", "finds"), [
    ("étranger", True), ("etranger", True), ("l’étranger", True), ("d'étranger", True), ("évacuation", True),
    ("l'hôpital", True), ("tranger", False), ("o'brien", True), ("brien", False),
])  # fmt: skip
def test_a_french_word_is_found_behind_its_article(known: None, typed: str, finds: bool) -> None:
    page("/fr/offices/", "Sept bureaux à l’étranger", "Centre d’évacuation, l'hôpital. M. O'Brien.")
    assert hits(ask(typed, "fr")) == (["/fr/offices/"] if finds else [])


@pytest.mark.parametrize("kind", ["stories", "releases"])
def test_the_index_knows_the_day_of_what_was_published(cast: SimpleNamespace, kind: str) -> None:
    publish("harbours", published_on=TODAY) if kind == "stories" else said("harbours", TODAY, ja="港")
    address = f"/ja/{kind}/harbours/"
    assert indexing.put_page(address, WebClient().get(address).content.decode())
    assert Document.objects.get(language="ja").day == TODAY


def test_words_of_navigation_and_foot_are_not_found(known: None) -> None:
    page("/en/stories/a/", "Snow", "Clearing roads")
    assert hits(ask("clearing", "en")) == ["/en/stories/a/"]
    for word in ("menuword", "insideword", "footword"):
        assert hits(ask(word, "en")) == []


def test_ruby_is_found_by_kanji_and_by_reading_and_shows_no_reading(known: None) -> None:
    ruby = "<ruby>避難所<rp>(</rp><rt>ひなんじょ</rt><rp>)</rp></ruby>へ行く。{津波|つなみ}のとき。"
    page("/ja/guide/", "防災", ruby)
    for typed in ("避難所", "ひなんじょ", "ヒナンジョ", "避難所へ", "津波", "つなみ"):
        answer = ask(typed)
        assert hits(answer) == ["/ja/guide/"], typed
        snippet = HIT.findall(answer.content.decode())[0][3]
        assert "ひなんじょ" not in snippet
        assert "つなみ" not in snippet
    assert "<mark>避難所</mark>へ行く。津波のとき。" in ask("ひなんじょ").content.decode()


def test_the_readers_language_stands_first_and_each_thing_once(known: None) -> None:
    for language in ("ja", "en"):
        page(f"/{language}/jet/", "JET", "Teachers kagoshima")
    page("/ja/stories/only/", "Only Japanese JET", "")
    assert hits(ask("JET", "en")) == ["/en/jet/", "/ja/stories/only/"]
    assert hits(ask("JET", "ja")) == ["/ja/jet/", "/ja/stories/only/"]
    attributes = HIT.findall(ask("JET", "en").content.decode())
    assert attributes[1][1] == ' lang="ja" hreflang="ja"'
    assert '<span lang="ja">日本語</span>' in attributes[1][3]
    assert attributes[0][1] == ""


@pytest.mark.parametrize("kind", ["stories", "releases"])
def test_a_text_written_only_in_japanese_is_found_once_and_marked(cast: SimpleNamespace, kind: str) -> None:
    """Its page stands in every version, with the Japanese text in each."""
    if kind == "stories":
        publish("harbours")
    else:
        said("harbours", TODAY, ja="題名harbours")
    for language, _name in settings.LANGUAGES:
        address = f"/{language}/{kind}/harbours/"
        indexing.put_page(address, WebClient().get(address).content.decode())
    answer = ask("題名harbours", "ko")
    assert hits(answer) == [f"/ja/{kind}/harbours/"]
    assert HIT.findall(answer.content.decode())[0][1] == ' lang="ja" hreflang="ja"'
    assert "data-elsewhere" in answer.content.decode()
    program = WebClient().get("/api/v1/search/", {"q": "題名harbours", "language": "ko"}).json()
    assert [hit["language"] for hit in program["results"]] == ["ja"], program


def test_a_chapter_is_found_by_its_own_title_and_its_text_in_the_language_it_is_written_in(
    cast: SimpleNamespace,
) -> None:
    said("1", TODAY, kind="guide", ja="港のまちの暮らし")
    for language in ("ja", "de"):
        address = f"/{language}/multicultural/guide/1/"
        assert indexing.put_page(address, WebClient().get(address).content.decode())
    assert hits(ask("港のまちの暮らし", "de")) == ["/ja/multicultural/guide/1/"]
    title = Document.objects.get(language="de").title
    assert hits(ask(title, "de")) == ["/de/multicultural/guide/1/"]


def test_what_is_called_like_that_stands_before_what_tells_of_it(known: None) -> None:
    page("/ja/stories/a/", "鹿児島の高校生が桜島の港をたずねる", "")
    page("/ja/stories/b/", "高校生の旅", "鹿児島の港。")
    page("/ja/branches/460001/", "鹿児島県", "支部")
    assert hits(ask("鹿児島")) == ["/ja/branches/460001/", "/ja/stories/a/", "/ja/stories/b/"]


def test_only_hits_in_other_languages_are_said_in_one_sentence(known: None) -> None:
    page("/ja/only/", "港の再生", "")
    sentence = "Nothing was found in the language of this page. These pages are in other languages."
    assert sentence in ask("港の再生", "en").content.decode()
    assert "data-elsewhere" not in ask("港の再生", "ja").content.decode()


def test_found_words_are_marked_and_everything_is_escaped(known: None) -> None:
    page("/en/a/", "Tags &lt;b&gt;", "An office &lt;script&gt;alert(1)&lt;/script&gt; with offices.")
    answer = ask("office", "en").content.decode()
    assert "An <mark>office</mark> &lt;script&gt;alert(1)&lt;/script&gt; with <mark>offices</mark>." in answer
    assert "<script>alert" not in answer
    assert 'value="&quot;&gt;&lt;b&gt;office"' in ask('"><b>office', "en").content.decode()


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 200, "Pages, local governments and sister ties, in every language of this site."),
        ("   ", 200, "Pages, local governments and sister ties, in every language of this site."),
        ("x", 422, "Type at least two characters."),
        ("県", 422, "Type at least two characters."),
        ("あ い", 422, "Type at least two characters."),
        ("🗾🎌", 422, "Type a word: signs and pictures alone cannot be searched."),
        ("%_%", 422, "Type a word: signs and pictures alone cannot be searched."),
        ("。、・!?", 422, "Type a word: signs and pictures alone cannot be searched."),
        ("\u200f\u202e\u2066", 422, "Type a word: signs and pictures alone cannot be searched."),
        ("x" * 5000, 422, "Search for at most 200 characters."),
        ("office\u200f", 200, "1–1 of 1"),
        ("\u202eoffice", 200, "1–1 of 1"),
        ("%office%", 200, "1–1 of 1"),
        ("off_ce", 200, "Nothing was found"),
        ("' or 1=1 --", 200, "Nothing was found"),
        ("office\\", 200, "1–1 of 1"),
    ],
)
def test_what_cannot_be_searched_is_answered_with_a_sentence(
    known: None, typed: str, status: int, sentence: str
) -> None:
    page("/en/a/", "An office", "")
    answer = ask(typed, "en")
    assert (answer.status_code, sentence in unescape(answer.content.decode())) == (status, True)


def test_a_nul_is_answered_by_the_page_for_bad_requests(known: None) -> None:
    answer = Client(raise_request_exception=False).get("/en/search/?q=a%00b")
    assert (answer.status_code, "The request could not be read" in answer.content.decode()) == (400, True)


def test_it_asks_little_sets_no_cookie_and_stays_out_of_other_engines(known: None) -> None:
    page("/en/a/", "An office", "")
    with CaptureQueriesContext(connection) as captured:
        answer = ask("office", "en")
    assert len([query for query in captured if not FRAME.search(query["sql"])]) == 2
    assert (answer.cookies, answer["X-Robots-Tag"]) == ({}, "noindex")
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_a_long_list_goes_by_pages_of_twenty(known: None) -> None:
    for number in range(45):
        page(f"/en/stories/{number}/", f"Story {number}", "harbour")
    first, last = ask("harbour", "en"), ask("harbour", "en", page="3")
    assert len(hits(first)) == 20
    assert "1–20 of 45" in first.content.decode()
    assert (len(hits(last)), "41–45 of 45" in last.content.decode()) == (5, True)
    every = [address for number in "123" for address in hits(ask("harbour", "en", page=number))]
    assert len(set(every)) == 45


def test_kinds_narrow_what_is_found(known: None) -> None:
    page("/ja/stories/a/", "鹿児島の話", "")
    indexing.put_records()
    assert hits(ask("鹿児島", kind="story")) == ["/ja/stories/a/"]
    assert hits(ask("鹿児島", kind="organisation")) == ["/ja/branches/460001/"]
    assert len(hits(ask("鹿児島", kind="nonsense"))) == 2


def test_a_page_that_goes_is_found_no_more(known: None) -> None:
    page("/ja/stories/a/", "港の再生", "")
    assert hits(ask("港の再生")) == ["/ja/stories/a/"]
    indexing.remove_page("/ja/stories/a/")
    assert (hits(ask("港の再生")), Document.objects.count()) == ([], 0)


def test_scripts_without_spaces_are_asked_by_three_characters_and_held_by_two_and_three() -> None:
    """Every pair of kana, Thai or Burmese letters is frequent, so that a rare word of them would be read for in vain."""
    assert words.terms("ひなんじょ 港 Offices") == [
        "ひな",
        "なん",
        "んじ",
        "じょ",
        "ひなん",
        "なんじ",
        "んじょ",
        "offic~",
    ]
    assert [form.terms for word in words.asked("ひなんじょ 都市 Offices", 8) for form in word.forms[:1]] == [
        ("ひなん", "なんじ", "んじょ"), ("都市",), ("offic~",),
    ]  # fmt: skip


def test_documents_of_the_release_before_are_found_by_three_characters_as_well(known: None) -> None:
    page("/ja/stories/a/", "港の再生", "")
    Document.objects.update(terms=["港の", "の再", "再生", "kind:story", "lang:ja"])
    assert hits(ask("港の再生")) == []
    import_module("clair_portal.search.migrations.0003_triples").hold_triples(apps, None)
    assert hits(ask("港の再生")) == ["/ja/stories/a/"]
    assert Document.objects.get().terms == ["港の", "の再", "再生", "港の再", "の再生", "kind:story", "lang:ja"]


def test_what_is_too_long_is_not_cut_in_silence_but_said_and_still_there(known: None) -> None:
    for path in ("/en/search/", "/en/about/"):
        assert "maxlength" not in WebClient().get(path).content.decode()
    typed = "都市" * (LONGEST // 2) + "港"
    answer = ask(typed, "ja", kind="story")
    assert (answer.status_code, "200文字以内で検索してください。" in answer.content.decode()) == (422, True)
    assert f'value="{typed}"' in answer.content.decode()
    assert '<input type="hidden" name="kind" value="story">' in answer.content.decode()


def test_words_that_are_not_searched_are_named(known: None) -> None:
    page("/en/a/", "An office", "one two three four five six seven eight")
    answer = ask("one two three four five six seven eight nine & x", "en")
    sentence = "Not searched for: nine · x. A search takes at most 8 words, each of two characters or more."
    assert (hits(answer), sentence in answer.content.decode()) == (["/en/a/"], True)
    assert "Not searched for: x." in ask("nowhere x", "en").content.decode()
    assert "data-left-out" not in ask("one one two & three", "en").content.decode()


def test_after_the_last_page_stands_the_last_page(known: None) -> None:
    for number in range(25):
        page(f"/en/stories/{number}/", f"Story {number}", "harbour")
    late = ask("harbour", "en", kind="story", page="9")
    assert (late.status_code, late["Location"]) == (302, "/en/search/?q=harbour&kind=story&page=2")
    assert len(hits(ask("harbour", "en", kind="story", page="2"))) == 5
    nothing = ask("nowhere", "en", page="9")
    assert (nothing.status_code, "Nothing was found" in nothing.content.decode()) == (200, True)


def test_kinds_are_offered_where_there_is_something_to_narrow(known: None) -> None:
    page("/en/a/", "An office", "")
    assert 'aria-label="Kind"' in ask("office", "en").content.decode()
    assert 'aria-label="Kind"' in ask("office", "en", kind="tie").content.decode()
    assert 'aria-label="Kind"' not in ask("nowhere", "en").content.decode()


def test_numbers_of_a_table_are_no_snippet_unless_they_were_asked_for(known: None) -> None:
    cells = "".join(
        f"<tr><td>{each}</td></tr>" for each in ("鹿児島市", "4,951", "−2.1%", "—", "鹿屋市", "1,287", "3月5日")
    )
    named = '<p><span lang="ja">かごしま</span><span lang="en">Kagoshima</span></p>'
    page("/ja/residents/46/", "鹿児島県の外国人住民", f"<table>{cells}</table>{named}")
    assert "<mark>鹿児島市</mark> 鹿屋市 3月5日 かごしま Kagoshima</p>" in ask("鹿児島市").content.decode()
    assert "<mark>4</mark>,<mark>951</mark>" in ask("4,951").content.decode()


@pytest.mark.parametrize(
    ("heading", "title", "shown"),
    [
        ("鹿児島県", "鹿児島県の外国人住民", "鹿児島県の外国人住民"),
        ("Kagoshima Prefecture 鹿児島県", "Kagoshima Prefecture", "Kagoshima Prefecture 鹿児島県"),
        ("Offices", "", "Offices"),
        ("", "Offices", "Offices"),
    ],
)
def test_a_page_is_called_by_what_says_most_and_found_by_both(
    known: None, heading: str, title: str, shown: str
) -> None:
    html = f"<head><title>{title} — CLAIR</title></head><main><h1>{heading}</h1><p>text</p></main>"
    indexing.put_page("/ja/a/", html if title else html.replace(" — CLAIR", ""))
    found = Document.objects.get()
    assert found.title == shown
    assert all(words.folded(each).strip() in found.folded for each in (heading, title))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "981–1,000 of 1,000+"), ("de", "1.000+"), ("fr", "1\u202f000+"), ("ru", "1\xa0000+")]
)
def test_how_many_were_found_is_written_as_the_language_writes_numbers(language: str, said: str) -> None:
    with translation.override(language):
        assert said in _count(Found([], 981, 1000, 1000, more=True))
