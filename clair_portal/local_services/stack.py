"""Starts what the environment does not name, in order, and stops it in the opposite order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from clair_portal.local_services import postgres, valkey
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.process import Process
from clair_portal.local_services.signals import undisturbed
from clair_portal.local_services.state import State, opened


@dataclass(frozen=True)
class Services:
    state: State
    environment: dict[str, str]
    processes: list[Process]


@contextmanager
def services(state: Path, fast: bool) -> Iterator[dict[str, str]]:
    """Yields the variables to add to the environment. `fast` trades durability for speed: for tests only.

    Raises Failure with one sentence; then nothing is left running.
    """
    with running(state, fast) as started:
        yield started.environment


@contextmanager
def running(requested: Path, fast: bool) -> Iterator[Services]:
    given = _given_and_reachable()  # first: an address that does not answer must leave nothing half-started
    with opened(requested) as state:
        processes: list[Process] = []
        try:
            environment = _start(state, fast, given, processes)
            yield Services(state, environment, processes)
        finally:
            with undisturbed():
                for process in reversed(processes):
                    process.stop()


def _start(state: State, fast: bool, given: dict[str, str], processes: list[Process]) -> dict[str, str]:
    environment = given | {"STATE": str(state.folder)}
    if not _value("SECRET_KEY"):
        environment["SECRET_KEY"] = state.secret_key()
    if "DATABASE_URL" not in given:
        processes.append(postgres.start(state, fast))
        environment |= postgres.environment(state)
    if "REDIS_URL" not in given:
        processes.append(valkey.start(state))
        environment |= valkey.environment(state)
    return environment


def _given_and_reachable() -> dict[str, str]:
    given = {name: value for name in ("DATABASE_URL", "REDIS_URL") if (value := _value(name))}
    if address := given.get("DATABASE_URL"):
        _reach_database(address)
    if address := given.get("REDIS_URL"):
        _reach_broker(address)
    return given


def _value(name: str) -> str:
    """As the settings read it: the variable, or the file that NAME_FILE names."""
    if value := os.environ.get(name):
        return value
    if not (path := os.environ.get(f"{name}_FILE")):
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Failure(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.", 2) from error


def _reach_database(address: str) -> None:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.Error as error:
        why = " ".join(str(error).split())
        raise Failure(f"The database in DATABASE_URL ({_shown(address)}) cannot be reached: {why}", 2) from error


def _reach_broker(address: str) -> None:
    try:
        connection = redis.Redis.from_url(address, socket_connect_timeout=5, socket_timeout=5)
        connection.ping()
        connection.close()
    except (redis.RedisError, ValueError, OSError) as error:
        raise Failure(f"The server in REDIS_URL ({_shown(address)}) cannot be reached: {error}", 2) from error


def _shown(address: str) -> str:
    """Without the password: the sentence may end up in a log."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "not an address"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
