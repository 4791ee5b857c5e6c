"""A call for participants in browsers: a town applies from a phone, London draws after the closing, everybody reads the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.gatherings.calling import a_call, applied, closed, stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_town_applies_and_the_lottery_is_drawn_and_printed(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    call = a_call(stage)
    for other in ("hakodate", "hokkaido"):
        applied(stage, call, other)
    town = open_page(width=390)
    sign_in(town, stage, "otaru")
    town.goto(f"{stage.url}/desk/calls/")
    assert findings(town) == []
    town.locator("main").get_by_role("link", name="海外自治体視察の参加団体募集").click()
    town.locator("main a.btn-main").first.click()
    assert findings(town) == []
    town.fill("[name=people]", "１")
    town.fill("[name=reason]", "我が市でも始めたい。")
    town.check("[name=consent]")
    town.click("main form .btn-main")
    expect(town.locator(".notice-ok, .toast").first).to_contain_text("抽選番号は3です。")
    assert findings(town) == []

    call = closed(call)
    host = open_page(language="en")
    sign_in(host, stage, "london")
    host.goto(f"{stage.url}/desk/calls/{call.pk}/draw/")
    assert findings(host) == []
    host.fill("[name=seed]", "38,915.87")
    host.fill("[name=source]", "日本経済新聞")
    day = (call.closes_at + dt.timedelta(days=2)).date().isoformat()
    host.fill("[name=day]", day)
    host.check("[name=sure]")
    host.click("main form .btn-main")
    expect(host.locator("main table tbody tr")).to_have_count(3)
    assert findings(host) == []
    assert sorted(state for state, _reserve in stands(call).values()) == ["reserve", "selected", "selected"]

    anybody = open_page(width=390, language="en")
    anybody.goto(f"{stage.url}/en/calls/{call.pk}/")
    expect(anybody.locator("main code", has_text="sha256sum")).to_contain_text("for lot in 1 2 3")
    expect(anybody.locator("main")).not_to_contain_text("Otaru")
    assert findings(anybody) == []
    assert anybody.evaluate("document.documentElement.scrollWidth") == 390
