"""人事異動 in browsers: a sheet with a mistake, the corrected one confirmed, and the leaver's handover read by the administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clair_portal.accounts.models import Posting
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.staffing.conftest import sheet_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def send(page: Page, **row: str) -> None:
    content = sheet_of(row).read()
    page.set_input_files("input[type=file]", {"name": "異動.csv", "mimeType": "text/csv", "buffer": content})
    page.click("main form .btn-main")


def test_a_sheet_is_corrected_and_confirmed_and_the_leaver_writes_the_handover(
    stage: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    last = timezone.localdate() + dt.timedelta(days=14)
    admin, leaver = open_page(), open_page(width=390)
    sign_in(admin, stage, "hq_approver")
    sign_in(leaver, stage, "london")
    admin.goto(f"{stage.url}/desk/staff-changes/")
    assert findings(admin) == []
    send(admin, name="佐伯 悠", ends_on=last.isoformat(), successor="佐伯 悠")
    expect(admin.locator("tbody tr")).to_contain_text("佐伯 悠さんはこの発令を離れるので、後任にはなれません。")
    admin.click("main .btn-main")
    send(admin, name="佐伯 悠", ends_on=last.isoformat(), successor="Alice Brown")
    expect(admin.locator("tbody tr")).to_contain_text("すべての利用の終わり")
    assert findings(admin) == []
    admin.click("text=異動を確定する")
    expect(admin.locator(".notice-ok, .toast").first).to_contain_text("人事異動を確定しました。")
    assert Posting.objects.get(person=stage.people["london"]).ends_on == last

    leaver.goto(f"{stage.url}/desk/")
    leaver.click("text=引継書を書いてください")
    leaver.fill("[name=body]", "市役所へは朝に電話してください。")
    expect(leaver.locator("[data-saved]")).to_contain_text("保存しました", timeout=8000)
    leaver.reload()
    leaver.click("text=仕上げる")
    assert findings(leaver) == []

    admin.goto(f"{stage.url}/desk/handovers/")
    admin.click("text=仕上げ済み")
    expect(admin.locator("#notes")).to_contain_text("市役所へは朝に電話してください。")
    assert findings(admin) == []
