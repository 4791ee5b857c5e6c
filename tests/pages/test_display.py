"""How a reader makes pages easier to read: one cookie, set by a form that works without script and without a token."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def choose(client: Client, language: str = "ja", headers: Any = HERE, **fields: str) -> Any:
    return client.post(f"/{language}/forms/display/", fields, **headers)


def test_looking_sets_no_cookie(cast: Any) -> None:
    page = strict().get("/ja/forms/display/?next=/ja/offices/")
    assert page.status_code == 200
    assert not page.cookies
    assert '<a href="/ja/offices/">' in page.content.decode()


def test_the_button_of_a_page_shows_readings_and_leads_back(cast: Any) -> None:
    client = strict()
    client.cookies["portal_reading"] = "large"
    answer = choose(client, furigana="furigana", next="/ja/offices/?page=2")
    assert (answer.status_code, answer["Location"]) == (303, "/ja/offices/?page=2")
    assert client.cookies["portal_reading"].value == "furigana.large"
    kept = answer.cookies["portal_reading"]
    assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "Lax", 31536000)
    assert "rt{display:revert}" in client.get("/preferences.css").content.decode()


def test_choosing_nothing_takes_the_cookie_away(cast: Any) -> None:
    client = strict()
    client.cookies["portal_reading"] = "furigana.large.contrast.spaced"
    answer = choose(client, furigana="", size="", contrast="", spacing="")
    assert answer.cookies["portal_reading"]["max-age"] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {},
    ],
)
def test_another_site_changes_nothing(cast: Any, headers: Any) -> None:
    answer = choose(strict(), headers=headers, furigana="furigana")
    assert answer.status_code == 403
    assert "このサイトのページからだけできます" in answer.content.decode()
    assert not answer.cookies


def test_an_old_browser_is_known_by_its_origin(cast: Any) -> None:
    assert choose(strict(), headers={"HTTP_ORIGIN": "http://testserver"}, furigana="furigana").status_code == 303


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x", "\\\\x"])
def test_no_other_site_is_followed(cast: Any, wanted: str) -> None:
    assert choose(strict(), size="large", next=wanted)["Location"] == "/ja/"


def test_unknown_words_are_left_out(cast: Any) -> None:
    answer = choose(strict(), furigana="<script>", size="huge")
    assert answer.status_code == 303
    assert answer.cookies["portal_reading"].value == ""


def test_the_sheet_is_never_shared_and_is_sent_once(cast: Any) -> None:
    client = strict()
    client.cookies["portal_reading"] = "large"
    sheet = client.get("/preferences.css")
    assert (sheet["Content-Type"], sheet["Cache-Control"], sheet["Vary"]) == ("text/css", "private, no-cache", "Cookie")
    assert sheet.content == b":root{font-size:125%}"
    again = client.get("/preferences.css", HTTP_IF_NONE_MATCH=sheet["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    client.cookies["portal_reading"] = "largest"
    assert client.get("/preferences.css", HTTP_IF_NONE_MATCH=sheet["ETag"]).status_code == 200


def test_readings_are_offered_on_japanese_pages_only(cast: Any, settings: Any) -> None:
    settings.READINGS = True
    japanese, english = (strict().get(f"/{language}/").content.decode() for language in ("ja", "en"))
    assert 'action="/ja/forms/display/"' in japanese
    assert "csrf" not in japanese
    assert "<rt>じちたいこくさいかきょうかい</rt>" in japanese
    assert 'name="furigana"' not in english
    assert "<rt>" not in english
    assert 'href="/en/forms/display/?next=/en/"' in english
    assert '<link rel="stylesheet" href="/preferences.css">' in english


def test_the_etag_is_that_of_the_finished_page(cast: Any, settings: Any) -> None:
    settings.READINGS = False
    before = strict().get("/ja/offices/")["ETag"]
    settings.READINGS = True
    page = strict().get("/ja/offices/", HTTP_IF_NONE_MATCH=before)
    assert page.status_code == 200
    assert strict().get("/ja/offices/", HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 304
