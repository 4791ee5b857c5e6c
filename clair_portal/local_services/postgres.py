"""A private PostgreSQL: sockets only, no TCP port, stopped with the program that needs it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from clair_portal.local_services.environment import say, system_postgres
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.process import Process
from clair_portal.local_services.signals import before_exec
from clair_portal.local_services.state import State

PORT = "5432"  # only part of the socket's name
EXTENSIONS = ("pg_trgm", "btree_gist")
SETTINGS = {
    "listen_addresses": "", "max_connections": "100", "shared_buffers": "256MB", "jit": "off",
    "random_page_cost": "1.1",  # 4 is for turning disks: the planner would read past the index of a year
}  # fmt: skip
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for data nobody would miss
OLDEST_VERSION = 14  # what Django 5.2 supports


def start(state: State, fast: bool) -> Process:
    """Start the cluster under `state`, made and furnished the first time, and wait until it answers."""
    folder = state.account.own_folder(state.folder / "postgres")
    binaries = _binaries(state, folder / "data")
    _clear_leftovers(folder / "data", state.sockets)
    fresh = not (folder / "complete").exists()
    if fresh:
        say("Making a private PostgreSQL database ...")
        _initialise(state, binaries, folder / "data", fast)
    server = _server(state, binaries, folder / "data", fast)
    try:
        server.start()
        server.wait_until_ready(60)
        if fresh:
            _furnish(state)
            (folder / "complete").touch()
    except BaseException:
        server.stop()
        raise
    return server


def environment(state: State) -> dict[str, str]:
    """portal_web and portal_worker are made by the migrations; the superuser is for tests and the restore drill."""

    def address(role: str) -> str:
        return f"postgresql://{role}@/portal?host={state.sockets}"

    return {
        "DATABASE_URL": address("portal_owner"),
        "DATABASE_WEB_URL": address("portal_web"),
        "DATABASE_WORKER_URL": address("portal_worker"),
        "PORTAL_SUPERUSER_URL": address("postgres"),
        "PG_BINDIR": str(_binaries(state, state.folder / "postgres" / "data")),
        "PGPORT": PORT,  # the person's own PGPORT would otherwise look for another socket
    }


def _server(state: State, binaries: Path, data: Path, fast: bool) -> Process:
    settings = SETTINGS | {"unix_socket_directories": str(state.sockets), "port": PORT} | (FAST if fast else {})
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Process(
        name="PostgreSQL",
        command=[binaries / "postgres", "-D", data, *options],
        environment=_bare_environment(data),
        log=state.log("postgres"),
        account=state.account,
        stop_signal=signal.SIGINT,  # a fast shutdown: sessions are ended, data is written
        patience=30,
        prepare=lambda: _clear_leftovers(data, state.sockets),
        ready=lambda: _answers(state.sockets),
    )


def _bare_environment(data: Path) -> dict[str, str]:
    return {"HOME": str(data.parent), "LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}


# --- Programs ---------------------------------------------------------------------------------------------------------
def _binaries(state: State, data: Path) -> Path:
    """The folder of server programs: the newest, or those of the version that made the data."""
    found = [_reachable_binaries(state, path) for path in (*system_postgres(), *_wheel_binaries())]
    if not found:
        raise Failure(
            "PostgreSQL is missing: install it (on Debian: apt-get install postgresql), put requirements/embedded.lock"
            " into .venv, or set DATABASE_URL.",
            2,
        )
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip() if _is_complete(data) else None
    for path in found:
        if (version := _version(path)) >= OLDEST_VERSION and made_by in (None, str(version)):
            return path
    if made_by is None:
        raise Failure(
            f"PostgreSQL {OLDEST_VERSION} or newer is needed; {found[0]} holds version {_version(found[0])}.", 2
        )
    raise Failure(
        f"The database in {data} was made by PostgreSQL {made_by}, which is not installed here: install that version,"
        f" or remove {data.parent.parent} to begin anew.",
        2,
    )


def _is_complete(data: Path) -> bool:
    return (data.parent / "complete").exists() and (data / "PG_VERSION").exists()


def _version(binaries: Path) -> int:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


def _wheel_binaries() -> Iterator[Path]:
    """Only the programs of the wheel are used: its own API adds a system user and opens parent folders to it."""
    spec = importlib.util.find_spec("pgserver")
    for location in (spec.submodule_search_locations or []) if spec else []:
        if (binaries := Path(location) / "pginstall" / "bin" / "initdb").exists():
            yield binaries.parent


def _reachable_binaries(state: State, binaries: Path) -> Path:
    if state.account.reaches(binaries / "initdb"):
        return binaries
    # The programs look for lib/ and share/ beside bin/, and a wheel's for <name>.libs beside the package.
    installation, copies = binaries.parent, state.folder / "programs"
    for libraries in installation.parent.parent.glob("pgserver*.libs"):
        state.account.reachable_copy(libraries, copies)
    return state.account.reachable_copy(installation, copies / "pgserver") / "bin"


# --- Making a cluster -------------------------------------------------------------------------------------------------
def _initialise(state: State, binaries: Path, data: Path, fast: bool) -> None:
    shutil.rmtree(data, ignore_errors=True)  # an attempt that broke off
    command: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    made = subprocess.run(
        [*command, *(["--no-sync"] if fast else [])],
        cwd="/",
        env=_bare_environment(data),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        preexec_fn=before_exec(signal.SIGTERM),
        **state.account.popen_arguments(),
    )
    if made.returncode:
        state.log("initdb").write_text(made.stdout + made.stderr, encoding="utf-8")
        why = next((line for line in made.stderr.splitlines() if "error" in line.lower()), "no reason given")
        raise Failure(f"PostgreSQL's data folder could not be made: {why.strip()} (log: {state.log('initdb')}).")


def _furnish(state: State) -> None:
    """What an administrator or a hosting company does once. Every step may be repeated after a break."""
    with _superuser(state.sockets, "template1") as connection:  # so that every database made later has them, tests' too
        for extension in EXTENSIONS:
            _create_extension(connection, extension)
    with _superuser(state.sockets, "postgres") as connection:
        connection.execute("create role portal_owner login createdb createrole nosuperuser")
        connection.execute("create database portal owner portal_owner template template1")


def _create_extension(connection: psycopg.Connection, extension: str) -> None:
    try:
        connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
    except psycopg.Error as error:
        raise Failure(
            f"PostgreSQL's extension {extension} is missing: install the package that holds it (often"
            " postgresql-contrib)."
        ) from error


def _superuser(sockets: Path, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(sockets), port=PORT, user="postgres", dbname=database, autocommit=True, connect_timeout=5
    )


def _answers(sockets: Path) -> bool:
    try:
        _superuser(sockets, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


# --- What a crash leaves behind ---------------------------------------------------------------------------------------
def _clear_leftovers(data: Path, sockets: Path) -> None:
    """Called with the state folder locked: no living server can be meant, only one whose starter was killed.

    A stale postmaster.pid may name a number that some other program of the same account has by now; PostgreSQL
    would refuse to start then.
    """
    for signum, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if _none_left(data, signum, seconds):
            break
    for stale in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)


def _none_left(data: Path, signum: signal.Signals, seconds: float) -> bool:
    for process in _servers_in(data):
        with suppress(ProcessLookupError):
            os.kill(process, signum)
    deadline = time.monotonic() + seconds
    while _servers_in(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _servers_in(data: Path) -> list[int]:
    """Every PostgreSQL process works in its data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if entry.readlink() == data:
                found.append(int(entry.parent.name))
    return sorted(found)
