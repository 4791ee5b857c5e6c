"""Where the demo listens: http://localhost:PORT/, on both meanings of localhost."""

from __future__ import annotations

import errno
import http.client
import os
import socket

from clair_portal.local_services.failure import Failure

LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Failure(f"PORT must be a number from 1 to 65535, not {text!r}.", 2)
    return int(text)


def bindable(port: int) -> list[str]:
    """The addresses to listen on, as host:port. Fails where another program has the port."""
    addresses = []
    for family, host in LOOPBACKS:
        if _may_bind(family, host, port):
            addresses.append(f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}")
    if not addresses:
        raise Failure("This machine has no loopback address to listen on.", 2)
    return addresses


def _may_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            another = port + 1 if port < 65535 else 8000
            raise Failure(
                f"Port {port} is already in use: stop the program that has it, or choose another, for"
                f" example: make demo PORT={another}",
                2,
            ) from error
        if error.errno == errno.EACCES:
            raise Failure(
                f"Port {port} is reserved for root: choose one above 1023, for example PORT=8000.", 2
            ) from error
        return False  # no IPv6 here
    return True


def answers(port: int) -> bool:
    """Whether the portal says that it is well."""
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
