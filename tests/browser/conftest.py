"""Chromium from the system drives real pages; without it these tests are skipped with a sentence that says how to get it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page

from tests.cast import PASSWORD, make_cast

UNDER_WAY: Counter[str] = Counter()
LAST_ANSWER = 5.0  # seconds a server thread may still need when its page is closed


def _began(**_given: Any) -> None:
    UNDER_WAY["requests"] += 1


def _ended(**_given: Any) -> None:
    UNDER_WAY["requests"] -= 1


@pytest.fixture
def answered() -> Iterator[None]:
    """At the end no request is under way: emptying the tables would wait for it, and it for them."""
    UNDER_WAY.clear()
    request_started.connect(_began)
    request_finished.connect(_ended)
    yield
    until = time.monotonic() + LAST_ANSWER
    while UNDER_WAY["requests"] > 0 and time.monotonic() < until:
        time.sleep(0.02)
    request_started.disconnect(_began)
    request_finished.disconnect(_ended)


@pytest.fixture
def stage(walled_live_server: Any) -> SimpleNamespace:
    """The cast with passwords, committed, and a server that logs in to the database as the web login."""
    cast = make_cast(PASSWORD)
    cast.url = walled_live_server.url.replace("127.0.0.1", "localhost")
    return cast


@pytest.fixture
def open_page(browser: Browser, answered: None) -> Iterator[Callable[..., Page]]:
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
