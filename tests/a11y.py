"""`make a11y`: axe on every page of the running demo that people can come to, in every size and both languages.

The pages are found, not listed: every address of the URL table that takes no argument, and from there every link, one page
of each view and person (a few of those whose content differs: cases, moves). Widths, colour schemes, and once without our scripts.
Prints what it found and ends with 1 when there is anything. With an address as argument it looks there instead.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clair_portal.settings.test")

import django

django.setup()

from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import FLAGS, chromium, findings
from tests.demo_server import demo_server
from tests.screens import sign_in

PEOPLE = ("", "otaru", "hq.admin", "london", "hokkaido", "otaru.admin", "hq", "newyork")
ALL_PAGES = ("", "otaru", "hq.admin", "london")  # the others: the desk, and what nobody before came to
MORE_OF = {"case": 4, "case_move": 6, "organisation": 4}
NOT_PAGES = {"healthz", "readyz", "account_logout", "switch_language"}
REFUSALS = ("/nowhere/", "/desk/cases/999999/")
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')


@dataclass(frozen=True)
class View:
    """How the pages are looked at. `scripts`: whether ours run."""

    language: str
    width: int
    scheme: str = "light"
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.language} {self.width} {self.scheme}{'' if self.scripts else ' without scripts'}"

    def open(self, browser: Browser) -> BrowserContext:
        context = browser.new_context(
            locale="ja-JP" if self.language == "ja" else "en-GB",
            viewport={"width": self.width, "height": 900},
            color_scheme=self.scheme,  # type: ignore[arg-type]
        )
        if not self.scripts:
            context.route(re.compile(r"\.js(\?|$)"), lambda route: route.abort())
        return context


VIEWS = [View(language, width) for language in ("ja", "en") for width in (1280, 390, 320)]
VIEWS += [
    View("ja", 1280, "dark"),
    View("en", 320, "dark"),
    View("ja", 1280, scripts=False),
    View("en", 390, scripts=False),
]


# --- Which pages there are -------------------------------------------------------------------------------------------
def seeds(language: str) -> list[str]:
    """Addresses without arguments. The matrix of permissions reads the same table."""
    from tests.walls.test_matrix import addresses

    found = [reverse(each.name) for each in addresses() if not each.arguments and each.name not in NOT_PAGES]
    prefix = re.compile(r"^/(ja|en)/")
    return [prefix.sub(f"/{language}/", path) for path in found]


def name_of(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).url_name
    except Resolver404:
        return None


def pages_of(asked: APIRequestContext, base: str, language: str) -> list[str]:
    """Paths a person comes to by links, so many of each view."""
    waiting, found, taken = seeds(language), [], Counter[str]()
    for path in waiting:
        name = name_of(path)
        if name is None or name in NOT_PAGES or path in found or taken[name] >= MORE_OF.get(name, 1):
            continue
        answer = asked.get(base + path, max_redirects=0)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        taken[name] += 1
        found.append(path)
        waiting += [link for link in links_in(answer.text(), path) if link not in found]
    return found


def links_in(page: str, path: str) -> list[str]:
    links = [urljoin(path, unescape(link)) for link in LINK.findall(page)]
    return [link for link in links if link.startswith("/") and not link.startswith("//")]


# --- Looking -----------------------------------------------------------------------------------------------------------
def look(page: Page, base: str, path: str, who: str, view: View) -> list[str]:
    page.goto(base + path)
    found = [" ".join(line.split())[:300] for line in findings(page)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("scrolls sideways")
    return [f"{path} {who or 'public'} {view}: {line}" for line in found]


def main(base: str) -> int:
    looked, problems = 0, 0
    views: set[str | None] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for who in PEOPLE:
            paths: dict[str, list[str]] = {}
            for view in VIEWS:
                context = view.open(browser)
                page = context.new_page()
                if who:
                    sign_in(page, base, who, view.language)
                if view.language not in paths:
                    found = [*pages_of(context.request, base, view.language), *REFUSALS]
                    paths[view.language] = [
                        path for path in found if who in ALL_PAGES or name_of(path) not in views - {"desk"}
                    ]
                for path in paths[view.language]:
                    looked += 1
                    for line in look(page, base, path, who, view):
                        problems += 1
                        print(line, flush=True)
                context.close()
            views |= {name_of(path) for found in paths.values() for path in found}
        browser.close()
    print(f"{looked} pages of {len(views - {None})} views looked at, {problems} findings")
    return 1 if problems else 0


if __name__ == "__main__":
    if chromium() is None:
        raise SystemExit("No Chromium here. To check the pages: apt-get install chromium fonts-noto-cjk")
    if sys.argv[1:]:
        raise SystemExit(main(sys.argv[1].rstrip("/")))
    with demo_server() as address:
        found = main(address)
    raise SystemExit(found)
