"""Breaks things on purpose: `python -m tests.chaos [--messages 2000] [--seeds 1,2,3] [--rate 50]`.

A private PostgreSQL (durable settings) and Valkey, two Celery workers and the relay; a producer writes messages in business
transactions as a member. At random times a worker, one process of its pool, the relay, Valkey (which comes back empty) or
PostgreSQL is killed with SIGKILL and started again, as a supervisor would. After the last kill nobody touches anything: within
60 seconds every message must be told exactly once, every mail be at the server once or be called unknown, the log be whole.
One line of JSON per seed; the exit status is 1 when something was lost, doubled or late.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
from aiosmtpd.controller import Controller

from clair_portal.local_services import postgres, valkey
from clair_portal.local_services.account import Account, server_account
from clair_portal.local_services.environment import CHECKOUT
from clair_portal.local_services.process import Process
from clair_portal.local_services.state import State, opened

EVENT = "chaos.message.written"
KINDS = ("worker 1", "worker 2", "pool child", "relay", "valkey", "postgres")
RECOVERY = 60.0
Plan = list[tuple[float, str, float]]
CELERY = ["-m", "celery", "-A", "clair_portal.celery", "worker", "-c", "2", "--loglevel", "WARNING"]
CELERY += ["--without-gossip", "--without-mingle", "--without-heartbeat"]


# --- The other side of the mail ------------------------------------------------------------------------------------------
class Sink:
    """A mail server that counts what it took, per Message-ID."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.at: dict[str, float] = {}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = envelope.content.split(b"Message-ID: <", 1)[1]
        key = head.split(b"@", 1)[0].decode()
        self.copies[key] += 1
        self.at.setdefault(key, time.time())
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Sink, int]]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield sink, port
    controller.stop()


# --- What runs, and the supervisor that starts it again --------------------------------------------------------------------
@dataclass
class Zoo:
    """Everything that may be killed."""

    state: State
    environment: dict[str, str]
    processes: dict[str, Process] = field(default_factory=dict)
    down_until: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, arguments: list[str]) -> None:
        process = Process(
            name=name,
            command=[sys.executable, *arguments],
            environment=self.environment | {"PORTAL_LOGIN": "worker"},
            log=self.state.log(name.replace(" ", "-")),
            account=Account(server_account().name),
            folder=CHECKOUT,
        )
        process.start()
        self.processes[name] = process

    def kill(self, name: str, down: float) -> None:
        if name == "pool child":
            self._kill_child()
            return
        process = self.processes[name]
        if process.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.running.pid, signal.SIGKILL)
            process.running.wait()
        self.down_until[name] = time.monotonic() + down

    def _kill_child(self) -> None:
        running = self.processes["worker 1"].running
        parent = str(running.pid if running else 0)
        children = subprocess.run(["pgrep", "-P", parent], capture_output=True, text=True).stdout.split()
        if children:
            with suppress(ProcessLookupError):
                os.kill(int(children[0]), signal.SIGKILL)

    def watch(self, seconds: float) -> None:
        """Time goes by, and what has died, for whatever reason (a kill, its own watchdog), is started again.

        In the main thread: the children follow the thread that started them into the grave.
        """
        until = time.monotonic() + seconds
        while True:
            for name, process in self.processes.items():
                if process.exit_status() is not None and time.monotonic() >= self.down_until.get(name, 0.0):
                    process.kill_rest()
                    process.start()
            if time.monotonic() >= until:
                return
            time.sleep(max(0.0, min(0.1, until - time.monotonic())))


# --- One seed --------------------------------------------------------------------------------------------------------------
def plan_of(seed: int, seconds: float) -> Plan:
    """When what is killed, and for how long it stays down. Each kind at least once."""
    rng = random.Random(seed)
    kinds = list(KINDS) + [rng.choice(KINDS) for _ in range(max(0, round(seconds / 5) - len(KINDS)))]
    rng.shuffle(kinds)
    return sorted((round(rng.uniform(2.0, seconds), 2), kind, round(rng.uniform(0.2, 2.0), 2)) for kind in kinds)


def run_seed(
    seed: int, messages: int, rate: float, calm: bool, services: tuple[State, dict[str, str], dict[str, Process]]
) -> dict[str, Any]:
    state, environment, servers = services
    database = f"chaos_{seed}_{os.getpid()}"
    with _superuser(state) as connection:
        connection.execute(f"create database {database} template portal owner portal_owner")
    heads = state.folder / f"log-heads-{seed}"
    with mail_server() as (sink, port):
        there = {name: value.replace("@/portal?", f"@/{database}?") for name, value in environment.items()}
        there |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "LOG_HEADS_DIR": str(heads)}
        zoo = Zoo(state, there, dict(servers))
        zoo.add("worker 1", [*CELERY, "-n", "one@chaos"])
        zoo.add("worker 2", [*CELERY, "-n", "two@chaos"])
        zoo.add("relay", ["manage.py", "relay"])
        try:
            _wait_for_workers(zoo)
            plan = [] if calm else plan_of(seed, messages / rate)
            result = _break_things(zoo, seed, messages, rate, plan, database, sink)
            result["log"] = _verify(there)
        finally:
            for name in ("worker 1", "worker 2", "relay"):
                zoo.processes[name].stop()
    return result


