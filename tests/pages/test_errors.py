"""Errors are pages with a sentence and a number, and JSON of one shape in the API."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings

from tests.conftest import WebClient

Browse = Callable[..., WebClient]


def test_a_page_that_does_not_exist(browse: Browse) -> None:
    response = browse(None, **{"Accept-Language": "en"}).get("/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "This page was not found" in page
    assert response["X-Request-ID"] in page


@pytest.mark.parametrize(
    ("address", "accepted", "heading", "link"),
    [
        (
            "/it/offices/",
            "en",
            "There is no such language version",
            '<a href="/ko/offices/" lang="ko" hreflang="ko">한국어</a>',
        ),
        (
            "/it/nowhere/",
            "en",
            "There is no such language version",
            '<a href="/ko/" lang="ko" hreflang="ko">한국어</a>',
        ),
        (
            "/JA/offices/",
            "en",
            "この言語の版はありません",
            '<a href="/en/offices/" lang="en" hreflang="en">English</a>',
        ),
        ("/xx", "ja", "この言語の版はありません", '<a href="/my/" lang="my" hreflang="my">မြန်မာ</a>'),
    ],
)
def test_an_unknown_language_code_is_answered_with_the_versions_there_are(
    browse: Browse, address: str, accepted: str, heading: str, link: str
) -> None:
    response = browse(None, **{"Accept-Language": accepted}).get(address)
    page = response.content.decode()
    assert response.status_code == 404
    assert f"<h1>{heading}</h1>" in page
    assert link in page
    assert not response.cookies


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_public_page_that_does_not_exist_leads_on_in_its_language(browse: Browse, language: str) -> None:
    response = browse(None, **{"Accept-Language": "en"}).get(f"/{language}/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert f'<html lang="{language}">' in page
    for place in ("", "search/", "contact/"):
        assert f'<li><a href="/{language}/{place}">' in page, place
    assert response["X-Request-ID"] in page


def test_an_api_address_that_does_not_exist(browse: Browse) -> None:
    response = browse(None, **{"Accept-Language": "en"}).get("/api/v1/nowhere/")
    assert response.status_code == 404
    assert response.json()["error"] == {
        "status": 404,
        "code": "not_found",
        "message": "This page was not found",
        "fields": {},
        "request_id": response["X-Request-ID"],
    }


def test_a_nul_in_the_address_is_a_bad_request_and_not_a_server_error(browse: Browse) -> None:
    assert browse(None).get("/api/v1/organisations/?q=%00").status_code == 400
    assert browse("otaru").get("/desk/cases/?q=%00").status_code == 400


def test_a_right_that_is_missing_says_so(browse: Browse) -> None:
    response = browse("newyork").get("/desk/mails/")
    assert response.status_code == 403
    assert "Your posting does not give you the right to do this." in response.content.decode()


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(browse: Browse) -> None:
    response = browse(None).get("/desk/cases/?show=mine")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fdesk%2Fcases%2F%3Fshow%3Dmine"


def test_a_person_without_posting_reads_why_there_is_nothing(browse: Browse) -> None:
    response = browse("nobody").get("/desk/")
    assert response.status_code == 403


def test_a_form_without_its_token_is_refused_with_a_page(cast: SimpleNamespace) -> None:
    client = WebClient(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.users["otaru"], backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/desk/notifications/")
    assert response.status_code == 403
    assert "<html" in response.content.decode()
