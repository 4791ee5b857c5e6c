"""Public forms take nothing that another site sends, keep what was typed, and are the only public pages with a cookie."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import RequestFactory

from clair_portal.accounts.same_site import NotTaken, public_form
from clair_portal.network.models import Organisation
from clair_portal.publishing.tree.families import every_address
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.models import ForeignRequest
from tests.conftest import WebClient
from tests.gatherings.test_registration import opened
from tests.offices.foreign_travel import FILLED_IN, FORM, a_turn, confirmed, link_in, mails

pytestmark = pytest.mark.usefixtures("cast", "no_throttle")
ELSEWHERE = "This was sent from a page of another site, so nothing was taken. Check what stands here and send it from this page."
TOO_OLD = "The form was open for very long, or your browser keeps no cookies. Nothing was taken yet: send it once more."


@pytest.fixture
def no_throttle(db: None) -> None:
    cache.clear()


def visitor() -> WebClient:
    """A browser, as strict about tokens as outside of tests."""
    return WebClient(enforce_csrf_checks=True, raise_request_exception=False)


def token_of(page: Any) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def send(client: WebClient, token: str, path: str = FORM, **headers: str) -> Any:
    return client.post(path, {**FILLED_IN, "csrfmiddlewaretoken": token}, headers=headers)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 302),
        ({"sec_fetch_site": "none"}, 302),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": "http://testserver"}, 403),
        ({"origin": "http://testserver"}, 302),  # older browsers
        ({"origin": "http://evil.example.org"}, 403),
        ({"origin": "null"}, 403),
        ({}, 302),  # neither: the token decides
    ],
)
def test_the_browser_says_where_a_form_comes_from_and_a_valid_token_does_not_help(
    headers: dict[str, str], status: int
) -> None:
    client = visitor()
    answer = send(client, token_of(client.get(FORM)), **headers)
    assert answer.status_code == status
    assert ForeignRequest.objects.count() == (1 if status == 302 else 0)
    if status == 403:
        assert ELSEWHERE in answer.text
        assert "Flood walls" in answer.text
        assert "keeps its flood walls." in answer.text
        assert send(client, token_of(answer), sec_fetch_site="same-origin").status_code == 302


def test_without_cookie_or_with_a_wrong_token_nothing_is_taken_and_the_text_is_kept() -> None:
    client = visitor()
    token = token_of(client.get(FORM))
    client.cookies.clear()  # the form was open for longer than the cookie lives
    answer = send(client, token, sec_fetch_site="same-origin")
    assert (answer.status_code, ForeignRequest.objects.count()) == (403, 0)
    assert TOO_OLD in answer.text
    assert "keeps its flood walls." in answer.text
    assert "Browsers do not keep papers" in answer.text
    assert send(client, token_of(answer), sec_fetch_site="same-origin").status_code == 302


def test_a_form_that_stood_open_for_a_day_still_works() -> None:
    assert django_settings.CSRF_COOKIE_AGE >= 7 * 24 * 3600
    client = visitor()
    token = token_of(client.get(FORM))
    client.get(FORM)  # the page was opened a second time meanwhile
    assert send(client, token).status_code == 302


def test_buttons_behind_links_are_kept_in_the_same_way() -> None:
    client = visitor()
    send(client, token_of(client.get(FORM)))
    a_turn()
    link = link_in(mails()[0])
    token = token_of(client.get(link))
    answer = client.post(link, {"csrfmiddlewaretoken": token}, headers={"sec_fetch_site": "cross-site"})
    assert answer.status_code == 403
    assert ELSEWHERE in answer.text
    a_turn()
    assert ForeignRequest.objects.get().confirmed_at is None
    assert client.post(link, {"csrfmiddlewaretoken": token}).status_code == 200
    assert ForeignRequest.objects.get().confirmed_at is not None


def test_too_many_confirmations_from_one_network_are_not_taken(settings: Any) -> None:
    confirmed()
    send(client := visitor(), token_of(client.get(FORM)))
    a_turn()
    link = link_in(mails()[-1])
    settings.STRANGER_BUTTONS_AN_HOUR = 1
    answer = client.post(link, {"csrfmiddlewaretoken": token_of(client.get(link))})
    assert (answer.status_code, "Wait an hour and send it again." in answer.text) == (429, True)
    assert ForeignRequest.objects.filter(confirmed_at=None).count() == 1


def test_a_message_through_the_link_and_a_registration_are_kept_in_the_same_way(cast: SimpleNamespace) -> None:
    _case, link = confirmed()
    client = visitor()
    form = {"body": "One more question.", "csrfmiddlewaretoken": token_of(client.get(link))}
    answer = client.post(link, form, headers={"sec_fetch_site": "cross-site"})
    assert (answer.status_code, ELSEWHERE in answer.text, "One more question." in answer.text) == (403, True, True)
    address = f"/en/forms/events/{opened(cast, for_public=True).pk}/"
    form = {"name": "Ann Smith", "email": "ann@york.example.org", "consent": "on"}
    answer = client.post(
        address, {**form, "csrfmiddlewaretoken": token_of(client.get(address))}, headers={"origin": "http://x.org"}
    )
    assert (answer.status_code, ELSEWHERE in answer.text, 'value="Ann Smith"' in answer.text) == (403, True, True)


def test_a_view_that_forgets_to_ask_is_rolled_back() -> None:
    view = public_form(lambda request: SimpleNamespace(status_code=200))
    request = RequestFactory().post("/", headers={"sec-fetch-site": "cross-site"})
    with pytest.raises(NotTaken):
        view(request)


def test_old_addresses_lead_on_and_what_is_sent_to_them_goes_along() -> None:
    client = WebClient()
    for before, after in (
        ("/en/offices/lon/ask/", "/en/forms/offices/lon/"),
        ("/fr/requests/", "/fr/forms/requests/"),
        ("/ja/requests/sent/", "/ja/forms/requests/sent/"),
    ):
        seen = client.get(before)
        assert (seen.status_code, seen.url) == (301, after)
    sent = client.post("/en/offices/lon/ask/", FILLED_IN, follow=True)
    assert sent.redirect_chain == [("/en/forms/offices/lon/", 308), ("/en/forms/requests/sent/", 302)]
    assert ForeignRequest.objects.count() == 1


@pytest.mark.parametrize("language", [code for code, _name in django_settings.LANGUAGES])
def test_every_version_has_the_form_and_says_in_which_languages_to_write(language: str) -> None:
    Organisation.objects.filter(code="LON").update(working_languages=["fr", "ja"])
    page = WebClient().get(f"/{language}/forms/offices/lon/")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert ("français、日本語、English" if language.startswith("ja") else "français, 日本語, English") in page.text


def test_only_form_pages_set_a_cookie_and_none_of_the_pages_that_are_files(cast: SimpleNamespace) -> None:
    event = opened(cast, for_public=True)
    with acting(SYSTEM_SCOPE):
        found = [each.path for each in every_address() if each.language in ("", "en", "ja")]
    assert f"/en/events/{event.pk}/" in found
    assert len({path.split("/", 2)[2] for path in found if path.startswith("/en/")}) > 20
    for path in found:
        answer = WebClient().get(path)
        assert answer.status_code == 200, path
        assert not answer.cookies, path
        assert "csrfmiddlewaretoken" not in answer.text if answer["Content-Type"].startswith("text/") else True, path
    for path in (FORM, "/en/forms/requests/", f"/en/forms/events/{event.pk}/"):
        assert list(WebClient().get(path).cookies) == ["csrftoken"]
        assert "This page sets one cookie" in WebClient().get(path).text
    for path in ("/en/forms/requests/sent/", "/en/forms/events/sent/", "/en/requests/follow/" + "x" * 43 + "/"):
        assert not WebClient().get(path).cookies


def test_the_browser_offers_what_people_say_of_themselves(cast: SimpleNamespace) -> None:
    """WCAG 1.3.5."""
    event = opened(cast, for_public=True)
    asked = {
        path: re.findall(r'<input[^>]* name="(\w+)"[^>]* autocomplete="([a-z]+)"', visitor().get(path).text)
        for path in (FORM, f"/en/forms/events/{event.pk}/", "/en/forms/requests/")
    }
    assert asked == {
        FORM: [("government", "organization"), ("contact", "name"), ("email", "email"), ("telephone", "tel")],
        f"/en/forms/events/{event.pk}/": [("name", "name"), ("body", "organization"), ("email", "email")],
        "/en/forms/requests/": [("email", "email")],
    }