def _wait_for_workers(zoo: Zoo) -> None:
    """Both ask the broker for work: the figures are not to hold the seconds in which Python starts."""
    broker = redis.Redis.from_url(zoo.environment["REDIS_URL"])
    while sum(1 for client in broker.client_list() if client["cmd"] == "brpop") < 2:
        zoo.watch(0.1)


def _break_things(
    zoo: Zoo, seed: int, messages: int, rate: float, plan: Plan, database: str, sink: Sink
) -> dict[str, Any]:
    print(json.dumps({"seed": seed, "plan": plan}), flush=True)
    noted = zoo.state.folder / f"committed-{seed}"
    producer = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos", "--produce", str(messages), "--rate", str(rate), "--noted", str(noted)],
        env=zoo.environment | {"PORTAL_LOGIN": "web"},
        cwd=CHECKOUT,
    )
    while not noted.exists():
        zoo.watch(0.05)
        assert producer.poll() is None, "the producer could not begin"
    started = time.monotonic()
    for at, kind, down in plan:
        zoo.watch(started + at - time.monotonic())
        zoo.kill(kind, down)
    last_kill = time.monotonic()
    while producer.poll() is None:
        zoo.watch(0.1)
    assert producer.returncode == 0
    produced = time.monotonic()
    quiet_from = max(last_kill, produced)
    left = _wait_until_done(zoo, database, messages, quiet_from + RECOVERY)
    recovered = time.monotonic()
    result = {
        "seed": seed, "messages": messages, "kills": len(plan), "produced_per_second": round(messages / (produced - started), 1),
        "recovery_seconds": round(recovered - last_kill, 1), "undone_after_60_s": left,
    }  # fmt: skip
    return result | _count(zoo.state, database, messages, sink)


def _wait_until_done(zoo: Zoo, database: str, messages: int, until: float) -> int:
    sql = (
        "select (select count(*) from outbox_message where state = 'done'), "
        "(select count(*) from outbox_message where state <> 'done') + "
        "(select count(*) from outbox_email where state not in ('done', 'unknown')) + "
        "(select count(*) from audit_entry where sequence is null)"
    )
    left = messages
    while time.monotonic() < until:
        with suppress(psycopg.Error), _superuser(zoo.state, database) as connection:
            told, undone = connection.execute(sql).fetchone() or (0, messages)
            left = undone + messages - told
            if left <= 0:
                return 0
        zoo.watch(0.3)
    return int(left)


def _count(state: State, database: str, messages: int, sink: Sink) -> dict[str, Any]:
    with _superuser(state, database) as connection:
        found = connection.execute("select id, state, extract(epoch from created_at) from outbox_message").fetchall()
        created = {str(key): float(at) for key, _state, at in found}
        told = Counter(str(key) for (key,) in connection.execute("select message from outbox_notification"))
        mails = dict(connection.execute("select key, state from outbox_email").fetchall())
        latency = connection.execute(
            "select percentile_disc(array[.5, .95, .99]) within group (order by extract(epoch from done_at - created_at)) "
            "from outbox_message"
        ).fetchone()
        entries = connection.execute(
            "select count(*), count(distinct subject_id), count(*) filter (where sequence is null) from audit_entry where event = %s",
            [EVENT],
        ).fetchone()
    assert latency is not None
    assert entries is not None
    mail_latency = sorted(at - created[key.split(".")[0]] for key, at in sink.at.items())
    return {
        "lost": messages - sum(1 for key, state, _at in found if state == "done" and told[str(key)] == 2),
        "doubled_in_the_portal": sum(count - 2 for count in told.values() if count > 2),
        "mails": dict(Counter(mails.values())),
        "mails_lost": sum(1 for key, state in mails.items() if state == "done" and not sink.copies[key])
        + messages
        - len(mails),
        "mails_doubled": sum(count - 1 for count in sink.copies.values() if count > 1),
        "unknown_that_arrived": sum(1 for key, state in mails.items() if state == "unknown" and sink.copies[key]),
        "entries_doubled": entries[0] - entries[1],
        "entries_lost": messages - entries[1],
        "entries_unsealed": entries[2],
        "told_after_seconds": [round(float(value), 2) for value in latency[0]],
        "mailed_after_seconds": [round(mail_latency[int(len(mail_latency) * share)], 2) for share in (0.5, 0.95, 0.99)],
    }


def _verify(environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "verify_log"]
    worker = environment | {"PORTAL_LOGIN": "worker"}
    said = subprocess.run(command, env=worker, cwd=CHECKOUT, capture_output=True, text=True)
    return (said.stdout or said.stderr).strip().splitlines()[-1]


