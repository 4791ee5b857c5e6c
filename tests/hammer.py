"""Eight threads, a real threaded server with the real web login and kept connections, many people at once, a third of the
requests failing in one way or another: no answer may hold a foreign row, and no connection may keep a role or a setting.

Run by hand: `python -m tests.hammer 250` (requests a thread).
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clair_portal.settings.test")

import django

THREADS = 8
PEOPLE: tuple[str | None, ...] = (
    "otaru", "hokkaido", "hakodate", "sapporo", "osaka", "coordinator", "london", "newyork", "two_hats", "hq_officer",
    "leaver", "nobody", None,
)  # fmt: skip
FAILURES = {"exception": 500, "missing": 404, "denied": 403, "answers 500": 500, "answers 503": 503, "caught": 500}
REPORT = "/hammer-report"
CSRF = "a" * 32


# --- The server: gunicorn calls server() -----------------------------------------------------------------------------------
class Checked:
    """After each request, in the same thread: what is left on the connection."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.left: list[list[str]] = []
        self.backends: set[int] = set()
        self.requests = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        if environ["PATH_INFO"] == REPORT:
            start_response("200 OK", [("Content-Type", "application/json")])
            yield json.dumps(
                {"requests": self.requests, "connections": len(self.backends), "left behind": self.left}
            ).encode()
            return
        response = self.application(environ, start_response)
        try:
            yield from response
        finally:
            if hasattr(response, "close"):
                response.close()
            self._look()

    def _look(self) -> None:
        from django.db import connection

        from tests.walls.urls import CLEAN, state_of_connection

        self.requests += 1
        state = state_of_connection()
        self.backends.add(connection.connection.info.backend_pid)
        if state != CLEAN or connection.in_atomic_block:
            self.left.append(state)


def server() -> Checked:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    logging.disable(logging.CRITICAL)  # a third of the requests would write a traceback each
    settings.ROOT_URLCONF = "tests.walls.urls"
    settings.DATABASES["default"].update(NAME=os.environ["HAMMER_DATABASE"], USER="portal_web")
    return Checked(get_wsgi_application())


# --- The people -------------------------------------------------------------------------------------------------------------
@dataclass
class Found:
    requests: Counter[str] = field(default_factory=Counter)
    foreign: list[Any] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)


class Person:
    """One person's browser in one thread."""

    def __init__(
        self, name: str | None, cookie: str, port: int, sees: set[str], case: int | None, found: Found
    ) -> None:
        self.name, self.cookie, self.sees, self.case, self.found = name, cookie, sees, case, found
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    @property
    def has_a_posting(self) -> bool:
        return self.name not in (None, "leaver", "nobody")

    def ask(self, path: str, body: dict[str, str] | None = None) -> http.client.HTTPResponse:
        headers = {"Cookie": self.cookie, "X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
        headers["Connection"] = "close"  # the connections that matter are those of the server to the database
        self.http.request("POST" if body else "GET", path, urlencode(body) if body else None, headers)
        return self.http.getresponse()

    def status(self, found: int, wanted: int, path: str) -> bool:
        wanted = wanted if self.has_a_posting else 302 if self.name is None else 403
        if found != wanted:
            self.found.wrong.append((self.name, path, found))
        return self.has_a_posting and found == wanted

    def rows(self, shown: set[str]) -> None:
        if shown - self.sees:
            self.found.foreign.append((self.name, shown - self.sees))
        elif shown != self.sees:
            self.found.wrong.append((self.name, "missing rows", self.sees - shown))

    def fail(self, kind: str) -> None:
        path = f"/desk/trial/{quote(kind)}/"
        response = self.ask(path)
        response.read()
        self.status(response.status, FAILURES[kind], path)

    def look(self) -> None:
        response = self.ask("/desk/who/")
        body = response.read()
        if self.status(response.status, 200, "who"):
            answer = json.loads(body)
            self.rows(set(answer["cases"]))
            if answer["email"] != f"{self.name}@example.org":
                self.found.foreign.append((self.name, answer["email"]))

    def late(self) -> None:
        response = self.ask("/desk/lazy/")
        body = response.read().decode()
        if self.status(response.status, 200, "lazy"):
            self.rows(set(body.split()))

    def stream(self, hang_up: bool) -> None:
        response = self.ask("/desk/stream/scoped/")
        if hang_up and self.has_a_posting:
            response.read(5)
            self.http.close()
            return
        body = response.read().decode()
        if self.status(response.status, 200, "stream"):
            self.rows(set(body.split()))

    def stream_without_scope(self) -> None:
        response = self.ask("/desk/stream/naive/")
        body = response.read().decode()
        if self.status(response.status, 200, "naive stream") and body:
            self.found.foreign.append((self.name, body))

    def page(self) -> None:
        response = self.ask("/desk/cases/")
        body = response.read().decode()
        if self.status(response.status, 200, "cases"):
            self.rows({name for name in TITLES if name in body})

    def write(self, other_case: int) -> None:
        if self.case is None:
            return
        response = self.ask(f"/desk/cases/{self.case}/notes/", {"body": f"from {self.name}", "shared": "internal"})
        response.read()
        if self.status(response.status, 302, "write"):
            self.found.written[str(self.name)] += 1
        response = self.ask(f"/desk/cases/{other_case}/notes/", {"body": "foreign", "shared": "shared"})
        response.read()
        self.status(response.status, 404, "write on a foreign case")


TITLES = (
    "otaru_draft", "otaru_london", "otaru_returned", "hakodate_newyork", "hokkaido_own", "osaka_two", "sakai_declined",
    "sapporo_draft",
)  # fmt: skip


def visit(seed: int, turns: int, browsers: Callable[[Found], list[Person]], foreign_case: int, found: Found) -> None:
    chance = random.Random(seed)
    people = browsers(found)
    for _turn in range(turns):
        person, dice = chance.choice(people), chance.random()
        what: str
        if dice < 0.35:
            what = chance.choice(list(FAILURES))
            person.fail(what)
        elif dice < 0.55:
            what = "look"
            person.look()
        elif dice < 0.65:
            what = "late template"
            person.late()
        elif dice < 0.75:
            what = "stream"
            person.stream(hang_up=chance.random() < 0.5)
        elif dice < 0.8:
            what = "naive stream"
            person.stream_without_scope()
        elif dice < 0.9:
            what = "page"
            person.page()
        else:
            what = "write"
            person.write(foreign_case)
        found.requests[what] += 1
    for person in people:
        person.http.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start_server(database: str, port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", str(THREADS), "--bind",
        f"127.0.0.1:{port}", "--log-level", "critical", "tests.hammer:server()",
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, "HAMMER_DATABASE": database})
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise RuntimeError("the server did not start")


