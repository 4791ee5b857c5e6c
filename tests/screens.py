"""Pictures of the running demo: `python -m tests.screens http://localhost:8000 docs/screens`. Each is at most 60 kB.

Further words choose pictures by their names: `… /tmp/screens versions` takes the home page of every language version at 1280 and
390 px. Burmese, Nepali and Thai need fonts (Debian: fonts-noto-core beside fonts-noto-cjk); .ci/run installs both.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from clair_portal.language.versions import VERSIONS
from clair_portal.pages.sample_people import PASSWORD
from tests.browser.chromium import FLAGS, chromium

LIMIT = 60_000


@dataclass(frozen=True)
class Shot:
    name: str
    path: str
    who: str = ""
    language: str = "ja"
    width: int = 1280
    link: str = ""  # text of a link to follow first


SHOTS = (
    Shot("home-ja-1280", "/ja/"),
    Shot("home-en-390", "/en/", language="en", width=390),
    Shot("sign-in-ja-1280", "/accounts/login/"),
    Shot("desk-otaru-ja-1280", "/desk/", "otaru"),
    Shot("desk-hokkaido-ja-390", "/desk/", "hokkaido", width=390),
    Shot("desk-hq-ja-1280", "/desk/", "hq"),
    Shot("desk-london-en-1280", "/desk/", "london", "en"),
    Shot("desk-newyork-en-390", "/desk/", "newyork", "en", 390),
    Shot("request-new-ja-1280", "/desk/support/new/", "otaru"),
    Shot("request-new-ja-390", "/desk/support/new/", "otaru", width=390),
    Shot("case-london-ja-1280", "/desk/cases/", "london", link="冬季の公共交通"),
    Shot("case-london-en-390", "/desk/cases/", "london", "en", 390, "冬季の公共交通"),
    Shot("decision-hokkaido-ja-1280", "/desk/", "hokkaido", link="進達する"),
    Shot("decision-hokkaido-en-390", "/desk/", "hokkaido", "en", 390, "Pass on to headquarters"),
    Shot("case-two-offices-ja-1280", "/desk/cases/?q=英仏", "hq", link="英仏の港湾再生"),
    Shot("list-hq-ja-1280", "/desk/cases/", "hq"),
    Shot("overview-hq-ja-1280", "/desk/overview/", "hq.admin"),
    Shot("search-hq-ja-1280", "/desk/search/?q=路面電車", "hq"),
    Shot("list-london-en-390", "/desk/cases/", "london", "en", 390),
    Shot("library-hq-ja-1280", "/desk/research/library/", "hq"),
    Shot("projects-london-ja-390", "/desk/projects/", "london", width=390),
    Shot("annual-report-ja-1280", "/desk/statistics/reports/offices.annual/", "hq"),
    Shot("yearly-counts-ja-1280", "/desk/statistics/reports/offices.annual/counts/", "hq"),
    Shot("yearly-count-en-390", "/desk/statistics/reports/offices.annual/counts/", "hq", "en", 390, "FY2025"),
    Shot("public-statistics-en-1280", "/en/statistics/", language="en", link="FY2024"),
    Shot("approvals-director-ja-1280", "/desk/approvals/", "hq.director"),
    Shot("approval-director-ja-1280", "/desk/approvals/", "hq.director", link="夜間見守り"),
    Shot("staff-changes-ja-1280", "/desk/staff-changes/", "hq.admin"),
    Shot("sheet-send-ja-1280", "/desk/sheets/new/cases/", "hq"),
    Shot("jet-ja-1280", "/ja/jet/"),
    Shot("home-my-1280", "/my/"),
    Shot("home-plain-japanese-390", "/ja-simple/", width=390),
    Shot("multicultural-ne-390", "/ne/multicultural/", width=390),
    Shot("residents-zh-hant-1280", "/zh-hant/multicultural/residents/"),
    Shot("about-ja-1280", "/ja/about/"),
    Shot("exchange-ja-1280", "/ja/exchange/"),
    Shot("exchange-en-390", "/en/exchange/", language="en", width=390),
    Shot("search-public-ja-390", "/ja/search/?q=かごしま", width=390),
    Shot("search-public-en-1280", "/en/search/?q=Kagoshima", language="en"),
    Shot("search-nothing-en-390", "/en/search/?q=zzzzzz", language="en", width=390),
    Shot("open-data-en-1280", "/en/open-data/", language="en"),
    Shot("chapter-ja-390", "/ja/multicultural/guide/17/", width=390),
    Shot("branch-ja-1280", "/ja/branches/010006/"),
    Shot("texts-hq-ja-1280", "/desk/texts/", "hq"),
    Shot("translations-hq-en-1280", "/desk/translations/", "hq", "en"),
    Shot("glossary-hq-ja-1280", "/desk/glossary/", "hq"),
    Shot("published-hq-ja-1280", "/desk/published/", "hq.admin"),
    Shot("ties-en-390", "/en/ties/?q=otaru", language="en", width=390),
    Shot("tasks-london-en-1280", "/desk/tasks/", "london", "en"),
    Shot("contact-book-london-ja-390", "/desk/hosts/", "london", width=390),
    Shot("events-london-en-1280", "/desk/events/", "london", "en"),
    Shot("event-london-ja-1280", "/desk/events/", "london", link="日英自治体セミナー"),
    Shot("event-public-ja-390", "/ja/events/", width=390, link="日英"),
    Shot("calls-otaru-ja-1280", "/desk/calls/", "otaru"),
    Shot("call-lottery-otaru-ja-1280", "/desk/calls/", "otaru", link="物産展の出展団体募集"),
    Shot("call-public-en-390", "/en/calls/", language="en", width=390, link="sample"),
    Shot("handovers-hq-ja-1280", "/desk/handovers/", "hq.admin"),
    Shot("ask-london-en-1280", "/en/forms/offices/lon/", language="en"),
    Shot("ask-london-en-390", "/en/forms/offices/lon/", language="en", width=390),
    Shot("stories-en-1280", "/en/stories/", language="en"),
    Shot("directory-ja-1280", "/desk/directory/?q=おたる", "otaru"),
    Shot("directory-en-390", "/desk/directory/?q=otaru", "hq", "en", 390),
    Shot("organisation-london-ja-1280", "/desk/directory/?q=ロンドン", "hq", link="ロンドン事務所"),
    Shot("notices-otaru-ja-1280", "/desk/notifications/", "otaru"),
    Shot("mails-hq-ja-1280", "/desk/mails/", "hq.admin"),
    Shot("settings-london-en-1280", "/desk/settings/", "london", "en"),
    Shot("components-ja-1280", "/desk/components/", "hq"),
    Shot("api-en-1280", "/en/api/", language="en"),
    Shot("workflows-ja-1280", "/desk/help/workflows/", "hq"),
    Shot("not-found-ja-390", "/desk/cases/999999/", "otaru", width=390),
    Shot("not-found-public-en-1280", "/en/stories/999999/", language="en"),
    Shot("list-nothing-otaru-en-390", "/desk/cases/?q=zzzzzz", "otaru", "en", 390),
)
HOMES = tuple(
    Shot(f"home-{each.code}-{width}", f"/{each.code}/", width=width) for each in VERSIONS for width in (1280, 390)
)


def small(picture: bytes, height: int) -> bytes:
    """A palette picture below the limit. Colours tell states, so a long page is cut shorter before they go."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours, scale, part in ((64, 1.0, 1.0), (48, 1.0, 0.75), (48, 0.8, 0.75), (48, 0.7, 0.6), (32, 0.6, 0.5)):
        cut = image.crop((0, 0, image.width, min(image.height, int(height * part))))
        size = (int(cut.width * scale), int(cut.height * scale))
        reduced = cut.resize(size, Image.Resampling.LANCZOS).quantize(colours, Image.Quantize.FASTOCTREE)
        out = io.BytesIO()
        reduced.save(out, "PNG", optimize=True)
        if out.tell() <= LIMIT:
            break
    return out.getvalue()


