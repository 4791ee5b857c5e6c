"""A local government abroad goes the whole way on a phone: form, real mail, button, link, reply, withdrawal; with and without scripts."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from email import policy
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from clair_portal.casework.models import Case
from clair_portal.outbox.channels.email.send import send
from clair_portal.outbox.models import Email
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.offices.foreign_travel import FILLED_IN, a_turn, confirmed
from tests.outbox.conftest import Mailbox, mailbox

__all__ = ["mailbox"]
pytestmark = pytest.mark.browser
TYPED = ("government", "contact", "email", "telephone", "subject", "text", "starts_on", "ends_on")


def looked_at(page: Page, *, axe: bool) -> list[str]:
    if not axe:
        return []
    found = findings(page)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("scrolls sideways")
    return [f"{page.url}: {line}" for line in found]


def link_of_next_mail(box: Mailbox) -> str:
    """One turn of the schedule, then the mail as a real server took it."""
    a_turn()
    for mail in Email.objects.filter(state="queued"):
        assert send(mail.pk, timezone.now())
    taken = email.message_from_bytes(box.mails[-1], policy=policy.default)
    assert taken["To"] == FILLED_IN["email"]
    found = re.search(r"https?://[^/\s]+(/\S+/requests/\S+)", taken.get_body().get_content())  # type: ignore[attr-defined]
    assert found
    return found[1]


@pytest.mark.parametrize(("scripts", "language"), [(True, "en"), (False, "en"), (True, "ja")])
def test_request_from_abroad_goes_the_whole_way(
    stage: SimpleNamespace,
    open_page: Callable[..., Page],
    mailbox: Mailbox,
    scripts: bool,
    language: str,
    tmp_path: Path,
) -> None:
    cache.clear()
    page, found = open_page(width=390, language=language, scripts=scripts), list[str]()
    page.goto(f"{stage.url}/{language}/offices/lon/")
    page.click("main a[href$='/forms/offices/lon/']")
    found += looked_at(page, axe=scripts)
    for name in TYPED:
        page.fill(f"[name={name}]", str(FILLED_IN[name]))
    if page.locator("select[name=country]").count():
        page.select_option("[name=country]", "GB")
    page.check("[name=kinds][value=study_visit]")
    page.click("main form button[type=submit]")  # without the consent
    assert page.input_value("[name=text]") == FILLED_IN["text"]
    found += looked_at(page, axe=scripts)
    paper = tmp_path / "plan.txt"
    paper.write_text("flood walls\n")
    page.set_input_files("[name=papers]", paper)
    page.check("[name=consent]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/requests/sent/")
    found += looked_at(page, axe=scripts)
    page.goto(stage.url + link_of_next_mail(mailbox))
    found += looked_at(page, axe=scripts)
    page.click("main form button[type=submit]")
    found += looked_at(page, axe=scripts)
    page.goto(stage.url + link_of_next_mail(mailbox))
    assert page.locator("main .badge").count() == 1
    page.fill("[name=body]", "May is best.")
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=May is best.")
    found += looked_at(page, axe=scripts)
    a_turn()
    page.click("main a[href$='/withdraw/']")
    page.fill("[name=reason]", "No budget.")
    found += looked_at(page, axe=scripts)
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=No budget.")
    a_turn()
    page.reload()
    assert Case.objects.get().state == "withdrawn"
    page.goto(f"{stage.url}/{language}/requests/follow/{'x' * 43}/")
    found += looked_at(page, axe=scripts)
    page.goto(f"{stage.url}/{language}/requests/")
    found += looked_at(page, axe=scripts)
    assert found == []


def test_page_of_the_case_has_no_finding(
    stage: SimpleNamespace, open_page: Callable[..., Page], mailbox: Mailbox
) -> None:
    cache.clear()
    case, _link = confirmed()
    page = open_page(width=390, language="en")
    sign_in(page, stage, "london_local")
    page.goto(f"{stage.url}/desk/cases/{case.pk}/")
    assert looked_at(page, axe=True) == []
    page.goto(f"{stage.url}/desk/cases/{case.pk}/move/take_up/")
    assert looked_at(page, axe=True) == []
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**/desk/cases/{case.pk}/")
    assert Case.objects.get().state == "in_progress"
