"""The first journey as people click it, each in their own browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from clair_portal.casework.models import Case
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Message
from tests.browser.chromium import findings
from tests.browser.conftest import sign_in
from tests.browser.filing import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def deliver_everything() -> None:
    for pk in Message.objects.filter(state="queued").values_list("pk", flat=True):
        do("message", pk, timezone.now())


def decide(page: Page, stage: SimpleNamespace, person: str, label: str, **fields: str) -> None:
    """Sign in, open the case from the desk, choose the move, fill in, confirm."""
    sign_in(page, stage, person)
    page.click("#me table tbody tr:first-child th a")
    page.click(f".panel a:has-text('{label}')")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.click(f"main form button:has-text('{label}')")
    page.wait_for_load_state()


def filled_in(page: Page, title: str, countries: tuple[str, ...]) -> None:
    """From the desk through the pages of the form to the list of them."""
    page.click("text=新しい支援依頼")
    page.fill("[name=title]", title)
    page.check("[name=kinds][value=appointment]")
    page.click("main form .btn-main")
    page.click(".tasks a >> nth=1")
    for answers in PAGES:
        for name, value in answers.items():
            page.fill(f"[name={name}]", value)
        if "starts_on" in answers:
            for code in countries:
                page.check(f"[name=countries][value={code}]")
        page.click("main form .btn-main")
        page.wait_for_load_state()


def sent(page: Page) -> None:
    page.click("main a[href$='/check/']")
    page.click("text=提出へ進む")
    page.click("main form .btn-main")
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_otaru_files_and_reads_the_answer(
    stage: SimpleNamespace, open_page: Callable[..., Page], tmp_path: Path, scripts: bool
) -> None:
    otaru = open_page(scripts=scripts)
    sign_in(otaru, stage, "otaru")
    filled_in(otaru, "運河の保存活用に関する視察", ("GB",))
    paper = tmp_path / "質問票.txt"
    paper.write_text("1. 費用の分担", encoding="utf-8")
    otaru.set_input_files("input[type=file]", paper)
    otaru.click("#papers button[type=submit]")
    otaru.wait_for_selector("text=質問票.txt")
    sent(otaru)
    case = Case.objects.get()
    assert case.state == "branch_check"

    decide(open_page(scripts=scripts), stage, "hokkaido", "進達する")
    decide(open_page(scripts=scripts), stage, "hq_officer", "事務所に依頼する")
    decide(open_page(scripts=scripts), stage, "london", "引き受ける")
    decide(open_page(scripts=scripts), stage, "london", "作業を始める")
    decide(open_page(scripts=scripts), stage, "london", "報告を送る", body="2か所の約束が取れました。")
    case.refresh_from_db()
    assert case.state == "reported"
    deliver_everything()

    otaru.goto(f"{stage.url}/desk/")
    otaru.click("#new button:has-text('ロンドン事務所')")
    otaru.wait_for_selector("text=2か所の約束が取れました。")

    sapporo = open_page(scripts=scripts)
    sign_in(sapporo, stage, "sapporo")
    assert "運河" not in sapporo.content()
    sapporo.goto(f"{stage.url}/desk/cases/{case.pk}/")
    assert "運河" not in sapporo.content()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_axe_finds_nothing_on_the_way(
    stage: SimpleNamespace, open_page: Callable[..., Page], width: int, language: str
) -> None:
    page = open_page(width=width, language=language)
    found: dict[str, list[str]] = {}
    paths = ["/accounts/login/", f"/{language}/", f"/{language}/api/", "/nowhere/"]
    for path in paths:
        page.goto(stage.url + path)
        found[path] = findings(page)
    stage.people["hq_approver"].language = language
    stage.people["hq_approver"].save()
    sign_in(page, stage, "hq_approver")
    for path in (
        "/desk/",
        "/desk/cases/",
        "/desk/notifications/",
        "/desk/mails/",
        "/desk/directory/",
        "/desk/settings/",
        "/desk/components/",
    ):
        page.goto(stage.url + path)
        found[path] = findings(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{path} scrolls sideways at {width}"
        )
    assert {path: lines for path, lines in found.items() if lines} == {}
