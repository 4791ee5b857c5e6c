"""The demo with its sample data on a free port, for checks that need the whole thing running."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo_server(**more: str) -> Iterator[str]:
    """Migrates and fills the database of DATABASE_URL, starts web and relay, yields the address. `more`: environment."""
    static = tempfile.mkdtemp(prefix="portal-static-")
    environment = {
        **os.environ,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "clair_portal.settings.demo",
        "STATIC_ROOT": static,
        **more,
    }
    owner, web = {**environment, "PORTAL_LOGIN": "owner"}, {**environment, "PORTAL_LOGIN": "web"}
    for command in (["migrate", "--noinput"], ["load_reference"], ["load_sample"], ["collectstatic", "--noinput"]):
        subprocess.run([sys.executable, "manage.py", *command], env=owner, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    server = [
        sys.executable,
        "-m",
        "gunicorn",
        "clair_portal.wsgi",
        "--threads",
        "4",
        "--bind",
        f"localhost:{port}",
        "--log-level",
        "error",
    ]
    started = [
        subprocess.Popen(server, env=web, stderr=subprocess.DEVNULL),
        subprocess.Popen(
            [sys.executable, "manage.py", "relay"],
            env={**environment, "PORTAL_LOGIN": "worker"},
            stderr=subprocess.DEVNULL,
        ),
    ]
    try:
        _wait_for(f"http://localhost:{port}/healthz")
        yield f"http://localhost:{port}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")
