"""The whole ceremony in Chromium with a virtual authenticator: add a passkey, sign out, sign in with it alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from clair_portal.audit.models import Entry
from tests.cast import PASSWORD, make_cast

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page() -> Iterator[Any]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        pytest.skip("no Chromium here: the passkey ceremony was not tried")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(10_000)
        yield page
        browser.close()


@pytest.fixture
def person(transactional_db: None) -> Any:
    cast = make_cast(PASSWORD)
    user = cast.users["otaru"]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.browser
def test_passkey_is_added_and_opens_the_portal_alone(person: Any, walled_live_server: Any, page: Any) -> None:
    site = f"http://localhost:{walled_live_server.url.rsplit(':', 1)[1]}"
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if "Content Security" in message.text else None)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto(f"{site}/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.fill("input[name=login]", person.email)
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

    page.goto(f"{site}/accounts/logout/")
    page.click("main form button[type=submit]")
    page.goto(f"{site}/accounts/login/?next=/accounts/2fa/webauthn/")
    page.click("[data-webauthn-start]")
    page.wait_for_url("**/accounts/2fa/webauthn/")
    assert page.locator("th[scope=row]").inner_text().startswith("My computer")
    assert troubles == []
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"webauthn", "recovery_codes"}
    methods = [entry.params["method"] for entry in Entry.objects.filter(event="accounts.session.opened").order_by("at")]
    assert methods == ["password", "webauthn"]


@pytest.mark.browser
def test_refused_ceremony_says_so_and_keeps_the_page(person: Any, walled_live_server: Any, page: Any) -> None:
    site = f"http://localhost:{walled_live_server.url.rsplit(':', 1)[1]}"
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{site}/accounts/login/")
    page.click("[data-webauthn-start]")
    page.wait_for_selector("[data-webauthn-failed]:not([hidden])")
    assert page.locator("[data-webauthn-start]").is_enabled()