def good(result: dict[str, Any]) -> bool:
    zero = (
        "undone_after_60_s",
        "lost",
        "doubled_in_the_portal",
        "mails_lost",
        "mails_doubled",
        "entries_doubled",
        "entries_lost",
    )
    return not any(result[name] for name in zero) and result["log"].startswith("The log is whole")


# --- Services ----------------------------------------------------------------------------------------------------------------
def _superuser(state: State, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(
        host=str(state.sockets),
        port=postgres.PORT,
        user="postgres",
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


@contextmanager
def chaos_services() -> Iterator[tuple[State, dict[str, str], dict[str, Process]]]:
    """Servers of our own: those of somebody else are not to be killed."""
    parent = Path(tempfile.mkdtemp(prefix="portal-chaos-"))
    parent.chmod(0o755)
    try:
        with opened(parent / "state") as state:
            servers: dict[str, Process] = {}
            try:
                servers["postgres"] = postgres.start(state, fast=False)
                servers["valkey"] = valkey.start(state)
                environment = _environment(state)
                _prepare(environment)
                yield state, environment, servers
            finally:
                for process in servers.values():
                    process.stop()
    finally:
        if os.environ.get("CHAOS_KEEP"):
            print(f"kept: {parent}", flush=True)
        else:
            shutil.rmtree(parent, ignore_errors=True)


def _environment(state: State) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "PORTAL_", "PYTEST", "REDIS", "FIRST_WALL", "SECOND_WALL"))
    }
    own = {"STATE": str(state.folder), "SECRET_KEY": state.secret_key(), "DEMO": "1", "LOG_LEVEL": "WARNING"}
    own |= {"DJANGO_SETTINGS_MODULE": "clair_portal.settings.demo", "PYTHONUNBUFFERED": "1"}
    return inherited | own | postgres.environment(state) | valkey.environment(state)


def _prepare(environment: dict[str, str]) -> None:
    owner = environment | {"PORTAL_LOGIN": "owner"}
    for command in (
        ["manage.py", "migrate", "--noinput", "--skip-checks", "-v", "0"],
        ["-m", "tests.chaos", "--people"],
    ):
        subprocess.run([sys.executable, *command], env=owner, cwd=CHECKOUT, check=True)


# --- Children: they have Django --------------------------------------------------------------------------------------------
def make_people() -> None:
    """The cast; of the two officers at headquarters one gets mail."""
    import django

    django.setup()
    from clair_portal.accounts.models import Person
    from tests.cast import make_cast

    cast = make_cast()
    Person.objects.filter(pk=cast.people["hq_approver"].pk).update(mail="none")


def produce(messages: int, rate: float, noted: Path) -> None:
    """Each message in a business transaction with its log entry. A transaction whose fate is unknown is looked up first."""
    import django

    django.setup()
    from django.db import Error, connection
    from django.utils import timezone

    from clair_portal.accounts.models import User
    from clair_portal.accounts.reader import reader_of
    from clair_portal.audit.models import Entry
    from clair_portal.audit.services import record
    from clair_portal.casework.models import Case
    from clair_portal.network.models import Organisation
    from clair_portal.outbox.services import Post, tell
    from clair_portal.walls.scope import acting

    user = User.objects.only("pk").get(email="otaru@example.org")
    haru = reader_of(user.pk, timezone.localdate())
    assert haru is not None
    headquarters = Post(Organisation.objects.only("pk").get(code="HQ").pk, "cases.triage")

    def write(number: int, again: bool) -> None:
        subject = Case(pk=number)
        with acting(haru.scope):
            if again and Entry.objects.filter(subject_type="casework.case", subject_id=str(number)).exists():
                return  # it was committed, only the answer was lost
            record(EVENT, subject, actor=haru.signature, number=number)
            tell(EVENT, subject, posts=[headquarters], params={"number": number}, path="/", occasion=str(number))

    noted.write_text("")
    started = time.monotonic()
    for number in range(1, messages + 1):
        time.sleep(max(0.0, started + number / rate - time.monotonic()))
        again = False
        while True:
            try:
                write(number, again)
                break
            except Error:
                connection.close()
                again = True
                time.sleep(0.1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seeds", default=str(random.randrange(10_000)))
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--calm", action="store_true", help="kill nothing: the figures to compare with")
    parser.add_argument("--people", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--produce", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--noted", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.people:
        make_people()
        return 0
    if given.produce:
        produce(given.produce, given.rate, given.noted)
        return 0
    results = list(chaos(given.messages, [int(seed) for seed in given.seeds.split(",")], given.rate, given.calm))
    return 0 if all(map(good, results)) else 1


def chaos(messages: int, seeds: list[int], rate: float, calm: bool = False) -> Iterator[dict[str, Any]]:
    """The figures of each seed, printed as they come."""
    with chaos_services() as services:
        for seed in seeds:
            result = run_seed(seed, messages, rate, calm, services)
            print(json.dumps(result), flush=True)
            yield result


if __name__ == "__main__":
    raise SystemExit(main())
