"""Published pages: what nginx with deploy/nginx serves against nginx that serves the same bytes and nothing else, and what
happens to 512 readers while a text is changed every second.

Needs nginx and wrk (Debian: apt-get install nginx-light wrk). The serving side is held on the first core, wrk on the last.
SPIKE=25 is how many seconds the spike takes; ROUNDS=7 how often each variant is measured, in turns.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from clair_portal.network.models import Organisation
from clair_portal.publishing.enums import State
from clair_portal.publishing.models import Publication
from tests.deploy.environments import MANAGE, ROOT, production
from tests.deploy.serving import NGINX, end, free_port, nginx_alone

ROUNDS = int(os.environ.get("ROUNDS", "7"))
SPIKE = float(os.environ.get("SPIKE", "25"))
FIRST_CORE, LAST_CORE = "0", str((os.cpu_count() or 1) - 1)
STORY = "spike"
EVERY = 1.05  # seconds between two changes
BARE = """
worker_processes 1; pid {folder}/bare.pid; error_log {folder}/bare-errors.log; {user}
events {{ worker_connections 8192; multi_accept on; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/html;
  open_file_cache max=10000 inactive=60s; open_file_cache_valid 1s;
  client_body_temp_path {folder}/b1; proxy_temp_path {folder}/b2; fastcgi_temp_path {folder}/b3;
  uwsgi_temp_path {folder}/b4; scgi_temp_path {folder}/b5;
  server {{ listen 127.0.0.1:{port}; root {folder}/published; }}
}}
"""


def serving() -> None:
    """Both tables. Only where the two programs are."""
    if NGINX is None or shutil.which("wrk") is None:
        print("\nServing published pages: not measured, nginx or wrk is missing.")
        return
    with tempfile.TemporaryDirectory(prefix="portal-serving-") as name, contextlib.ExitStack() as stop:
        folder = Path(name)
        places = _stage(folder, stop)
        _ratios(folder, places)
        _spike(folder, places)


@dataclass(frozen=True)
class Places:
    ours: int
    bare: int
    environment: dict[str, str]


def _stage(folder: Path, stop: contextlib.ExitStack) -> Places:
    """Everything published, the three servers in front of one tree."""
    _story()
    environment = production(
        folder, login="worker", PUBLISHED_TREE=str(folder / "published"), WORKER_TMP_DIR=str(folder), WEB_WORKERS="1",
        BIND=f"unix:{folder}/w", LOG_LEVEL="WARNING", REDIS_URL=os.environ.get("REDIS_URL", ""),
    )  # fmt: skip
    subprocess.run([*MANAGE, "collectstatic", "--noinput"], cwd=ROOT, env=environment, check=True, capture_output=True)
    made = subprocess.run(
        [*MANAGE, "publish", "--all"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    print(f"\nmanage.py publish --all: {''.join(made.stdout.splitlines()[-1:])}", flush=True)
    ours = stop.enter_context(nginx_alone(folder, https=True))
    bare = free_port()
    (folder / "bare.conf").write_text(
        BARE.format(folder=folder, port=bare, user="user root;" if os.geteuid() == 0 else "")
    )
    stop.enter_context(_process([str(NGINX), "-c", str(folder / "bare.conf"), "-g", "daemon off;"], environment))
    web = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "clair_portal.wsgi"]
    stop.enter_context(_process(web, environment | {"PORTAL_LOGIN": "web"}))
    _hold(FIRST_CORE)
    _wait_until(lambda: _status(ours, "/healthz") == 200, 300)
    return Places(ours, bare, environment)


def _story() -> None:
    office = Organisation.objects.get(code="LON")
    given = {"body_ja": "本文。" * 400, "body_en": "Text. " * 400, "consent": "yes", "consent_on": timezone.localdate()}
    Publication.objects.update_or_create(
        slug=STORY,
        defaults={
            **given, "title_ja": "v000000", "title_en": "v000000", "office": office, "state": State.PUBLISHED,
            "published_on": timezone.localdate(), "countries": ["GB"], "topics": ["culture"],
        },
    )  # fmt: skip


def _pages(folder: Path) -> list[str]:
    root = folder / "published"
    return [f"/{path.parent.relative_to(root)}/" for path in root.rglob("index.html")]


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        end(process)


def _hold(core: str) -> None:
    """This process stays there too, and so does everything it starts from now on."""
    if hasattr(os, "sched_setaffinity"):
        children = subprocess.run(
            ["pgrep", "-P", str(os.getpid())], capture_output=True, text=True, check=False
        ).stdout.split()
        for pid in children:
            subprocess.run(["taskset", "-acp", core, pid], capture_output=True, check=False)
            more = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False).stdout.split()
            for each in more:
                subprocess.run(["taskset", "-acp", core, each], capture_output=True, check=False)


def _watch_from(core: str) -> None:
    """This process and the threads it starts, which read what was published, stay with the other readers."""
    subprocess.run(["taskset", "-cp", core, str(os.getpid())], capture_output=True, check=False)


def _status(port: int, path: str) -> int:
    """0: nobody answered."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        with contextlib.suppress(OSError):
            connection.request("GET", path, headers={"Host": "portal.example"})
            return connection.getresponse().status
    return 0


