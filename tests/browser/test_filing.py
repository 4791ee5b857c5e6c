"""Filing in a real browser: what is typed is saved, and going back loses nothing and accuses nobody."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from offices.models import Precondition, SupportRequest
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.casework.travel import case_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def begun(page: Page, stage: SimpleNamespace) -> str:
    """A new draft of Otaru, made with Enter; the address of its task list."""
    sign_in(page, stage, "otaru")
    page.goto(f"{stage.url}/desk/support/new/")
    page.fill("[name=title]", "運河の保存活用に関する視察")
    page.press("[name=title]", "Enter")
    page.wait_for_url("**/edit/")
    return page.url


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


def test_five_hundred_pages_pasted_are_counted_and_kept(stage: SimpleNamespace, open_page: Callable[..., Page]) -> None:
    page = open_page(language="en")
    stage.people["otaru"].language = "en"
    stage.people["otaru"].save()
    tasks = begun(page, stage)
    page.goto(f"{tasks}purpose/")
    page.locator("[name=purpose]").evaluate(
        "(box, text) => { box.value = text.repeat(500) }", "港の再生を学びます。" * 100
    )
    page.click("main form .btn-main")
    page.wait_for_load_state()
    said = "At most 4000 characters fit here, and these are 500000."
    expect(page.locator("[data-error-summary]")).to_contain_text(said)
    expect(page.locator(".field .error")).to_contain_text(said)
    assert page.locator("[name=purpose]").evaluate("box => box.value.length") == 500_000
    assert SupportRequest.objects.get().purpose == ""


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_the_pages_of_filing(
    stage: SimpleNamespace, open_page: Callable[..., Page], width: int
) -> None:
    former = case_in(stage, "closed")
    page = open_page(width=width)
    tasks = begun(page, stage)
    paths = [tasks, *(f"{tasks}{key}/" for key in ("subject", "who", "travel", "party", "purpose", "hosts", "support"))]
    paths += [
        tasks.replace("edit", "check"),
        f"{stage.url}/desk/support/{former.pk}/copy/",
        f"{stage.url}/desk/support/new/",
    ]
    found = looked_at(page, paths)
    page.goto(f"{tasks}travel/")
    page.fill("[name=starts_on]", "2027-06-03")
    page.fill("[name=ends_on]", "2027-06-01")
    page.click("main form .btn-main")
    page.wait_for_load_state()
    found["wrong dates"] = findings(page)
    hq = open_page(width=width)
    sign_in(hq, stage, "hq_officer")
    Precondition.objects.create(
        key="x", check_code="ask", office=stage.places["london"], text_ja="見本", text_en="Sample"
    )
    found |= looked_at(hq, [f"{stage.url}/desk/preconditions/", f"{stage.url}/desk/preconditions/new/"])
    assert {path: lines for path, lines in found.items() if lines} == {}


def looked_at(page: Page, paths: list[str]) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = findings(page)
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found[path].append("scrolls sideways")
    return found
