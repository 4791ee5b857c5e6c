"""One trip, two offices, from the town hall to the public page: each person in their own browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from clair_portal.casework.models import Case
from clair_portal.network.models import Language
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Job
from tests.browser.conftest import sign_in
from tests.browser.test_journey import deliver_everything, filled_in, sent
from tests.cast import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "運河の保存活用に関する視察"
STORY = "運河の倉庫の使い方を二つの国で学びました。"


def decide(page: Page, case: Case, key: str, **fields: str) -> None:
    """On the page of a case: the move, what it asks for, and yes."""
    page.goto(f"{page.url.split('/desk/')[0]}/desk/cases/{case.pk}/")
    page.click(f"a[href$='/{key}/'].btn")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.click("main form .btn-main")
    page.wait_for_load_state()


def worked_on(page: Page, part: Case, report: str) -> None:
    """An office accepts, begins, logs its work and reports."""
    decide(page, part, "accept")
    decide(page, part, "begin")
    page.click("a[href$='/work/']")
    page.fill("[name=hours]", "1.5")
    page.fill("[name=summary]", "先方に打診した")
    page.click("main form .btn-main")
    page.wait_for_load_state()
    decide(page, part, "report", body=report)


def planned(page: Page, part: Case) -> None:
    """The itinerary of a visit with one stop, told to the requester."""
    page.click("a[href$='/visits/']")
    page.click("main form .btn-main")
    page.click("a[href$='/stops/']")
    page.fill("[name=day]", "令和9年6月1日")
    page.fill("[name=begins]", "１０時")
    page.fill("[name=what]", "運河博物館を訪ねる")
    page.click("main form .btn-main")
    page.wait_for_selector("text=運河博物館を訪ねる")
    page.click("form[action$='/share/'] button")
    page.wait_for_load_state()


def made_by_the_worker(job: Job) -> None:
    """A job logs in to the database a second time, as the worker does and not as the web does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings["default"], "USER", "portal_worker")
        do("job", job.pk, timezone.now())


def on_paper(page: Page, case: Case) -> str:
    """The PDF of the case, made by the worker, as text."""
    page.goto(f"{page.url.split('/desk/')[0]}/desk/cases/{case.pk}/")
    page.click("form[action$='/pdf/'] button")
    page.wait_for_load_state()
    made_by_the_worker(Job.objects.get())
    page.goto(page.url)
    with page.expect_download() as waiting:
        page.click("a[href*='/file/']")
    found = PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    return "".join(page.extract_text() for page in found.pages)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_trip_to_two_offices_ends_in_the_table_and_on_the_public_page(
    stage: SimpleNamespace, open_page: Callable[..., Page], scripts: bool
) -> None:
    make_person(stage, "paris", "松井 澪", "Mio Matsui", "paris", "office_officer", "ja", PASSWORD)
    Language.objects.create(code="en", endonym="English", name_ja="英語", name_en="English", script="Latn")
    everybody = ("otaru", "hokkaido", "hq_officer", "london", "paris", "london_local")
    pages = {who: open_page(scripts=scripts) for who in everybody}
    for who, page in pages.items():
        sign_in(page, stage, who)
    otaru, hq, london = pages["otaru"], pages["hq_officer"], pages["london"]

    filled_in(otaru, TITLE, ("GB", "FR"))
    sent(otaru)
    case = Case.objects.get()
    decide(pages["hokkaido"], case, "pass_on")
    hq.goto(f"{stage.url}/desk/cases/{case.pk}/")
    hq.click("a[href$='/refer/'].btn")
    expect(hq.locator("main")).to_contain_text("ロンドン事務所")
    hq.select_option("[name=owner]", str(stage.places["london"].pk))
    hq.click("main form .btn-main")
    hq.wait_for_load_state()

    parts = {part.holding.code: part for part in Case.objects.filter(parent=case) if part.holding}
    london.goto(f"{stage.url}/desk/cases/{parts['LON'].pk}/")
    decide(london, parts["LON"], "accept")
    planned(london, parts["LON"])
    decide(london, parts["LON"], "begin")
    decide(london, parts["LON"], "report", body="ロンドンで二か所を訪ねました。")
    case.refresh_from_db()
    assert case.state == "in_progress"  # Paris is still at work
    worked_on(pages["paris"], parts["PAR"], "パリで一か所を訪ねました。")
    case.refresh_from_db()
    assert case.state == "reported"
    decide(hq, case, "close")
    case.refresh_from_db()
    assert case.state == "closed"

    deliver_everything()
    otaru.goto(f"{stage.url}/desk/notifications/")
    expect(otaru.locator("main")).to_contain_text("パリ事務所")
    pages["london_local"].goto(f"{stage.url}/desk/notifications/")
    expect(pages["london_local"].locator("main")).to_contain_text("Referred to London office, Paris office")

    text = on_paper(otaru, case)
    assert "ロンドンで二か所を訪ねました" in text
    assert "パリで一か所を訪ねました" in text

    hq.goto(f"{stage.url}/desk/statistics/offices.by_kind/?year=2026")
    hq.click("tbody tr:has(th:text-is('ロンドン事務所')) td:last-child a")
    expect(hq.locator("main")).to_contain_text(TITLE)

    told_to_the_public(london, hq, case)
    public = open_page(scripts=scripts)
    public.goto(f"{stage.url}/ja/stories/")
    public.click("text=二つの国の運河")
    expect(public.locator("main")).to_contain_text(STORY)
    public.goto(f"{stage.url}/en/stories/")
    expect(public.locator("main")).to_contain_text("二つの国の運河")
    public.goto(f"{stage.url}/desk/cases/{case.pk}/")
    assert TITLE not in public.content()


def told_to_the_public(london: Page, hq: Page, case: Case) -> None:
    """The office drafts a story from the case, headquarters releases it."""
    london.goto(f"{london.url.split('/desk/')[0]}/desk/cases/{case.pk}/story/")
    london.click("main form .btn-main")
    london.fill("[name=title_ja]", "二つの国の運河")
    london.fill("[name=summary_ja]", "小樽市の視察から")
    london.fill("[name=body_ja]", STORY)
    london.click("main form .btn-main")
    london.wait_for_load_state()
    hq.goto(london.url)
    hq.click("a[href$='/release/']")
    hq.fill("[name=consent]", "小樽市企画課、メールで")
    hq.fill("[name=consent_on]", "令和8年11月20日")
    hq.check("[name=agreed]")
    hq.click("main form .btn-main")
    hq.wait_for_load_state()
