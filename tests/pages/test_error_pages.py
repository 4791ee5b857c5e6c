"""What a reader of public pages is told when something is not there: in the language of the address, with a way on."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
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


def test_three_papers_of_the_largest_size_and_the_words_come_through_nginx() -> None:
    """What is too large for it is answered by a page that says the same of all files together."""
    portal = Path(settings.BASE_DIR, "deploy/nginx/portal.conf").read_text(encoding="utf-8")
    [most] = re.findall(r"client_max_body_size (\d+)m;", portal)
    room_for_words = 1024 * 1024
    allowed = settings.FOREIGN_PAPERS * settings.FOREIGN_PAPER_BYTES
    assert max(allowed, settings.DOCUMENT_MAX_BYTES) + room_for_words <= int(most) * 1024 * 1024
    assert allowed == 30 * 1024 * 1024
    assert "All files together may have up to 30 MB." in Client().get("/en/errors/413.html").text
    assert "30 MB" in Path(settings.BASE_DIR, "deploy/nginx/pages/413.html").read_text(encoding="utf-8")
