"""Readings, text size, contrast and paper: as a reader without scripts meets them."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unicodedata import normalize

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.chromium import findings

pytestmark = pytest.mark.browser
SELECTED = """() => { getSelection().selectAllChildren(document.querySelector("main h1")); return getSelection().toString() }"""


@pytest.fixture(autouse=True)
def readings_on(settings: Any) -> None:
    settings.READINGS = True


def shown(page: Page) -> bool:
    return page.locator("main h1 rt").first.is_visible()


def test_readings_are_switched_without_scripts_and_remembered(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(scripts=False, width=390)
    page.goto(f"{stage.url}/ja/branches/")
    assert not shown(page)
    assert page.context.cookies() == []
    page.get_by_role("button", name="ふりがなをつける").click()
    page.wait_for_load_state("load")
    assert page.url == f"{stage.url}/ja/branches/"
    assert shown(page)
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["value"], cookie["httpOnly"], cookie["sameSite"]) == (
        "portal_reading", "furigana", True, "Lax",
    )  # fmt: skip
    page.goto(f"{stage.url}/ja/offices/")
    assert shown(page)
    page.get_by_role("button", name="ふりがなをけす").click()
    page.wait_for_load_state("load")
    assert not shown(page)


def test_plain_japanese_shows_readings_until_they_are_hidden(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(scripts=False)
    page.goto(f"{stage.url}/ja-simple/branches/")
    rt = page.locator("rt").first
    assert rt.is_visible()
    page.locator("button[value=no-furigana]").click()
    page.wait_for_load_state("load")
    assert not rt.is_visible()


def test_copied_text_and_names_of_links_carry_no_readings(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.context.add_cookies([{"name": "portal_reading", "value": "furigana", "url": stage.url}])
    page.goto(f"{stage.url}/ja/offices/")
    assert shown(page)
    assert page.evaluate(SELECTED) == "7つの海外事務所"
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    names = {node.get("name", {}).get("value") for node in tree if node.get("role", {}).get("value") == "link"}
    assert "7つの海外事務所" in names
    assert not [name for name in names if name and "じむしょ" in name]


@pytest.mark.parametrize(("look", "width"), [("furigana.largest.spaced", 390), ("furigana.contrast", 1280)])
def test_no_look_brings_findings_or_scrolls_sideways(
    stage: SimpleNamespace, open_page: Callable[..., Page], look: str, width: int
) -> None:
    page = open_page(width=width)
    page.context.add_cookies([{"name": "portal_reading", "value": look, "url": stage.url}])
    for place in ("", "branches/", "forms/display/"):
        page.goto(f"{stage.url}/ja/{place}")
        assert findings(page) == [], place
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), place


def test_text_size_is_chosen_on_the_display_page_and_seen_there(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(scripts=False, language="en")
    page.goto(f"{stage.url}/en/offices/")
    page.get_by_role("link", name="Display").click()
    page.wait_for_load_state("load")
    page.get_by_label("Very large").check()
    page.get_by_role("button", name="Keep and show").click()
    page.wait_for_load_state("load")
    assert page.get_by_label("Very large").is_checked()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    page.get_by_role("link", name="Back to the page").click()
    page.wait_for_load_state("load")
    assert page.url == f"{stage.url}/en/offices/"


def test_paper_has_no_navigation_but_targets_and_heads_of_tables(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{stage.url}/ja/offices/")
    page.evaluate("""() => { const body = document.querySelector("main table tbody");
        for (let i = 0; i < 120; i++) body.append(body.rows[0].cloneNode(true)) }""")
    page.emulate_media(media="print")
    head = page.locator("main table thead th").first.inner_text()
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = ["".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in paper.pages]
    size = paper.pages[0].mediabox
    assert (round(size.width), round(size.height)) == (595, 842)
    assert len(texts) >= 2
    assert all(head in text for text in texts[1:-1] or texts)
    assert "ふりがなをつける" not in "".join(texts)
    assert "Language" not in "".join(texts)
    assert "http://localhost" in texts[-1]
