"""Pictures of what people read when something is wrong, on a running demo: `python -m tests.screens_errors http://localhost:8000 docs/screens`.

Pages that are only opened (an empty list, a page that is not there) are among those of tests/screens.py. The demo has one
request that waits for its requester afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import FLAGS, chromium
from tests.screens_journey import NARROW, WIDE, Walk

MISTAKES = {
    "government": "York City Council", "contact": "Ann Smith", "email": "ann at york", "subject": "Flood walls " * 20,
    "starts_on": "2027-05-10", "ends_on": "2027-05-01",
}  # fmt: skip


def refused(walk: Walk) -> None:
    """Two at headquarters have the same request open; one asks for more, the other wants to decline it."""
    branch = walk.open("hokkaido", "/desk/")
    waiting = branch.locator("main").get_by_role("link", name="進達する")
    if waiting.count():
        waiting.first.click()
        walk.confirm(branch)
    page = walk.open("hq", "/desk/cases/?q=運河と倉庫")
    link = page.locator("main").get_by_role("link", name="運河と倉庫の保存").first.get_attribute("href") or ""
    case = walk.base + link.partition("#")[0]
    page.goto(f"{case}move/ask/")
    page.fill("[name=reason]", "訪問の日程を知らせてください。")
    other = page.context.new_page()
    other.goto(f"{case}move/decline/")
    other.fill("[name=reason]", "この時期は、事務所が対応できません。")
    walk.confirm(page)
    other.click("main form button[type=submit]")
    other.wait_for_load_state()
    walk.as_it_is(other, "decision-refused-hq-ja", WIDE)


def asked_with_mistakes(walk: Walk) -> None:
    page = walk.open("", "/en/forms/offices/lon/")
    for name, value in MISTAKES.items():
        page.fill(f"[name={name}]", value)
    walk.confirm(page)
    walk.as_it_is(page, "ask-mistakes-en", NARROW)


def report_too_long(walk: Walk) -> None:
    page = walk.open("london", "/desk/cases/")
    page.locator("main").get_by_role("link", name="冬季の公共交通").first.click()
    page.wait_for_load_state()
    page.click("a[href$='/report/'].btn")
    page.fill("[name=body]", "凍結した道路での運行について、交通局から聞き取りました。" * 2000)
    walk.confirm(page)
    walk.as_it_is(page, "report-too-long-london-ja", WIDE)


def main(base: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        walk = Walk(browser, base, folder)
        for picture in (refused, asked_with_mistakes, report_too_long):
            picture(walk)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
