"""A list goes out, is changed in a spreadsheet, comes back with a mistake, is corrected and takes effect; and many rows at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from clair_portal.casework.models import Assignment, Case
from clair_portal.imports.models import Import
from clair_portal.outbox.models import Job
from offices.models import SupportRequest
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.browser.test_two_offices import made_by_the_worker
from tests.casework.test_lists import some_cases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAD = 5


def three_requests(stage: SimpleNamespace) -> None:
    cases = some_cases(stage, 3, countries=["GB"])
    SupportRequest.objects.bulk_create([SupportRequest(case=case, purpose="見本") for case in cases])


def with_values(content: bytes, heading: str, **values: str) -> bytes:
    """`values`: r1 for the first row ..."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    place = max(cell.column for cell in page[HEAD] if cell.value == heading)
    for name, value in values.items():
        page.cell(HEAD + int(name[1:]), place).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(page: Page, content: bytes) -> None:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[type=file]", {"name": "訂正.xlsx", "mimeType": media, "buffer": content})
    work_done(page, "text=シートを確認する")


def work_done(page: Page, button: str) -> None:
    """The button is pressed, its page has come, the worker has done what it was asked, and the page is read again."""
    with page.expect_navigation():
        page.click(button)
    made_by_the_worker(Job.objects.get(pk=Import.objects.latest("uploaded_at").job))
    page.reload()


def test_a_list_goes_out_and_comes_back_changed(stage: SimpleNamespace, open_page: Callable[..., Page]) -> None:
    three_requests(stage)
    page = open_page()
    sign_in(page, stage, "hq_officer")
    page.goto(f"{stage.url}/desk/cases/?sort=case")
    page.click("text=一括変更")
    with page.expect_download() as taken:
        page.click("text=一括変更用のExcel")
    content = Path(taken.value.path()).read_bytes()
    page.goto(f"{stage.url}/desk/sheets/new/cases/")
    assert findings(page) == []
    send(page, with_values(with_values(content, "件名", r1="訂正した件名"), "国", r2="アトランティス"))
    expect(page.locator("main .notice-err")).to_contain_text("何も変更されていません。")
    expect(page.locator("main tbody")).to_contain_text("アトランティス")
    assert findings(page) == []
    assert not Case.objects.filter(title="訂正した件名").exists()
    page.locator("main").get_by_role("link", name="シートをもう一度送る").click()
    send(page, with_values(with_values(content, "件名", r1="訂正した件名"), "国", r2="フランス"))
    expect(page.locator("main del").first).to_be_visible()
    work_done(page, "text=2行を変更する")
    expect(page.locator("main .notice-ok")).to_contain_text("2行を変更しました。")
    assert findings(page) == []
    assert Case.objects.filter(title="訂正した件名").count() == 1
    assert Case.objects.filter(countries=["FR"]).count() == 1


def test_many_rows_at_once_and_taken_back(stage: SimpleNamespace, open_page: Callable[..., Page]) -> None:
    three_requests(stage)
    page = open_page(width=390)
    sign_in(page, stage, "hq_officer")
    page.goto(f"{stage.url}/desk/cases/")
    for number in (0, 1):
        page.locator("input.pick").nth(number).check()
    page.click("text=担当になる")
    expect(page.locator("h1 + p")).to_have_text("選んだ2行のうち2行")
    assert findings(page) == []
    page.click("text=2行に実行する")
    assert Assignment.objects.count() == 2
    assert findings(page) == []
    page.goto(f"{stage.url}/desk/cases/")
    page.click("text=最近まとめて行った操作")
    assert findings(page) == []
    page.locator("main .rows a").first.click()
    page.click("text=取り消す")
    expect(page.locator(".notice-ok, .toast").first).to_contain_text("2行を取り消しました。")
    assert Assignment.objects.count() == 0