def _wait_until(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.2)


# --- How fast ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Hammered:
    rps: float
    p99: float
    bad: int
    said: str


def wrk(
    port: int, path: str, *, seconds: float, connections: int, accept: str = "", script: Path | None = None
) -> Hammered:
    headers = ["-H", "Host: portal.example", *(["-H", f"Accept-Encoding: {accept}"] if accept else [])]
    command = [
        "taskset",
        "-c",
        LAST_CORE,
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds:g}s",
        "--timeout",
        "5s",
        "--latency",
    ]
    command += [*headers, *(["-s", str(script)] if script else []), f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rps = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    errors = sum(int(each) for each in re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", said))
    return Hammered(rps, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], errors, said)


def _ratios(folder: Path, places: Places) -> None:
    page = f"/ja/stories/{STORY}/"
    sizes = {ending: (folder / f"published{page}index.html{ending}").stat().st_size for ending in ("", ".br")}
    variants = {
        "nginx, the bare file": (places.bare, f"{page}index.html", ""),
        "nginx of the portal, published page, identity": (places.ours, page, ""),
        "nginx, the bare .br file": (places.bare, f"{page}index.html.br", ""),
        "nginx of the portal, published page, br": (places.ours, page, "br"),
        "nginx's one-second cache of the live page": (places.ours, f"{page}?live", ""),
    }
    found: dict[str, list[Hammered]] = {name: [] for name in variants}
    for number in range(ROUNDS + 1):
        for name in variants if number % 2 else reversed(variants):
            port, path, accept = variants[name]
            answer = wrk(port, path, seconds=2, connections=32, accept=accept)
            if number:
                found[name].append(answer)
    base = {"br": "nginx, the bare .br file"}
    print(
        f"\nPublished page of {sizes['']:,} bytes ({sizes['.br']:,} with br), 32 connections, {ROUNDS} rounds in turns\n"
    )
    print(
        "| what | requests a second | times the bare file, median [least..most] | p99 ms | errors |\n|---|---|---|---|---|"
    )
    for name, (_port, _path, accept) in variants.items():
        bare = found[name if "bare" in name else base.get(accept, "nginx, the bare file")]
        times = [against.rps / each.rps for against, each in zip(bare, found[name], strict=True)]
        middle = statistics.median(each.rps for each in found[name])
        print(
            f"| {name} | {middle:,.0f} | {statistics.median(times):.2f} [{min(times):.2f}..{max(times):.2f}] | "
            f"{statistics.median(each.p99 for each in found[name]):.1f} | {sum(each.bad for each in found[name])} |"
        )


# --- 512 readers while a text changes every second ------------------------------------------------------------------------
@dataclass
class Watched:
    torn: int = 0
    backwards: int = 0
    reads: int = 0
    lags: list[float] = field(default_factory=list)


def _spike(folder: Path, places: Places) -> None:
    script = folder / "readers.lua"
    pages = ",".join(f"'{page}'" for page in _pages(folder))
    script.write_text(
        f"local pages = {{{pages}}} math.randomseed(7)\n"
        "request = function() return wrk.format('GET', pages[math.random(#pages)]) end\n"
    )
    worker = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "clair_portal.celery",
        "worker",
        "--concurrency=2",
        "--loglevel=ERROR",
    ]
    with contextlib.ExitStack() as stop:
        stop.enter_context(_process([*MANAGE, "relay"], places.environment))
        if places.environment["REDIS_URL"]:
            stop.enter_context(_process(worker, places.environment))
        time.sleep(12)
        _hold(FIRST_CORE)
        _watch_from(LAST_CORE)
        _publications(places, 1, 3.0)  # workers have rendered a page before
        idle = _publications(places, 10, 20.0)
        readers: list[Hammered] = []
        crowd = threading.Thread(
            target=lambda: readers.append(
                wrk(places.ours, "/", seconds=SPIKE, connections=512, accept="br", script=script)
            )
        )
        crowd.start()
        busy = _publications(places, 100, SPIKE)
        crowd.join()
    print(
        f"\nA text changed every second, {len(settings.LANGUAGES)} versions, {len(_pages(folder)):,} pages; save → all versions live\n"
    )
    print(
        "| readers | changes | median s | p99 s | most s | torn | backwards | requests | errors | p99 ms |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    _line("none", idle, None)
    _line("512 connections", busy, readers[0])


def _publications(places: Places, number: int, seconds: float) -> Watched:
    """About one a second, each watched until all versions show it; the next one begins when it is due, whatever the last one
    does. nginx looks at its files on the full second: every part of a second has its turn.
    """
    watched, until, watchers = Watched(), time.monotonic() + seconds, []
    while time.monotonic() < until:
        began = time.monotonic()
        text = f"v{number:06d}"
        Publication.objects.filter(slug=STORY).update(title_ja=text, title_en=text, changed_at=timezone.now())
        watchers.append(threading.Thread(target=_watch, args=(places.ours, number, watched, time.monotonic())))
        watchers[-1].start()
        number += 1
        time.sleep(max(0.0, began + EVERY - time.monotonic()))
    for each in watchers:
        each.join()
    return watched


def _watch(port: int, number: int, watched: Watched, saved: float) -> None:
    left = {code: 0 for code, _name in settings.LANGUAGES}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    while left and time.monotonic() < saved + 60:
        for code in list(left):
            connection.request("GET", f"/{code}/stories/{STORY}/", headers={"Host": "portal.example"})
            body = connection.getresponse().read().decode()
            watched.reads += 1
            watched.torn += not body.rstrip().endswith("</html>")
            shown = max(int(each) for each in re.findall(r"v(\d{6})", body) or ["0"])
            watched.backwards += shown < left[code]
            left[code] = shown
            if shown >= number:
                del left[code]
        time.sleep(0.05)
    watched.lags.append(time.monotonic() - saved)
    connection.close()


def _line(name: str, watched: Watched, readers: Hammered | None) -> None:
    lags = sorted(watched.lags)
    p99 = lags[min(len(lags) - 1, int(len(lags) * 0.99))]
    requests = re.search(r"(\d+) requests in", readers.said)[1] if readers else "–"  # type: ignore[index]
    errors, slow = (f"{readers.bad}", f"{readers.p99:.0f}") if readers else ("–", "–")
    print(
        f"| {name} | {len(lags)} | {statistics.median(lags):.2f} | {p99:.2f} | {lags[-1]:.2f} | {watched.torn} | "
        f"{watched.backwards} | {requests} | {errors} | {slow} |",
        flush=True,
    )
