"""The daily steps stay short: keys and clicks are counted against budgets.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from clair_portal.casework.models import Case
from clair_portal.projects.models import ProjectNote
from clair_portal.projects.services import begin_project
from clair_portal.walls.scope import acting
from tests.browser.conftest import sign_in
from tests.browser.test_journey import PAGES
from tests.casework.travel import case_in
from tests.cast import NOW, reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUDGETS = tomllib.loads((Path(__file__).parent / "budgets.toml").read_text(encoding="utf-8"))
OpenPage = Callable[..., Page]


class Counted:
    """A page on which every key and click is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.clicks = page, 0, 0

    def press(self, key: str, *, then: str = "") -> None:
        self.keys += 1
        self.page.keyboard.press(key)
        if then:
            self.page.wait_for_url(then)
            self.page.wait_for_load_state()

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.click(selector)
        self.page.wait_for_load_state()

    def within(self, name: str) -> None:
        budget = BUDGETS[name]
        assert self.keys <= budget["keys"], f"{name}: {self.keys} keys"
        assert self.clicks <= budget["clicks"], f"{name}: {self.clicks} clicks"


def at_desk(stage: SimpleNamespace, open_page: OpenPage, person: str) -> Counted:
    page = open_page()
    sign_in(page, stage, person)
    return Counted(page)


@pytest.mark.parametrize(
    ("name", "state", "person", "move", "after"),
    [
        ("triage", "triage", "hq_officer", "refer", "referred"),
        ("pass_on", "branch_check", "hokkaido", "pass_on", "triage"),
        ("accept", "referred", "london", "accept", "accepted"),
    ],
)
def test_the_first_case_moves_on_with_three_keys(
    stage: SimpleNamespace, open_page: OpenPage, name: str, state: str, person: str, move: str, after: str
) -> None:
    case = case_in(stage, state)
    desk = at_desk(stage, open_page, person)
    desk.press("Enter", then=f"**/desk/cases/{case.pk}/#next")
    assert desk.page.evaluate("scrollY") == 0  # subject, deadline and stages stay in sight
    desk.press("1", then=f"**/move/{move}/")
    desk.press("Enter", then=f"**/desk/cases/{case.pk}/")
    desk.within(name)
    case.refresh_from_db()
    assert case.state == after


def test_keys_that_are_shown_are_the_keys_that_work(stage: SimpleNamespace, open_page: OpenPage) -> None:
    case_in(stage, "triage")
    page = at_desk(stage, open_page, "hq_officer").page
    assert page.locator("#me .keys kbd").all_inner_texts() == ["j", "k", "Enter", "1"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/#next")
    assert page.locator("#next .keys kbd").all_inner_texts() == ["1", "2", "3", "4"]
    page.focus("textarea[name=body]")
    page.keyboard.press("1")  # in a field it is a digit
    assert page.input_value("textarea[name=body]") == "1"
    assert page.url.endswith("#next")


def test_triage_with_the_mouse_takes_three_clicks(stage: SimpleNamespace, open_page: OpenPage) -> None:
    case = case_in(stage, "triage")
    desk = at_desk(stage, open_page, "hq_officer")
    desk.click("#me tbody th a")
    desk.click("#next .btn-main")
    desk.click("main form .btn-main")
    desk.within("triage_by_mouse")
    case.refresh_from_db()
    assert case.state == "referred"


def test_an_office_reports(stage: SimpleNamespace, open_page: OpenPage) -> None:
    case = case_in(stage, "in_progress")
    desk = at_desk(stage, open_page, "london")
    desk.press("Enter", then="**/#next")
    desk.press("1", then="**/move/report/")
    desk.page.fill("[name=body]", "We met two of them.")
    desk.click("main form .btn-main")
    desk.within("report")
    case.refresh_from_db()
    assert case.state == "reported"


def test_a_town_files_a_request(stage: SimpleNamespace, open_page: OpenPage) -> None:
    desk = at_desk(stage, open_page, "otaru")
    page = desk.page
    desk.click(".head a.btn-main")
    page.fill("[name=title]", "運河の保存活用に関する視察")
    desk.click("[name=kinds][value=appointment]")
    desk.click("main form .btn-main")
    desk.click(".tasks a >> nth=1")
    for fields in PAGES:
        for name, value in fields.items():
            page.fill(f"[name={name}]", value)
        if "starts_on" in fields:
            desk.click("[name=countries][value=GB]")
        desk.click("main form .btn-main")
    desk.click("main a[href$='/check/']")
    desk.click("main a.btn-main")
    desk.click("main form .btn-main")
    desk.within("file")
    assert Case.objects.get().state == "branch_check"


def test_how_a_project_stands_is_changed_on_a_phone_in_two_taps(stage: SimpleNamespace, open_page: OpenPage) -> None:
    actor = reader(stage, "london")
    with acting(actor.scope):
        project = begin_project(
            values={"title_ja": "運河の交流"}, parties=[stage.places["otaru"]], state="active", day=dt.date(2026, 4, 1),
            actor=actor, now=NOW,
        )  # fmt: skip
    page = open_page(width=390)
    sign_in(page, stage, "london")
    page.goto(f"{stage.url}/desk/projects/{project.pk}/")
    phone = Counted(page)
    phone.click("label:has([name=state][value=dormant])")
    phone.click("main form .btn-main")
    phone.within("project_state")
    project.refresh_from_db()
    assert project.state == "dormant"
    note = ProjectNote.objects.get(project=project, state="dormant")
    assert (note.text_ja, note.day) == ("休止しました。", timezone.localdate(timezone=ZoneInfo("Europe/London")))
