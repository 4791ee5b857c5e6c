"""What a reader of public pages is told when something is not there: in the language of the address, with a way on."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from clair_portal.gatherings.models import Event
from tests.gatherings.planning import opened

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "language", "says"),
    [
        ("/ja/nowhere/", "ja", "アドレスが間違っているか、ページが移動した可能性があります。"),
        ("/en/nowhere/", "en", "The address may be mistyped, or the page was moved."),
        ("/my/nowhere/", "my", ""),
        ("/zh-hant/stories/nothing/", "zh-hant", ""),
    ],
)
def test_a_page_that_is_not_there_says_so_in_the_language_of_the_address(path: str, language: str, says: str) -> None:
    answer = Client().get(path)
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Language"], answer.cookies) == (404, language, {})
    assert f'<html lang="{language}">' in page
    assert says in page
    assert "/desk/" not in page
    assert set(re.findall(r'hreflang="([a-z-]+)"[^>]*>', page)) >= {"ja", "ja-simple", "my", "ru"}
    assert 'href="/ne/"' in page  # other versions of a page that is not there are their front pages


def test_staff_who_mistype_an_address_go_to_their_desk() -> None:
    page = Client(headers={"accept-language": "en"}).get("/desk-nowhere/").content.decode()
    assert "whose papers you may not see" in page
    assert 'href="/desk/"' in page


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ja", "このページはただいまご利用いただけません。"),
        ("en", "This page is not available for the moment."),
        ("my", ""),
    ],
)
def test_a_fault_of_ours_leads_readers_to_the_front_page_of_their_language(
    cast: SimpleNamespace, language: str, says: str
) -> None:
    event = opened(cast)
    Event.objects.filter(pk=event.pk).update(zone="Nowhere/At-All")
    answer = Client(raise_request_exception=False).get(f"/{language}/events/{event.pk}/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Language"], answer.cookies) == (500, language, {})
    assert says in page
    assert f'<a class="btn btn-main" href="/{language}/">' in page
    assert "/desk/" not in page
    assert "what you typed" not in page  # nothing was


@pytest.mark.parametrize("status", [400, 413, 414, 502])
def test_what_nginx_says_is_a_page_of_each_version(status: int) -> None:
    answer = Client().get(f"/ne/errors/{status}.html")
    page = answer.content.decode()
    assert (answer.status_code, answer.cookies) == (200, {})
    assert '<html lang="ne">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert re.findall(r'<a [^>]*href="(?!/forms/|/ne/forms/)[^"]*/errors/[^"]*"', page) == []
