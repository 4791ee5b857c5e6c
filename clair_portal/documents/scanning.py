"""The virus check by clamd's INSTREAM command. Where none is configured that is visible, not silently called clean."""

from __future__ import annotations

import socket
import struct

from django.conf import settings

from clair_portal.documents.models import Check

CHUNK = 64 * 1024
TIMEOUT = 20
LONGEST_ANSWER = 4096


def scan(content: bytes) -> Check:
    """CLEAN or INFECTED by the scanner; QUARANTINED when it does not answer; NOT_SCANNED when there is none."""
    if not settings.CLAMAV_ADDRESS:
        return Check.NOT_SCANNED
    try:
        answer = _instream(content)
    except OSError:
        return Check.QUARANTINED
    if answer.endswith(b"OK"):
        return Check.CLEAN
    return Check.INFECTED if answer.endswith(b"FOUND") else Check.QUARANTINED


def _instream(content: bytes) -> bytes:
    with _connect(settings.CLAMAV_ADDRESS) as clamd:
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            clamd.sendall(struct.pack(">I", len(chunk)) + chunk)
        clamd.sendall(struct.pack(">I", 0))
        answer = b""
        while len(answer) < LONGEST_ANSWER and (part := clamd.recv(4096)):
            answer += part
    return answer.rstrip(b"\0\n")


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(TIMEOUT)
        clamd.connect(address)
        return clamd
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), TIMEOUT)
