"""`python -m tests.weight`: what a first visit to each public page loads, measured in Chromium, through nginx in front of the
published pages of the demo; and when its largest part is painted on a slow mobile line.

One address of each kind of page, in every language. Limits: 30 kB in all, nothing from elsewhere, no script, no cookie.
Slow line: 150 ms, 1.6 Mbit/s, a processor four times slower; median of three. Ends with 1 when a limit is broken.
With an address as argument it looks there: the folder of the published tree is the second argument.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clair_portal.settings.test")

import django

django.setup()

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.a11y import name_of
from tests.browser.chromium import FLAGS, chromium
from tests.demo_server import demo_server
from tests.deploy.environments import MANAGE, ROOT
from tests.deploy.serving import nginx_alone
from tests.deploy.weighing import FIRST_VIEW

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PAINTED_IN = ("ja", "my")
PAINTED = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""
HEAD = "| page | language | body bytes | with headers | requests | painted ms (slow line) |\n|---|---|---|---|---|---|"


@dataclass
class Visit:
    """`body`: packed bytes without headers; `wire`: with those of HTTP/1.1."""

    body: int = 0
    wire: int = 0
    requests: int = 0
    wrong: list[str] = field(default_factory=list)


def visit(browser: Browser, base: str, path: str) -> Visit:
    """A first visit, with an empty cache."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page, seen = context.new_page(), Visit()
    wires = context.new_cdp_session(page)
    wires.send("Network.enable")

    heads: dict[str, int] = {}

    def begun(event: dict[str, Any]) -> None:
        heads[event["requestId"]] = int(event["response"]["encodedDataLength"])

    def ended(event: dict[str, Any]) -> None:
        seen.wire += int(event["encodedDataLength"])
        seen.body += int(event["encodedDataLength"]) - heads.get(event["requestId"], 0)
        seen.requests += 1

    wires.on("Network.responseReceived", begun)
    wires.on("Network.loadingFinished", ended)
    page.on("request", lambda asked: seen.wrong.append(asked.url) if not asked.url.startswith(base) else None)
    page.on("request", lambda asked: seen.wrong.append(asked.url) if asked.resource_type == "script" else None)
    page.goto(base + path, wait_until="networkidle")
    seen.wrong += [f"cookie {each['name']}" for each in context.cookies()]
    context.close()
    return seen


def painted(browser: Browser, base: str, path: str) -> float:
    """Milliseconds until the largest part stands there."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    slow_down(page)
    page.goto(base + path, wait_until="load")
    took = float(page.evaluate(PAINTED))
    context.close()
    return took


def slow_down(page: Page) -> None:
    wires = page.context.new_cdp_session(page)
    wires.send("Network.enable")
    wires.send("Network.emulateNetworkConditions", SLOW)
    wires.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def kinds(tree: Path) -> dict[str, str]:
    """Name of a kind of page → the largest of its addresses, without the language."""
    largest: dict[str, tuple[int, str]] = {}
    for file in (tree / "ja").rglob("index.html.br"):
        path = f"/{file.parent.relative_to(tree)}/".replace("//", "/")
        name = name_of(path)
        if name is None:
            continue
        largest[name] = max(largest.get(name, (0, "")), (file.stat().st_size, path.removeprefix("/ja")))
    return {name: path for name, (_size, path) in sorted(largest.items())}


def measure(base: str, tree: Path) -> int:
    wrong, slowest, heaviest = 0, 0.0, 0
    print(HEAD)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, path in kinds(tree).items():
            for code, _name in settings.LANGUAGES:
                seen = visit(browser, base, f"/{code}{path}")
                again = [painted(browser, base, f"/{code}{path}") for _ in range(3)] if code in PAINTED_IN else []
                middle = statistics.median(again) if again else None
                heaviest, slowest = max(heaviest, seen.body), max(slowest, middle or 0.0)
                if again or seen.wrong or seen.body > FIRST_VIEW:
                    shown = f"{middle:.0f}" if middle else "–"
                    print(
                        f"| {name} | {code} | {seen.body:,} | {seen.wire:,} | {seen.requests} | {shown} |", flush=True
                    )
                for each in [*seen.wrong, *(["too heavy"] if seen.body > FIRST_VIEW else [])]:
                    wrong += 1
                    print(f"/{code}{path}: {each}")
        browser.close()
    print(f"\nheaviest first visit {heaviest:,} bytes, slowest {slowest:.0f} ms, {wrong} limits broken")
    return 1 if wrong or not heaviest else 0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="portal-weight-") as name:
        folder = Path(name)
        os.environ["PUBLISHED_TREE"] = str(folder / "published")
        with demo_server(STATIC_ROOT=str(folder / "static")):
            command = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "clair_portal.settings.demo",
                "PORTAL_LOGIN": "worker",
                "DEMO": "1",
            }
            command["STATIC_ROOT"] = str(folder / "static")
            subprocess.run([*MANAGE, "publish", "--all"], cwd=ROOT, env=command, check=True, stdout=subprocess.DEVNULL)
        with nginx_alone(folder) as port:  # Django has stopped
            return measure(f"http://localhost:{port}", folder / "published")


if __name__ == "__main__":
    if chromium() is None:
        raise SystemExit("No Chromium here. To weigh the pages: apt-get install chromium fonts-noto-cjk")
    if sys.argv[2:]:
        raise SystemExit(measure(sys.argv[1].rstrip("/"), Path(sys.argv[2])))
    raise SystemExit(main())
