"""`make a11y`: axe on every page of the running demo, all sizes, both languages, with and without scripts of ours.

Prints what it found and ends with 1 when there is anything. With an address as argument it looks there instead.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from tests.browser.chromium import FLAGS, chromium, findings
from tests.demo_server import demo_server
from tests.screens import sign_in

PUBLIC = ("/{language}/", "/{language}/api/", "/accounts/login/", "/accounts/password/reset/", "/nowhere/")
STAFF = {
    "otaru": (
        "/desk/",
        "/desk/cases/",
        "/desk/support/new/",
        "/desk/notifications/",
        "/desk/directory/",
        "/desk/settings/",
    ),
    "hq.admin": (
        "/desk/",
        "/desk/mails/",
        "/desk/components/",
        "/desk/invitations/",
        "/desk/directory/?q=ロンドン",
        "/desk/tokens/",
    ),
    "london": ("/desk/", "/desk/cases/"),
}


def main(base: str) -> int:
    pages = problems = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for language in ("ja", "en"):
            for width in (1280, 390, 320):
                for scheme in ("light", "dark"):
                    for who, paths in {"": PUBLIC, **STAFF}.items():
                        context = browser.new_context(
                            locale="ja-JP" if language == "ja" else "en-GB",
                            viewport={"width": width, "height": 900},
                            color_scheme=scheme,  # type: ignore[arg-type]
                        )
                        page = context.new_page()
                        if who:
                            sign_in(page, base, who, language)
                        for path in paths:
                            address = path.format(language=language)
                            page.goto(base + address)
                            pages += 1
                            for line in findings(page):
                                problems += 1
                                print(f"{address} {who or 'public'} {language} {width} {scheme}: {line[:300]}")
                            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                                problems += 1
                                print(f"{address} {who or 'public'} {language} {width}: scrolls sideways")
                        context.close()
        browser.close()
    print(f"{pages} pages looked at, {problems} findings")
    return 1 if problems else 0


if __name__ == "__main__":
    if chromium() is None:
        raise SystemExit("No Chromium here. To check the pages: apt-get install chromium fonts-noto-cjk")
    if sys.argv[1:]:
        raise SystemExit(main(sys.argv[1].rstrip("/")))
    with demo_server() as address:
        found = main(address)
    raise SystemExit(found)
