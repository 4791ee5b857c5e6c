"""`make demo`: everything the portal needs on one machine, filled with sample data, until Ctrl-C."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from clair_portal.local_services import address, fingerprint
from clair_portal.local_services.account import Account, server_account
from clair_portal.local_services.environment import CHECKOUT, say
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.process import Process
from clair_portal.local_services.signals import before_exec, undisturbed
from clair_portal.local_services.stack import Services, running
from clair_portal.local_services.state import requested_folder
from clair_portal.local_services.supervisor import Supervisor

SAMPLE_ACCOUNTS = "sample-accounts.txt"  # kept, because asking Django again takes two seconds at every start
SMALLEST_FREE_SPACE = 500 * 1024 * 1024  # bytes
LONGEST_START = 120.0  # seconds until the first answer


@dataclass(frozen=True)
class Demo:
    """What every step needs to know."""

    port: int
    listen: list[str]
    services: Services

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "PORTAL_LOGIN"}
        here = {"PORTAL_URL": f"http://localhost:{self.port}", "STATIC_ROOT": str(self.state / "staticfiles")}
        fixed = {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "clair_portal.settings.demo", "PYTHONUNBUFFERED": "1"}
        return here | inherited | self.services.environment | fixed

    @property
    def state(self) -> Path:
        return self.services.state.folder


def main() -> None:
    """Returns only by an exception: Stopped on request, Failure with a sentence."""
    port = address.chosen_port()
    listen = address.bindable(port)
    requested = requested_folder()
    _check_space(requested)
    say("Starting PostgreSQL and Valkey ...")
    with running(requested, fast=False) as services:
        demo = Demo(port, listen, services)
        prepare(demo)
        children = portal_processes(demo)
        publishing = _child(demo, "publish", "worker", ["manage.py", "publish", "--all"], niceness=19)
        with ExitStack() as stop:
            stop.callback(_stop_all, [publishing, *children])
            keep_running(demo, children, publishing)


def keep_running(demo: Demo, children: list[Process], publishing: Process) -> None:
    say("Starting the portal ...")
    for child in children:
        child.start()
    supervisor = Supervisor([*demo.services.processes, *children])
    _wait_for_answer(demo, supervisor)
    print(f"Portal ready: http://localhost:{demo.port}/", flush=True)
    print((demo.state / SAMPLE_ACCOUNTS).read_text(encoding="utf-8"), end="", flush=True)
    _publish_in_background(demo, publishing)
    supervisor.run()


def _publish_in_background(demo: Demo, publishing: Process) -> None:
    """Public pages become files once for each state of the checkout; from then on the relay keeps them."""
    files, address = fingerprint.source_files(CHECKOUT), demo.environment["PORTAL_URL"]
    wanted = fingerprint.of_files(CHECKOUT, files, _database_identity(demo), address)
    marker = demo.state / "done-published"
    if marker.exists() and marker.read_text(encoding="ascii") == wanted:
        return
    publishing.start()
    child = publishing.running
    assert child is not None

    def note() -> None:
        if child.wait() == 0:
            marker.write_text(wanted, encoding="ascii")

    threading.Thread(target=note, name="publish", daemon=True).start()


def _check_space(folder: Path) -> None:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < SMALLEST_FREE_SPACE:
        raise Failure(
            f"Only {free // 1024**2} MB are free in {folder}: the demo needs 500 MB; set STATE to another disk.", 2
        )


# --- Filling the database ---------------------------------------------------------------------------------------------
def prepare(demo: Demo) -> None:
    """Each step runs again only when what it depends on has changed: a second start takes seconds."""
    inputs = _inputs(demo)
    _once(demo, "code", inputs, "Bringing the database up to date ...", lambda: manage(demo, "migrate", "--noinput"))
    _once(demo, "reference", inputs, "Loading reference data ...", lambda: manage(demo, "load_reference"))
    _once(demo, "sample", inputs, "Loading sample data ...", lambda: _load_sample(demo))
    _once(demo, "static", inputs, "Collecting static files ...", lambda: manage(demo, "collectstatic", "--noinput"))


def _inputs(demo: Demo) -> dict[str, str]:
    """A hash per step. All code counts for migrate: grants and row policies are written after the migrations, from
    what the models declare."""
    files = fingerprint.source_files(CHECKOUT)
    packages = (CHECKOUT / "requirements" / "base.lock").read_text(encoding="utf-8")
    database = _database_identity(demo)
    reference = fingerprint.of_files(CHECKOUT, _about(files, "reference"), database)
    return {
        "code": fingerprint.of_files(CHECKOUT, [path for path in files if path.suffix == ".py"], database, packages),
        "reference": reference,
        "sample": fingerprint.of_files(CHECKOUT, _about(files, "sample"), reference),
        "static": fingerprint.of_files(
            CHECKOUT, [path for path in files if "static" in path.parts], packages, demo.environment["STATIC_ROOT"]
        ),
    }


def _about(files: list[Path], word: str) -> list[Path]:
    """Data files in folders of that name, and the modules that load them."""
    return [path for path in files if word in path.parts[:-1] or (path.suffix == ".py" and word in path.stem)]


def _once(demo: Demo, name: str, inputs: dict[str, str], line: str, step: Callable[[], None]) -> None:
    marker = demo.state / f"done-{name}"
    if marker.exists() and marker.read_text(encoding="ascii") == inputs[name]:
        return
    say(line)
    step()
    marker.write_text(inputs[name], encoding="ascii")


def _database_identity(demo: Demo) -> str:
    """Changes when the database is dropped and made anew, wherever it lives: then the data must be loaded again."""
    url = demo.environment["DATABASE_URL"]
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "select system_identifier::text || '/' || oid::text"
                " from pg_control_system(), pg_database where datname = current_database()"
            ).fetchone()
    except psycopg.errors.InsufficientPrivilege:  # some hosting companies keep these numbers to themselves
        return url
    return str(row[0]) if row else url


def manage(demo: Demo, *arguments: str) -> None:
    """Run a command of manage.py; what it says goes to a log, its last words into the sentence if it fails."""
    log = demo.services.state.log("setup")
    with log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=demo.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,
            preexec_fn=before_exec(15),
        )
    if done.returncode:
        lines = [
            line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()
        ]
        last = lines[-1] if lines else "it said nothing"
        raise Failure(f"manage.py {' '.join(arguments)} failed: {last} (the whole output: {log})")


def _load_sample(demo: Demo) -> None:
    manage(demo, "load_sample")
    (demo.state / SAMPLE_ACCOUNTS).write_text(sample_accounts(demo), encoding="utf-8")


def sample_accounts(demo: Demo) -> str:
    """The list that manage.py sample_accounts prints; nothing where that command does not exist."""
    said = subprocess.run(
        [sys.executable, "manage.py", "sample_accounts"],
        cwd=CHECKOUT,
        env=demo.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode and "Unknown command" not in said.stderr:
        say(f"The sample accounts cannot be listed: {(said.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return said.stdout if said.returncode == 0 else ""


# --- The three processes ----------------------------------------------------------------------------------------------
def portal_processes(demo: Demo) -> list[Process]:
    binds = [part for each in demo.listen for part in ("--bind", each)]
    gunicorn = ["gunicorn", "clair_portal.wsgi", "--worker-class", "gthread", "--workers", "1", "--threads", "8"]
    gunicorn += [*binds, "--log-level", "warning", "--graceful-timeout", "5", "--no-control-socket"]
    gunicorn += ["--limit-request-line", "8190"]
    celery = ["celery", "-A", "clair_portal.celery", "worker", "-c", "2", "--loglevel", "WARNING"]
    celery += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        _child(demo, "web", "web", ["-m", *gunicorn]),
        _child(demo, "worker", "worker", ["-m", *celery]),
        _child(demo, "relay", "worker", ["manage.py", "relay"]),
    ]


def _child(demo: Demo, name: str, login: str, arguments: list[str], niceness: int = 0) -> Process:
    politely = ["nice", "-n", str(niceness)] if niceness else []
    return Process(
        name=name,
        command=[*politely, sys.executable, *arguments],
        environment=demo.environment | {"PORTAL_LOGIN": login},
        log=demo.services.state.log(name),
        account=Account(server_account().name),
        folder=CHECKOUT,
    )


def _stop_all(children: list[Process]) -> None:
    with undisturbed():
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()


def _wait_for_answer(demo: Demo, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + LONGEST_START
    while not address.answers(demo.port):
        supervisor.look(time.monotonic())
        if time.monotonic() > deadline:
            log = demo.services.state.log("web")
            raise Failure(
                f"The portal did not answer on port {demo.port} within {LONGEST_START:.0f} s (its log: {log})."
            )
        time.sleep(0.1)
