"""Health of a container: `healthcheck.py web` asks the process, `healthcheck.py relay` asks the database when it last moved."""

from __future__ import annotations

import http.client
import os
import socket
import sys

SOCKET = "/run/portal/web.sock"
LATE = "2 minutes"  # the relay takes up its shortest turn every 20 s


class _Unix(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(5)
        self.sock.connect(os.environ.get("BIND", f"unix:{SOCKET}").removeprefix("unix:"))


def web() -> bool:
    """Only whether the process answers: a stopped relay or broker is no reason to take the pages away (/readyz says that)."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    connection = _Unix(host)
    connection.request("GET", "/healthz")
    return connection.getresponse().status == 200


def relay() -> bool:
    """Whether the schedule has been written and no turn of it is overdue."""
    import psycopg

    with open(os.environ["DATABASE_WORKER_URL_FILE"], encoding="utf-8") as file:
        address = file.read().strip()
    with psycopg.connect(address, connect_timeout=5) as connection:
        connection.execute("select set_config('role', 'portal_system', true)")
        found = connection.execute(
            "select bool_and(next_at > now() - %s::interval) from outbox_schedule where every is not null", [LATE]
        )
        return found.fetchone() == (True,)


if __name__ == "__main__":
    raise SystemExit(0 if {"web": web, "relay": relay}[sys.argv[1]]() else 1)
