"""Pictures of the main job on a running demo: `python -m tests.screens_journey http://localhost:8000 docs/screens`.

A town asks for a trip to two offices; its branch, headquarters and both offices do their part, and a story is released. On the
way pictures are taken, Japanese at 1280 px and English at 390 px, or the other way round. The demo has one request more afterwards.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import FLAGS, chromium
from tests.browser.filing import PAGES
from tests.screens import sign_in, small

TITLE = "運河の保存と活用に関する視察(見本)"
STORY = "運河の倉庫の使い方を、二つの国で学びました(見本)。"
WIDE, NARROW = 1280, 390
BOTH = (("ja", WIDE), ("en", NARROW))
OTHER = (("en", WIDE), ("ja", NARROW))


class Walk:
    """Everybody in their own browser."""

    def __init__(self, browser: Browser, base: str, folder: Path) -> None:
        self.browser, self.base, self.folder = browser, base, folder
        self.pages: dict[str, Page] = {}

    def of(self, who: str) -> Page:
        """The page of a person, signed in; "" of a reader from outside."""
        if who not in self.pages:
            context = self.browser.new_context(
                locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": WIDE, "height": 900}
            )
            self.pages[who] = context.new_page()
            self.pages[who].set_default_timeout(20_000)
            if who:
                sign_in(self.pages[who], self.base, who, "ja")
        return self.pages[who]

    def open(self, who: str, path: str) -> Page:
        self.of(who).goto(self.base + path)
        return self.of(who)

    def confirm(self, page: Page) -> None:
        page.click("main form .btn-main")
        page.wait_for_load_state()

    def decide(self, who: str, case: str, move: str, **fields: str) -> None:
        page = self.open(who, case)
        page.click(f"a[href$='/{move}/'].btn")
        for name, value in fields.items():
            page.fill(f"[name={name}]", value)
        self.confirm(page)

    def picture(self, page: Page, name: str, kinds: tuple[tuple[str, int], ...] = BOTH) -> None:
        """In each language and width; what was typed is not kept by changing the language, so that comes afterwards."""
        address = page.url
        for language, width in kinds:
            self._in(page, language, address)
            page.set_viewport_size({"width": width, "height": 900})
            taken = small(page.screenshot(full_page=True), 2200)
            (self.folder / f"{name}-{language}-{width}.png").write_bytes(taken)
        page.set_viewport_size({"width": WIDE, "height": 900})
        self._in(page, "ja", address)

    def as_it_is(self, page: Page, name: str, width: int) -> None:
        """Without leaving the page: what the form says of what was typed would be gone."""
        page.set_viewport_size({"width": width, "height": 900})
        (self.folder / f"{name}-{width}.png").write_bytes(small(page.screenshot(full_page=True), 2200))
        page.set_viewport_size({"width": WIDE, "height": 900})

    def _in(self, page: Page, language: str, address: str) -> None:
        if "/desk/" not in address:
            page.goto(address.replace("/ja/", f"/{language}/").replace("/en/", f"/{language}/"))
            return
        switch = page.locator(f"button[name=language][value={language}]")
        if switch.count():
            switch.first.click()
            page.wait_for_load_state()
        page.goto(address)


def filed(walk: Walk) -> str:
    """The path of the case."""
    page = walk.open("otaru", "/desk/")
    page.click("text=新しい支援依頼")
    page.fill("[name=title]", TITLE)
    page.check("[name=kinds][value=appointment]")
    walk.confirm(page)
    walk.picture(page, "filing-list")
    page.click(".tasks a >> nth=1")
    for answers in PAGES:
        for name, value in answers.items():
            page.fill(f"[name={name}]", value)
        if "starts_on" in answers:
            page.fill("[name=ends_on]", "令和8年5月3日")
            walk.confirm(page)
            walk.as_it_is(page, "filing-error-ja", NARROW)
            for name, value in answers.items():
                page.fill(f"[name={name}]", value)
            for code in ("GB", "FR"):
                page.check(f"[name=countries][value={code}]")
        walk.confirm(page)
    walk.picture(page, "filing-questions", OTHER)  # what London and Paris ask of everybody
    walk.confirm(page)
    page.click("main a[href$='/check/']")
    walk.picture(page, "filing-check")
    page.click("text=提出へ進む")
    walk.confirm(page)
    return page.url.removeprefix(walk.base)


def referred(walk: Walk, case: str) -> dict[str, str]:
    """Passed on and referred to both offices. The parts by office."""
    walk.decide("hokkaido", case, "pass_on")
    page = walk.open("hq", case)
    page.click("a[href$='/refer/'].btn")
    walk.picture(page, "refer-hq")
    page.select_option("[name=owner]", label="ロンドン事務所")
    walk.confirm(page)
    return {who: part_of(walk, who) for who in ("london", "paris")}


def part_of(walk: Walk, who: str) -> str:
    page = walk.open(who, "/desk/cases/")
    page.locator("main").get_by_role("link", name=TITLE).first.click()
    page.wait_for_load_state()
    return page.url.removeprefix(walk.base)


def planned(walk: Walk, part: str) -> None:
    page = walk.open("london", part)
    page.click("a[href$='/visits/']")
    walk.confirm(page)
    for begins, what in (("１０時", "運河博物館を訪ねる"), ("14:00", "市役所で聞き取り")):
        page.click("a[href$='/stops/']")
        page.fill("[name=day]", "令和9年6月1日")
        page.fill("[name=begins]", begins)
        page.fill("[name=what]", what)
        walk.confirm(page)
    walk.picture(page, "itinerary-london")
    page.click("form[action$='/share/'] button")
    page.wait_for_load_state()


def reported(walk: Walk, who: str, part: str, body: str, picture: bool) -> None:
    page = walk.open(who, part)
    page.click("a[href$='/report/'].btn")
    if picture:
        walk.picture(page, "report-london")
    page.fill("[name=body]", body)
    walk.confirm(page)


def released(walk: Walk, case: str) -> None:
    page = walk.open("london", f"{case}story/")
    walk.confirm(page)
    for name, value in (("title_ja", "二つの国の運河(見本)"), ("summary_ja", "小樽市の視察から"), ("body_ja", STORY)):
        page.fill(f"[name={name}]", value)
    walk.confirm(page)
    desk = walk.open("hq", page.url.removeprefix(walk.base))
    desk.click("a[href$='/release/']")
    desk.fill("[name=consent]", "小樽市企画課、メールで(見本)")
    desk.fill("[name=consent_on]", "令和8年11月20日")
    desk.check("[name=agreed]")
    walk.confirm(desk)


def journey(walk: Walk) -> None:
    walk.picture(walk.open("osaka", "/desk/"), "desk-empty")
    case = filed(walk)
    parts = referred(walk, case)
    for who, part in parts.items():
        walk.decide(who, part, "accept")
    planned(walk, parts["london"])
    for who, part in parts.items():
        walk.decide(who, part, "begin")
    walk.picture(walk.open("london", parts["london"]), "part-london")
    reported(walk, "london", parts["london"], "ロンドンで二か所を訪ねました(見本)。", picture=True)
    reported(walk, "paris", parts["paris"], "パリで一か所を訪ねました(見本)。", picture=False)
    walk.picture(walk.open("otaru", case), "case-reported-otaru", OTHER)
    walk.decide("hq", case, "close")
    walk.picture(walk.open("hq", "/desk/statistics/offices.by_kind/?year=2026"), "table-hq")
    page = walk.open("hq", "/desk/directory/?q=小樽")
    page.locator("main").get_by_role("link", name="小樽市").first.click()
    page.wait_for_load_state()
    page.click("a[href$='/brief/']")
    page.wait_for_load_state()
    walk.picture(page, "brief-hq")
    released(walk, case)
    page = walk.open("", "/ja/stories/")
    page.wait_for_timeout(3000)  # the relay publishes it meanwhile
    page.reload()
    page.click("main a[href*='/stories/'] >> nth=0")
    page.wait_for_load_state()
    walk.picture(page, "story", OTHER)


def main(base: str, folder: Path, walked: Callable[[Walk], None] = journey) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        walked(Walk(browser, base, folder))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
