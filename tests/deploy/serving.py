"""A real nginx with the shipped files of deploy/nginx, with paths and ports of a test; what an answer says; what every one says."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy.environments import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed (on Debian: apt-get install nginx-light)"
)

HOST = "portal.example"
CLIENT = "127.0.0.9"  # any address of the loopback network may be a client's
# What may differ between answers: content, caching, and the connection itself.
OWN = {
    "accept-ranges", "allow", "cache-control", "connection", "content-disposition", "content-encoding", "content-language", "content-length",
    "content-type", "date", "etag", "expires", "last-modified", "location", "retry-after", "server", "set-cookie",
    "transfer-encoding", "vary",
}  # fmt: skip
COMMON = {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

SECRET = "sA9-" + "x" * 39
# Address → how it stands in a log: of Django and of nginx alike.
LOGGED = {
    f"/ja/requests/confirm/{SECRET}/": "/ja/requests/confirm/…/",
    f"/zh-hans/requests/follow/{SECRET}/withdraw/": "/zh-hans/requests/follow/…/withdraw/",
    f"/en/requests/follow/{SECRET}/papers/0190a0c5-7c1e-7000-8000-000000000001/": (
        "/en/requests/follow/…/papers/0190a0c5-7c1e-7000-8000-000000000001/"
    ),
    f"/ja/forms/events/confirm/{SECRET}/": "/ja/forms/events/confirm/…/",
    f"/ja/forms/events/place/{SECRET}/": "/ja/forms/events/place/…/",
    f"/ja/forms/events/answers/{SECRET}": "/ja/forms/events/answers/…",
    "/accounts/invitation/ABCD-EFGH-JKLM-NPQR-STVW/": "/accounts/invitation/…/",
    f"/accounts/password/reset/key/3-{SECRET}/": "/accounts/password/reset/key/…/",
    f"/{SECRET}/{SECRET}/": "/…/…/",
    "/ja/forms/events/0190a0c5-7c1e-7000-8000-000000000001/": (
        "/ja/forms/events/0190a0c5-7c1e-7000-8000-000000000001/"
    ),
    "/ja/forms/offices/london/": "/ja/forms/offices/london/",
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        [value] = [value for key, value in self.headers if key.lower() == name.lower()]
        return value

    @property
    def common(self) -> list[tuple[str, str]]:
        """Every header that is not the answer's own, with repetitions; the request id without its value."""
        kept = [(key.lower(), value) for key, value in self.headers if key.lower() not in OWN]
        return sorted((key, "" if key == "x-request-id" else value) for key, value in kept)


EVERYWHERE = sorted([("x-request-id", ""), *COMMON.items()])


def ask(
    connection: http.client.HTTPConnection, path: str, method: str, body: bytes | None, headers: dict[str, str]
) -> Answer:
    named = {"Host": HOST, **{key.replace("_", "-"): value for key, value in headers.items()}}
    with contextlib.closing(connection):
        connection.request(method, path, body=body, headers=named)
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def write_configuration(folder: Path, ports: dict[str, int]) -> Path:
    """The shipped files, with paths and ports of this test: the tree is in folder/published, Django's socket folder/w.

    Without a port "tls" there is none: what else listens with TLS listens on "http". Every replacement must find its words.
    """
    shutil.copytree(ROOT / "deploy" / "nginx", folder / "nginx")
    for path in (folder / "nginx").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    changes = {
        "portal.conf": {
            "unix:/run/portal/web.sock": f"unix:{folder}/w",
            "listen 8080;": f"listen 127.0.0.1:{ports['plain']};",
            "/etc/nginx/portal/pages/": f"{folder}/nginx/pages/",
            "root /srv;": f"root {folder};",
            "/srv/published": f"{folder}/published",
        },
        "nginx.conf": {
            "worker_processes auto;": f"worker_processes 1;\n{'user root;' if os.geteuid() == 0 else ''}",
            "/tmp/": f"{folder}/",
            "/dev/stderr": f"{folder}/nginx-errors.log",
            "/dev/stdout": f"{folder}/nginx-access.log",
            "/etc/nginx/portal/portal.conf": f"{folder}/nginx/portal.conf",
        },
    }
    if "tls" in ports:
        changes["tls.conf"] = {
            "listen 8443 ssl;": f"listen 127.0.0.1:{ports['tls']} ssl;",
            "http2 on;\n": "",  # nginx 1.25 and newer; Debian's is older
            "/run/secrets/tls_certificate": f"{folder}/certificate.pem",
            "/run/secrets/tls_key": f"{folder}/key.pem",
        }
    else:
        (folder / "nginx" / "tls.conf").write_text(f"listen 127.0.0.1:{ports['http']};\n")
    for name, replacements in changes.items():
        path = folder / "nginx" / name
        text = path.read_text(encoding="utf-8")
        for old, new in replacements.items():
            assert old in text, f"{name} no longer holds {old}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return folder / "nginx" / "nginx.conf"


@contextlib.contextmanager
def nginx_alone(folder: Path, *, https: bool = False) -> Iterator[int]:
    """nginx without TLS, in front of nobody unless somebody listens at folder/w. Yields its port; serves folder/published.

    `https`: whoever listens is told that the reader came by TLS.
    """
    ports = {"plain": free_port(), "http": free_port()}
    open_to_all(folder)
    command = [str(NGINX), "-c", str(write_configuration(folder, ports)), "-g", "daemon off;"]
    if https:
        told = folder / "nginx" / "proxy.conf"
        told.write_text(told.read_text().replace("X-Forwarded-Proto $scheme;", "X-Forwarded-Proto https;"))
    with (folder / "nginx.log").open("wb") as words:
        process = subprocess.Popen(command, stdout=words, stderr=words)
        try:
            _wait_for(ports["http"], process, folder)
            yield ports["http"]
        finally:
            end(process)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("".join(path.read_text(errors="replace") for path in folder.glob("*.log"))[-4000:])


def open_to_all(folder: Path) -> None:
    """nginx's workers are somebody else where root runs the tests."""
    for each in [folder, *[*folder.parents][:2]]:
        each.chmod(each.stat().st_mode | 0o055 if each == folder else each.stat().st_mode | 0o011)


def put(tree: Path, name: str, body: str, *, compressed: bool = True) -> None:
    """A published file as the tree writes it; what the .br holds is told from the others by its first bytes."""
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if compressed:
        path.with_name(f"{path.name}.br").write_bytes(b"br " + body.encode())
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(body.encode(), 6, mtime=0))
    path.write_text(body, encoding="utf-8")
