from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from aiosmtpd.controller import Controller
from django.db import connections

from clair_portal.local_services.valkey import _program
from clair_portal.outbox import notices
from clair_portal.outbox.models import Message
from clair_portal.outbox.services import Post, tell
from clair_portal.walls.scope import acting
from tests.cast import reader

CHECKOUT = Path(__file__).resolve().parents[2]
EVENT = "test.request.filed"


@pytest.fixture(autouse=True)
def notice() -> None:
    """One declared notice, in English, with a value per language and a moment."""
    notices.NOTICES.setdefault(EVENT, notices.Notice("Filed: %(title)s", "%(actor)s filed “%(title)s” at %(when)s."))


@pytest.fixture
def write(cast: SimpleNamespace) -> Callable[..., Message]:
    """write(("hq", "cases.triage"), ...) puts a message into the outbox as Haru of Otaru does."""

    def write(*posts: tuple[str, str], occasion: str = "1", but_not: str | None = None, **params: Any) -> Message:
        values = {
            "title": {"ja": "運河の視察", "en": "Visit to the canal"},
            "actor": {"ja": "岩倉 はる", "en": "Haru Iwakura"},
            "when": {"at": "2026-11-24T01:00:00+00:00"},
        }
        with acting(reader(cast, "otaru").scope):
            tell(
                EVENT,
                cast.places["otaru"],
                posts=[Post(cast.places[place].pk, right) for place, right in posts],
                params=values | params,
                path="/desk/cases/1/",
                occasion=occasion,
                but_not=cast.people[but_not].pk if but_not else None,
            )
        return Message.objects.get(key=f"{EVENT}:network.organisation:{cast.places['otaru'].pk}:{occasion}")

    return write


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# --- A mail server -----------------------------------------------------------------------------------------------------
class Mailbox:
    """What a real SMTP server took. `answers`: what it says to the next mails instead of 250, at DATA."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answers: list[str] = []
        self.rcpt_answers: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250") or answer == "hang up":
            self.mails.append(envelope.content)
        if answer == "hang up":
            server.transport.close()
        return "250 OK" if answer == "hang up" else answer


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "CLAIR <portal@portal.example>"
    yield box
    controller.stop()


# --- A broker and processes --------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The path of the socket of a real Valkey."""
    with tempfile.TemporaryDirectory(prefix="obx-") as folder:
        path = f"{folder}/v.sock"
        command = [str(_program()), "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(lambda: Path(path).exists() and redis.Redis(unix_socket_path=path).ping(), 10)
        yield path
        server.kill()
        server.wait()


@pytest.fixture
def broker(valkey: str, settings: Any) -> redis.Redis:
    settings.CELERY_BROKER_URL = f"redis+socket://{valkey}?virtual_host=0"
    client = redis.Redis(unix_socket_path=valkey)
    client.flushall()
    return client


@contextmanager
def running(arguments: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the portal as the worker login on the test database; killed with all its children in the end."""
    from django.db import connection

    database = connection.settings_dict
    there = f"?host={database['HOST']}"
    ours = ("DATABASE_", "PYTEST", "FIRST_WALL", "SECOND_WALL")  # a process outside the tests refuses without its walls
    known = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env = known | {
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "clair_portal.settings.demo",
        "PORTAL_LOGIN": "worker",
        "DATABASE_URL": f"postgresql://portal_owner@/{database['NAME']}{there}",
        "DATABASE_WORKER_URL": f"postgresql://portal_worker@/{database['NAME']}{there}",
        "SECRET_KEY": "only-for-tests",
        "PYTHONWARNINGS": "default",
        "STATE": str(log.parent),
        **environment,
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=CHECKOUT, env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(condition: Callable[[], Any], seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if found := condition():
                return found
        except redis.ConnectionError:
            pass
        assert time.monotonic() < deadline, f"did not happen within {seconds} s"
        time.sleep(0.05)


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    """Runs `work` in threads with connections of their own, all beginning at once."""
    results: list[Any] = []
    start = threading.Barrier(count)

    def one() -> None:
        try:
            start.wait()
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
