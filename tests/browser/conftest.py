"""Chromium from the system drives real pages; without it these tests are skipped with a sentence that says how to get it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.cast import PASSWORD, make_cast

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str | None:
    """The system's Chromium, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("No Chromium here. To run the browser tests: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def stage(walled_live_server: Any) -> SimpleNamespace:
    """The cast with passwords, committed, and a server that logs in to the database as the web login."""
    cast = make_cast(PASSWORD)
    cast.url = walled_live_server.url.replace("127.0.0.1", "localhost")
    return cast


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """open_page(width=390, language="en") is a page of a fresh profile; scripts on the page may be switched off."""
    contexts: list[BrowserContext] = []

    def start(*, width: int = 1280, language: str = "ja", scripts: bool = True) -> Page:
        context = browser.new_context(
            locale="ja-JP" if language == "ja" else "en-GB",
            timezone_id="Asia/Tokyo",
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
        )
        contexts.append(context)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


def sign_in(page: Page, stage: SimpleNamespace, person: str) -> None:
    page.goto(f"{stage.url}/accounts/login/")
    page.fill("input[name=login]", f"{person}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/")


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is, one line a finding."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("async tags => await axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_RULES)
    return [f"{v['id']}: {n['target']} {n.get('failureSummary', '')}" for v in result["violations"] for n in v["nodes"]]
