"""The whole ceremony in Chromium with a virtual authenticator: add a passkey, sign out, sign in with it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page

from clair_portal.audit.models import Entry
from tests.cast import PASSWORD, make_cast

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@contextmanager
def opened_page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile with a virtual authenticator.

    Look into the database after it is closed: inside, Django opens another connection, as the web login.
    """
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15_000)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    context.close()


@pytest.fixture
def person(transactional_db: None) -> Any:
    cast = make_cast(PASSWORD)
    user = cast.users["otaru"]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def site_of(server: Any) -> str:
    return f"http://localhost:{server.url.rsplit(':', 1)[1]}"  # browsers refuse passkeys at an IP address


@pytest.mark.browser
def test_passkey_is_added_and_opens_the_portal_alone(person: Any, walled_live_server: Any, browser: Browser) -> None:
    troubles: list[str] = []
    with opened_page(browser) as page:
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
        add_a_passkey(page, site_of(walled_live_server), person.email)
        sign_in_with_the_passkey(page, site_of(walled_live_server))
    assert troubles == []
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"webauthn", "recovery_codes"}
    opened = Entry.objects.filter(event="accounts.session.opened").order_by("at")
    assert [entry.params["method"] for entry in opened] == ["password", "webauthn"]
    assert Entry.objects.filter(event="accounts.second_factor.added").count() == 2


def add_a_passkey(page: Any, site: str, email: str) -> None:
    page.goto(f"{site}/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action='/accounts/login/'] button[type=submit]")
    page.wait_for_url("**/accounts/reauthenticate/**")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/accounts/2fa/webauthn/add/")
    page.fill("input[name=name]", "My computer")
    page.check("input[name=passwordless]")
    page.click("[data-webauthn-start]")
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    assert page.locator("ol li code").count() == 10


def sign_in_with_the_passkey(page: Any, site: str) -> None:
    page.goto(f"{site}/accounts/logout/")
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "logout" not in url)
    page.goto(f"{site}/accounts/login/?next=/accounts/2fa/webauthn/")
    page.click("[data-webauthn-start]")
    page.wait_for_url("**/accounts/2fa/webauthn/")
    assert page.locator("th[scope=row]").inner_text().startswith("My computer")


@pytest.mark.browser
def test_refused_ceremony_says_so_and_keeps_the_page(person: Any, walled_live_server: Any, browser: Browser) -> None:
    with opened_page(browser) as page:
        page.goto(f"{site_of(walled_live_server)}/accounts/login/")
        page.click("[data-webauthn-start]")
        page.wait_for_selector("[data-webauthn-failed]:not([hidden])")
        assert page.locator("[data-webauthn-start]").is_enabled()
