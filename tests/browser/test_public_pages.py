"""The public pages as people see them: no finding of axe, nothing to scroll sideways, no script and no cookie needed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import findings
from tests.pages.test_public_pages import publish

pytestmark = pytest.mark.browser
PLACES = (
    "",
    "offices/",
    "offices/lon/",
    "branches/",
    "stories/",
    "stories/?office=NYC",
    "research/",
    "stories/harbours/",
)


@pytest.fixture
def told(stage: SimpleNamespace) -> SimpleNamespace:
    london = stage.places["london"]
    london.latitude, london.longitude, london.local_name = "51.5074", "-0.1278", "Japan Local Government Centre"
    london.save()
    publish(
        "harbours", office=london, organisations=["012033"], summary_ja="英国の港を訪ね、倉庫の使い方を学びました。"
    )
    publish("gone", state="withdrawn")
    return stage


def looked_at(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = findings(page)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("scrolls sideways")
    return [f"{address}: {line}" for line in found]


@pytest.mark.parametrize(("language", "width"), [("ja", 1280), ("ja", 320), ("en", 390)])
def test_public_pages_have_no_finding(
    told: SimpleNamespace, open_page: Callable[..., Page], language: str, width: int
) -> None:
    page = open_page(language=language, width=width)
    found = [line for place in (*PLACES, "stories/gone/") for line in looked_at(page, f"{told.url}/{language}/{place}")]
    assert found == []
    assert page.context.cookies() == []


def test_without_scripts_the_reader_filters_and_changes_the_language(
    told: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(language="ja", scripts=False)
    page.goto(f"{told.url}/ja/")
    page.get_by_role("navigation").get_by_role("link", name="事例", exact=True).click()
    page.select_option("#by-office", "LON")
    page.click("main form button")
    page.click("main h2 a")
    assert page.inner_text("h1") == "題名harbours"
    page.click("details.langs summary")
    page.click("details.langs a[hreflang=en]")
    assert page.url == f"{told.url}/en/stories/harbours/"
    assert page.inner_text(".notice") == "This page exists in Japanese only."


@pytest.mark.parametrize("scripts", [False, True])
def test_on_a_narrow_screen_the_menu_opens_without_scripts_and_the_page_begins_at_once(
    told: SimpleNamespace, open_page: Callable[..., Page], scripts: bool
) -> None:
    page = open_page(language="ja", width=390, scripts=scripts)
    page.goto(f"{told.url}/ja/offices/")
    menu = page.get_by_role("navigation", name="主メニュー")
    assert menu.count() == 0
    assert page.locator("h1").bounding_box()["y"] < 400  # type: ignore[index]
    page.get_by_role("button", name="メニュー").click()
    assert not scripts or findings(page) == []  # axe waits for ever where scripts are off
    menu.get_by_role("link", name="事例", exact=True).click()
    assert page.url == f"{told.url}/ja/stories/"


def tab_to(page: Page, selector: str) -> None:
    """As somebody without a mouse: on and on, to what can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            box = page.locator(":focus").bounding_box()
            assert box is not None, selector
            assert box["width"] > 0, selector
            return
    raise AssertionError(f"no way by the keyboard to {selector} on {page.url}")


@pytest.mark.parametrize("width", [390, 1280])
def test_with_the_keyboard_only_the_reader_changes_the_language_and_searches(
    told: SimpleNamespace, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(language="ja", width=width)
    page.goto(f"{told.url}/ja/")
    tab_to(page, "details.langs summary")
    page.keyboard.press("Enter")
    tab_to(page, "details.langs a[hreflang=en]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{told.url}/en/")
    tab_to(page, "a[href='/en/search/'], input[type=search]")
    if page.evaluate("document.activeElement.tagName") == "A":
        page.keyboard.press("Enter")
        page.wait_for_url(f"{told.url}/en/search/")
        tab_to(page, "input[type=search]")
    page.keyboard.type("Nowhereville")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{told.url}/en/search/?*")
    assert "Nothing was found" in page.inner_text("main")
