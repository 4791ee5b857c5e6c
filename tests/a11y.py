"""`make a11y`: axe on every page of the running demo that people can come to, in every size and language.

The pages are found, not listed: every address of the URL table that takes no argument, and from there every link, one page
of each view and person (a few of those whose content differs: cases, moves). Widths, colour schemes, and once without our scripts.
Public pages: all in Japanese, English and Burmese, the front page and an error in all versions, empty lists, and forms sent
with nothing in them. Prints what it found and how often it looked, and ends with 1 when there is anything.

With an address as argument it looks there instead of starting a demo; A11Y_PEOPLE="public,otaru" chooses who looks.
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

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, sync_playwright

from clair_portal.language.versions import language_in
from tests.browser.chromium import FLAGS, chromium, findings
from tests.demo_server import demo_server
from tests.screens import sign_in

PEOPLE = ("", "otaru", "hq.admin", "london", "hokkaido", "otaru.admin", "hq", "newyork")
ALL_PAGES = ("", "otaru", "hq.admin", "london")  # the others: the desk, and what nobody before came to
MORE_OF = {"case": 4, "case_move": 6, "organisation": 4}
NOT_PAGES = {"healthz", "readyz", "account_logout", "switch_language"}
REFUSALS = ("/nowhere/", "/desk/cases/999999/")
NOTHING_FOUND = (
    "stories/?year=1901",
    "research/?year=1901",
    "events/?place=%E7%84%A1%E3%81%84",
    "exchange/ties/?q=zzzz",
    "search/?q=zzzzzz",
)
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')


@dataclass(frozen=True)
class View:
    """How the pages are looked at. `scripts`: whether ours run."""

    language: str
    width: int
    scheme: str = "light"
    scripts: bool = True
    contrast: str = "no-preference"

    def __str__(self) -> str:
        words = [self.language, str(self.width), self.scheme, "" if self.scripts else "without scripts"]
        return " ".join(filter(None, [*words, "" if self.contrast == "no-preference" else "more contrast"]))

    def open(self, browser: Browser) -> BrowserContext:
        context = browser.new_context(
            locale="ja-JP" if self.language == "ja" else "en-GB",
            viewport={"width": self.width, "height": 900},
            color_scheme=self.scheme,  # type: ignore[arg-type]
            contrast=self.contrast,  # type: ignore[arg-type]
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


PUBLIC_VIEWS = [
    View("my", 1280),
    View("my", 320),
    View("ja", 390, contrast="more"),
    View("en", 390, "dark", contrast="more"),
]
# In these the front page and a page that is not there; the three above have every page.
FRONT_VIEWS = [
    View(code, width) for code, _name in settings.LANGUAGES if code not in ("ja", "en", "my") for width in (1280, 320)
]


def views_for(who: str) -> list[View]:
    return VIEWS if who else [*VIEWS, *PUBLIC_VIEWS, *FRONT_VIEWS]


# --- Which pages there are -------------------------------------------------------------------------------------------
def seeds(language: str) -> list[str]:
    """Addresses without arguments. The matrix of permissions reads the same table."""
    from tests.walls.test_matrix import addresses

    found = [reverse(each.name) for each in addresses() if not each.arguments and each.name not in NOT_PAGES]
    prefix = re.compile(rf"^/({'|'.join(code for code, _name in settings.LANGUAGES)})/")
    return [prefix.sub(f"/{language}/", path) for path in found]


def name_of(path: str) -> str | None:
    where = urlsplit(path).path
    try:
        with translation.override(language_in(where) or None):  # addresses of a language are known in it alone
            return resolve(where).url_name
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


def paths_of(asked: APIRequestContext, base: str, who: str, view: View) -> list[str]:
    if view in FRONT_VIEWS:
        return [f"/{view.language}/", f"/{view.language}/nowhere/"]
    found = [*pages_of(asked, base, view.language), *REFUSALS]
    return found if who else [*found, *nothing_found(asked, base, view.language), f"/{view.language}/nowhere/"]


def nothing_found(asked: APIRequestContext, base: str, language: str) -> list[str]:
    """Lists that are empty for their filter, as far as these pages exist."""
    paths = [f"/{language}/{place}" for place in NOTHING_FOUND]
    return [path for path in paths if asked.get(base + path).status == 200]


# --- Looking -----------------------------------------------------------------------------------------------------------
@dataclass
class Looked:
    """How often, and what was found."""

    pages: int = 0
    problems: int = 0

    def at(self, page: Page, what: str, who: str, view: View) -> None:
        self.pages += 1
        found = [" ".join(line.split())[:300] for line in findings(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("scrolls sideways")
        self.problems += len(found)
        for line in found:
            print(f"{what} {who or 'public'} {view}: {line}", flush=True)


def look(looked: Looked, page: Page, base: str, path: str, who: str, view: View) -> None:
    page.goto(base + path)
    looked.at(page, path, who, view)
    if not who and (form := page.locator("main form[method=post]:has([required])")).count():
        with page.expect_navigation():
            form.first.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
        looked.at(page, f"{path} (sent empty)", who, view)


def look_as(looked: Looked, browser: Browser, base: str, who: str, seen: set[str | None]) -> set[str | None]:
    """All pages of one person in all views; returns their names. Whoever is not in ALL_PAGES looks at what nobody saw yet."""
    paths: dict[str, list[str]] = {}
    for view in views_for(who):
        context = view.open(browser)
        page = context.new_page()
        if who:
            sign_in(page, base, who, view.language)
        if view.language not in paths:
            found = paths_of(context.request, base, who, view)
            paths[view.language] = [path for path in found if who in ALL_PAGES or name_of(path) not in seen - {"desk"}]
        for path in paths[view.language]:
            look(looked, page, base, path, who, view)
        context.close()
    print(f"{who or 'public'}: {looked.pages} looks so far, {looked.problems} findings", flush=True)
    return {name_of(path) for found in paths.values() for path in found}


def main(base: str) -> int:
    looked = Looked()
    seen: set[str | None] = set()
    chosen = os.environ.get("A11Y_PEOPLE", "").replace("public", "")
    people = [who for who in PEOPLE if "A11Y_PEOPLE" not in os.environ or who in chosen.split(",")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for who in people:
            seen |= look_as(looked, browser, base, who, seen)
        browser.close()
    print(
        f"{looked.pages} looks at {len(seen - {None})} kinds of pages in {len(settings.LANGUAGES)} versions, "
        f"{looked.problems} findings"
    )
    return 1 if looked.problems else 0


if __name__ == "__main__":
    if chromium() is None:
        raise SystemExit("No Chromium here. To check the pages: apt-get install chromium fonts-noto-cjk")
    if sys.argv[1:]:
        raise SystemExit(main(sys.argv[1].rstrip("/")))
    with demo_server() as address:
        found = main(address)
    raise SystemExit(found)