def main(turns: int) -> int:
    django.setup()
    from django.db import connection, transaction
    from django.test.utils import setup_databases, teardown_databases

    from tests.cast import make_cast
    from tests.walls.scene import make_scene

    connection.settings_dict["TEST"]["NAME"] = f"test_hammer_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    process = None
    try:
        with transaction.atomic():
            scene = make_scene(make_cast())
        port = free_port()
        process = start_server(connection.settings_dict["NAME"], port)
        return hammer(scene, port, turns)
    finally:
        if process is not None:
            process.terminate()
            process.wait(timeout=20)
        teardown_databases(made, verbosity=0)


def hammer(scene: Any, port: int, turns: int) -> int:
    from django.conf import settings
    from django.test import Client

    from clair_portal.casework.models import Case, Note
    from tests.walls.test_reading import SEES

    cookies = {}
    for name in PEOPLE:
        client = Client()
        if name:
            client.force_login(scene.cast.users[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.cookies.get(settings.SESSION_COOKIE_NAME)
        cookies[name] = f"csrftoken={CSRF}" + (f"; {settings.SESSION_COOKIE_NAME}={session.value}" if session else "")

    def browsers(found: Found) -> list[Person]:
        people = []
        for name in PEOPLE:
            sees = set(SEES[name].get("cases", "").split()) if name else set()
            case = scene.cases[min(sees)].pk if sees else None
            people.append(Person(name, cookies[name], port, sees, case, found))
        return people

    found, started = Found(), time.monotonic()
    # a draft of Hakodate: nobody among these people but its own sees it, and it is not in the scene's names
    foreign = Case.objects.create(
        kind="offices.support", title="foreign", applicant=scene.cast.places["osaka_prefecture"], state="draft"
    )
    threads = [
        threading.Thread(target=visit, args=(seed, turns, browsers, foreign.pk, found)) for seed in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started
    report = json.loads(Person(None, "", port, set(), None, found).ask(REPORT).read())
    half_done = Case.objects.filter(title="half done").count()
    kept = Counter(
        body.removeprefix("from ")
        for body in Note.objects.filter(body__startswith="from ").values_list("body", flat=True)
    )
    faults = {
        "foreign rows": found.foreign,
        "wrong answers": found.wrong,
        "left on a connection": report["left behind"],
        "half-done cases": [half_done] if half_done else [],
        "messages lost, doubled or on a foreign case": [
            *((kept - found.written) + (found.written - kept)).items(),
            *Note.objects.filter(case=foreign).values_list("pk", flat=True),
        ],
    }  # fmt: skip
    failing = sum(number for what, number in found.requests.items() if what in FAILURES)
    print(
        f"{sum(found.requests.values())} turns ({report['requests']} requests, {failing} turns failing on purpose) by {THREADS} "
        f"threads in {seconds:.0f} s over {report['connections']} kept connections; {found.written.total()} messages written"
    )
    for what, rows in faults.items():
        print(f"{len(rows)} {what}", rows[:3] if rows else "")
    return sum(map(len, faults.values()))


if __name__ == "__main__":
    raise SystemExit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 250)))
