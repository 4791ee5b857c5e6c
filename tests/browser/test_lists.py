"""A list in a real browser: it narrows while one types, and so do the long boxes beside it; both work without scripts."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from clair_portal.casework.models import SavedView
from clair_portal.walls.scope import acting
from offices.services import begin_request
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.cast import NOW, reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def two_cases(stage: SimpleNamespace) -> None:
    otaru = reader(stage, "otaru")
    for title in ("ガラス工芸の視察", "運河の保存"):
        with acting(otaru.scope):
            begin_request(title=title, actor=otaru, now=NOW)


def test_a_list_narrows_while_one_types_and_the_view_is_saved(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    two_cases(stage)
    page = open_page()
    sign_in(page, stage, "otaru")
    page.goto(f"{stage.url}/desk/cases/")
    rows = page.locator("#found tbody tr")
    expect(rows).to_have_count(2)
    page.locator("#f-q").press_sequentially("ｶﾞﾗｽ")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("ガラス工芸の視察")
    assert "?q=" in page.url
    assert "q=" in (page.locator("#list-files").get_attribute("action") or "")
    assert "q=" in (
        page.locator("#list-segs a").first.get_attribute("href") or ""
    )  # the ways to look at it keep the word
    page.locator("#list-views summary").click()
    page.fill("#view-name-new", "ガラス")
    page.locator("#list-views button").click()
    expect(page.locator("#list-views [aria-current]")).to_have_text("ガラス")
    assert SavedView.objects.get().query.startswith("q=")
    assert findings(page) == []


def test_long_boxes_are_narrowed_by_typing_whatever_the_kana(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    two_cases(stage)
    page = open_page()
    sign_in(page, stage, "hq_officer")
    page.goto(f"{stage.url}/desk/projects/")
    page.locator("details.choices summary").first.click()
    field = page.locator("[data-narrow] input").first
    shown = page.locator("details.choices").first.locator("label.choice:visible")
    before = shown.count()
    field.fill("ｽﾎﾟｰﾂ")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("スポーツ")
    field.fill("")
    expect(shown).to_have_count(before)


def test_without_scripts_a_button_does_the_same(stage: SimpleNamespace, open_page: Callable[..., Page]) -> None:
    two_cases(stage)
    page = open_page(scripts=False)
    sign_in(page, stage, "otaru")
    page.goto(f"{stage.url}/desk/cases/")
    expect(page.locator("[data-narrow]:visible")).to_have_count(0)
    page.fill("#f-q", "運河")
    page.press("#f-q", "Enter")
    expect(page.locator("#found tbody tr")).to_have_count(1)
