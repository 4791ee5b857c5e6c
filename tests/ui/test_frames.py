"""The three page frames, with everything and with almost nothing given."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.test import RequestFactory, override_settings
from django.utils import translation

from clair_portal.ui.context import Frame
from clair_portal.ui.navigation import Item, register

from .conftest import Show

pytestmark = [pytest.mark.urls("tests.ui.urls"), pytest.mark.usefixtures("own_navigation")]


@pytest.fixture
def reader() -> SimpleNamespace:
    return SimpleNamespace(
        name="<script>",
        email="mio@example.jp",
        posting="Tokyo headquarters",
        unread=3,
        can={"x"},
        postings=[
            {"id": 1, "label": "Tokyo headquarters", "current": True, "from_date": None},
            {"id": 2, "label": "London <office>", "current": False, "from_date": None},
            {"id": 3, "label": "Paris office", "current": False, "from_date": datetime.date(2027, 4, 1)},
        ],
    )


@pytest.fixture
def staff(rf: RequestFactory, reader: SimpleNamespace) -> dict[str, Any]:
    return {"frame": Frame(rf.get("/desk/?a=1&b=2")), "reader": reader, "csrf_token": "tok"}


def test_staff_frame_offers_search_person_bell_and_languages(show_file: Show, staff: dict[str, Any]) -> None:
    html = show_file("base_staff.html", **staff)
    assert '<html lang="en">' in html
    assert '<a class="skip" href="#main">Skip to main content</a>' in html
    assert '<main id="main" tabindex="-1">' in html
    assert '<form class="find" role="search" action="/desk/search/"' in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert 'href="/desk/notifications/"><span class="vh">Notifications </span>' in html
    assert '3<span class="vh"> unread</span></a>' in html
    assert '<form method="post" action="/accounts/logout/">' in html
    assert '<form class="seg" method="post" action="/language/" aria-label="Language">' in html
    assert '<input type="hidden" name="next" value="/desk/?a=1&amp;b=2">' in html
    assert '<button type="submit" name="language" value="ja" lang="ja">日本語</button>' in html
    assert '<button type="submit" name="language" value="en" lang="en" aria-current="true">English</button>' in html


def test_posting_that_has_not_begun_cannot_be_chosen(show_file: Show, staff: dict[str, Any]) -> None:
    html = show_file("base_staff.html", **staff)
    assert '<form class="flow-s" method="post" action="/desk/posting/">' in html
    assert '<button class="as-link" type="submit" name="posting" value="2">London &lt;office&gt;</button>' in html
    assert '<b>Tokyo headquarters</b> <span class="tag">now</span>' in html
    assert 'Paris office <span class="muted">from 1 Apr 2027</span>' in html
    assert 'value="3"' not in html


def test_staff_frame_without_a_reader_has_no_menus(show_file: Show, staff: dict[str, Any]) -> None:
    html = show_file("base_staff.html", **staff | {"reader": None})
    assert "details" not in html
    assert 'role="search"' not in html
    assert "/accounts/logout/" not in html


def test_navigation_shows_counts_children_and_where_one_is(show_file: Show, staff: dict[str, Any]) -> None:
    register(
        Item("Desk", "desk", icon="desk", section="desk", count=lambda request: 7, mine=True, exact=True),
        Item("Requests", "requests", icon="globe", count=lambda request: 0),
        Item("<script>", "old_requests", under="requests"),
    )
    html = show_file("base_staff.html", **staff)
    assert '<a href="/desk/" aria-current="page">' in html
    assert 'Desk <span class="count count-me">7<span class="vh"> waiting for you</span></span></a>' in html
    assert '<ul class="sub"><li><a href="/desk/requests/old/">&lt;script&gt;</a>' in html
    assert 'class="count">0' not in html


def test_messages_are_notices(show_file: Show, staff: dict[str, Any]) -> None:
    messages = [Message(constants.SUCCESS, "Saved <b>"), Message(constants.ERROR, "Not sent")]
    html = show_file("base_staff.html", **staff, messages=messages)
    assert '<div class="notice notice-ok" role="status">' in html
    assert "<p>Saved &lt;b&gt;</p>" in html
    assert '<div class="notice notice-err" role="status">' in html


def test_sample_ribbon_stands_only_on_samples(show_file: Show, rf: RequestFactory) -> None:
    with override_settings(DEMO=True):
        assert '<aside class="sample" aria-label="Sample">' in show_file("base_plain.html", frame=Frame(rf.get("/")))
    with override_settings(DEMO=False):
        assert "sample" not in show_file("base_plain.html", frame=Frame(rf.get("/")))


@pytest.mark.parametrize("frame", ["base_public.html", "base_plain.html"])
def test_public_pages_switch_language_by_address(show_file: Show, rf: RequestFactory, frame: str) -> None:
    html = show_file(frame, frame=Frame(rf.get("/en/guide/?q=a&b=c")), csrf_token="tok")
    assert '<a href="/ja/guide/?q=a&amp;b=c" lang="ja" hreflang="ja">日本語</a>' in html
    assert '<a href="/en/guide/?q=a&amp;b=c" lang="en" hreflang="en" aria-current="true">English</a>' in html
    assert 'method="post"' not in html
    assert "<script" not in html


def test_public_frame_prints_registered_links(show_file: Show, rf: RequestFactory) -> None:
    register(Item("Home", "home", section="public"), Item("<About>", "desk", section="foot"))
    html = show_file("base_public.html", frame=Frame(rf.get("/en/")))
    assert '<li><a href="/en/" aria-current="page">Home</a></li>' in html
    assert '<li><a href="/desk/">&lt;About&gt;</a></li>' in html
    assert '<li><a href="/accounts/login/">Sign in (local governments and CLAIR staff)</a></li>' in html


def test_plain_frame_needs_nothing_at_all(show_file: Show) -> None:
    html = show_file("base_plain.html")
    assert '<html lang="en">' in html
    assert '<a class="brand" href="/">' in html
    assert "<form" not in html


@pytest.mark.urls("tests.ui.no_urls")
def test_plain_frame_stands_even_without_addresses(show_file: Show, rf: RequestFactory) -> None:
    html = show_file("base_plain.html", frame=Frame(rf.get("/broken/")), csrf_token="tok")
    assert '<main id="main" tabindex="-1">' in html


def test_plain_frame_switches_language_by_form_elsewhere(show_file: Show, rf: RequestFactory) -> None:
    html = show_file("base_plain.html", frame=Frame(rf.get("/accounts/login/")), csrf_token="tok")
    assert '<form class="seg" method="post" action="/language/"' in html


@pytest.mark.parametrize(
    ("path", "in_address"),
    [("/ja/", True), ("/en/guide/", True), ("/", False), ("/desk/", False), ("/jam/", False), ("/xx/", False)],
)
def test_language_is_read_from_the_address(rf: RequestFactory, path: str, in_address: bool) -> None:
    assert Frame(rf.get(path)).in_address is in_address


def test_frame_names_languages_in_their_own_script(rf: RequestFactory) -> None:
    with translation.override("ja"):
        languages = Frame(rf.get("/desk/")).languages
    assert [tuple(language)[:4] for language in languages] == [("ja", "日本語", True, ""), ("en", "English", False, "")]


def test_public_page_has_seventeen_versions_of_which_search_engines_know_sixteen(rf: RequestFactory) -> None:
    with translation.override("my"):
        languages = Frame(rf.get("/my/offices/")).languages
    assert [language.code for language in languages] == [
        "ja", "ja-simple", "en", "zh-hans", "zh-hant", "ko", "vi", "ne", "id", "my", "fil", "pt", "es", "th", "fr", "de", "ru",
    ]  # fmt: skip
    assert languages[9] == ("my", "မြန်မာ", True, "/my/offices/", True)
    assert [language.code for language in languages if not language.alternate] == ["ja-simple"]


def test_other_version_of_a_page_cannot_lead_to_another_site(rf: RequestFactory) -> None:
    assert Frame(rf.get("/en//evil.example/")).languages[0].url == "/ja//evil.example/"