def sign_in(page: Page, base: str, who: str, language: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", f"{who}@sample.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/")
    switch = page.locator("form.seg button, .seg form button, button[name=language]").filter(
        has_text="日本語" if language == "ja" else "English"
    )
    if switch.count():
        switch.first.click()
        page.wait_for_load_state()


def take(browser: Browser, base: str, shot: Shot) -> bytes:
    context = browser.new_context(
        locale="ja-JP" if shot.language == "ja" else "en-GB",
        timezone_id="Asia/Tokyo",
        viewport={"width": shot.width, "height": 900},
    )
    page = context.new_page()
    if shot.who:
        sign_in(page, base, shot.who, shot.language)
    page.goto(base + shot.path)
    if shot.link:
        page.locator("main").get_by_role("link", name=shot.link).first.click()
        page.wait_for_load_state()
    picture = page.screenshot(full_page=True)
    context.close()
    return picture


def chosen(only: list[str]) -> list[Shot]:
    """Without words all but most of the home pages; "versions": the home page of every version."""
    known = {shot.name: shot for shot in (*HOMES, *SHOTS)}
    if not only:
        return list(SHOTS)
    found = [shot for name, shot in known.items() if any(word in name for word in only)]
    return [*HOMES, *(shot for shot in found if shot not in HOMES)] if "versions" in only else found


def main(base: str, folder: Path, only: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for shot in chosen(only):
            try:
                picture = take(browser, base, shot)
            except Exception as error:
                print(f"{shot.name}: {str(error).splitlines()[0]}")
                continue
            (folder / f"{shot.name}.png").write_bytes(small(picture, 2200))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:])
