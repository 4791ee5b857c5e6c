"""決裁 in browsers: drafted, sent back, drafted again, stamped by a proxy - and void after the requester's edit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clair_portal.calendars.eras import format_era
from clair_portal.casework.models import Case
from tests.approvals.along import proxy, research, route, with_staff
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def drafted(page: Page, case: Case, url: str) -> None:
    page.goto(f"{url}/desk/cases/{case.pk}/")
    page.click("#approvals a.btn")
    page.fill("[name=note]", "受け入れてよろしいか伺います。")
    page.click("main form .btn-main")
    expect(page.locator("h1 + p, .badge").first).to_contain_text("決裁中")


def opened(page: Page, url: str) -> None:
    """From the desk to what waits for my stamp."""
    page.goto(f"{url}/desk/")
    page.click("#stamps ul a")


def test_an_approval_is_sent_back_stamped_by_a_proxy_and_void_after_an_edit(
    stage: SimpleNamespace, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    with_staff(stage, PASSWORD)
    route(stage, "企画調査課長", "事務局長")
    proxy(stage, "事務局長", "総務課長")
    case = research(stage)
    pages = {who: open_page() for who in ("hq_officer", "manager", "general")}
    pages["otaru"] = open_page(width=390)
    for who, page in pages.items():
        sign_in(page, stage, who)
    officer, manager, general, otaru = pages.values()

    drafted(officer, case, stage.url)
    opened(manager, stage.url)
    manager.click("summary:has-text('差し戻す場合')")
    manager.fill("[name=back-reason]", "回付先の事務所を書いてください。")
    manager.click("form[action$='/send-back/'] button")
    expect(manager.locator(".notice-warn")).to_contain_text("回付先の事務所を書いてください。")

    drafted(officer, case, stage.url)
    opened(manager, stage.url)
    assert findings(manager) == []
    manager.click("form[action$='/stamp/'] .btn-main")
    expect(manager.locator("svg.stamp")).to_have_attribute(
        "aria-label", f"企画調査課長 黒田 実の印({format_era(timezone.localdate())})"
    )
    opened(general, stage.url)
    expect(general.locator(".panel .notice-warn")).to_contain_text("事務局長の代決として押印します。")
    general.click("form[action$='/stamp/'] .btn-main")
    expect(general.locator(".notice-ok").last).to_contain_text("押印がそろいました。")
    expect(general.locator("svg.stamp").nth(1)).to_contain_text("代")

    paper = tmp_path / "差し替え.txt"
    paper.write_text("質問を一つ足します。\n", encoding="utf-8")
    otaru.goto(f"{stage.url}/desk/cases/{case.pk}/")
    otaru.set_input_files("#papers input[type=file]", str(paper))
    otaru.click("#papers form button[type=submit]")
    otaru.wait_for_load_state()
    officer.goto(f"{stage.url}/desk/cases/{case.pk}/move/refer/")
    officer.check("[name=office] >> nth=0")
    officer.click("main form .btn-main")
    expect(officer.locator(".errors")).to_contain_text("起案後に次の点が変わりました:差し替え.txt")
    general.reload()
    expect(general.locator(".notice-err")).to_contain_text("この決裁は無効です。")
    for width in (1280, 390):
        general.set_viewport_size({"width": width, "height": 900})
        assert not general.evaluate("document.documentElement.scrollWidth > window.innerWidth"), width
    assert findings(general) == []
