"""Filing in a real browser: what is typed is saved, and going back loses nothing and accuses nobody."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from clair_portal.casework.models import Case
from offices.models import SupportRequest
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.casework.travel import case_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def begun(page: Page, stage: SimpleNamespace) -> str:
    """A new draft of Otaru; the address of its task list."""
    sign_in(page, stage, "otaru")
    page.goto(f"{stage.url}/desk/support/new/")
    page.fill("[name=title]", "運河の保存活用に関する視察")
    page.press("[name=title]", "Enter")
    page.wait_for_url("**/edit/")
    return f"{stage.url}/desk/support/{Case.objects.get().pk}/edit/"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_going_back_shows_what_was_typed_and_saves_again(
    stage: SimpleNamespace, open_page: Callable[..., Page], scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    tasks = begun(page, stage)
    page.goto(f"{tasks}purpose/")
    page.fill("[name=purpose]", "最初の文")
    if scripts:
        expect(page.locator("[data-saved]")).to_contain_text("保存しました", timeout=5000)
        assert SupportRequest.objects.get().purpose == "最初の文"
    page.fill("[name=purpose]", "二番目の文")
    page.click("main form .btn-main")
    page.wait_for_url("**/hosts/")
    page.fill("[name=hosts]", "市役所")
    page.go_back()
    page.wait_for_url("**/purpose/")
    expect(page.locator("[name=purpose]")).to_have_value("二番目の文")
    page.fill("[name=purpose]", "三番目の文")
    page.click("main form .btn-main")
    page.wait_for_url("**/hosts/")
    assert SupportRequest.objects.get().purpose == "三番目の文"
    if scripts:  # leaving the page saved what stood there
        expect(page.locator("[name=hosts]")).to_have_value("市役所")


def test_while_typing_requests_alike_and_closed_days_appear(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    case_in(stage, "branch_check")  # "Canals and warehouses"
    page = open_page(language="en")
    stage.people["otaru"].language = "en"
    stage.people["otaru"].save()
    sign_in(page, stage, "otaru")
    page.goto(f"{stage.url}/desk/support/new/")
    expect(page.locator("#t-similar")).to_have_count(0)
    page.fill("[name=title]", "Canals and warehouses again")
    expect(page.locator("#t-similar + p + ul a")).to_have_text("Canals and warehouses")
    assert findings(page) == []
    page.click("main form .btn-main")
    page.wait_for_url("**/edit/")
    page.goto(page.url + "travel/")
    page.check("[name=countries][value=GB]")
    page.fill("[name=starts_on]", "2027-05-29")
    page.fill("[name=ends_on]", "2027-06-01")
    expect(page.locator(".week td.hit")).to_have_count(2)  # Saturday and Sunday; no holidays are loaded here
    expect(page.locator("#t-route + div")).to_contain_text("This request goes to: London office")
    assert findings(page) == []
