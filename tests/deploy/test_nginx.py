"""A real nginx with deploy/nginx/portal.conf and TLS, in front of a real gunicorn with production settings, on sockets.

`direct` asks gunicorn without nginx: on a second server that listens on loopback and trusts nobody.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.contrib.auth.hashers import ScryptPasswordHasher, make_password

from clair_portal.accounts.models import User
from clair_portal.outbox.models import Email
from tests.cast import make_cast
from tests.deploy.environments import MANAGE, ROOT, production

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
pytestmark = [
    pytest.mark.django_db,  # makes the test database, in which the processes work
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (on Debian: apt-get install nginx-light)"),
]

HOST = "portal.example"
CLIENT = "127.0.0.9"  # any address of the loopback network may be a client's
# What may differ between answers: content, caching, and the connection itself.
OWN = {
    "accept-ranges", "allow", "cache-control", "connection", "content-encoding", "content-language", "content-length",
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
        return sorted((key, "" if key == "x-request-id" else canonical(key, value)) for key, value in kept)


def canonical(name: str, value: str) -> str:
    """The order of directives in a Content-Security-Policy means nothing."""
    return "; ".join(sorted(value.split("; "))) if name == "content-security-policy" else value


EVERYWHERE = sorted([("x-request-id", ""), *((key, canonical(key, value)) for key, value in COMMON.items())])


@dataclass(frozen=True)
class Portal:
    tls: int
    plain: int
    direct_port: int
    static: Path
    log: Path
    client: str = CLIENT

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Through nginx, with TLS, from the client's address."""
        trust = ssl.create_default_context(cafile=str(self.static.parent / "certificate.pem"))
        raw = socket.create_connection(("127.0.0.1", self.tls), timeout=30, source_address=(self.client, 0))
        connection = http.client.HTTPSConnection(HOST, timeout=30)
        connection.sock = trust.wrap_socket(raw, server_hostname=HOST)
        return ask(connection, path, method, body, headers)

    def get_plain(self, path: str) -> Answer:
        return ask(http.client.HTTPConnection("127.0.0.1", self.plain, timeout=30), path, "GET", None, {})

    def direct(self, path: str, **headers: str) -> Answer:
        """Past nginx: gunicorn on loopback, which trusts no proxy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.direct_port, timeout=30, source_address=(CLIENT, 0))
        return ask(connection, path, "GET", None, headers)

    def lines(self, logger: str) -> list[dict[str, Any]]:
        """Log lines of the web processes; a line that is not JSON is an error."""
        found = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [line for line in found if line["logger"] == logger]


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


# The probe tells, in a log line, what a view would know of the client. It stands where views stand: behind all middleware.
PROBE = """
from clair_portal.wsgi import application
from clair_portal import urls
from clair_portal.accounts.rules import everybody
from django.http import JsonResponse
from django.urls import path

@everybody("GET", "POST")
def probe(request):
    forwarded = sorted(key for key in request.META if "FORWARDED" in key or key == "HTTP_X_REAL_IP")
    return JsonResponse({"address": request.META.get("REMOTE_ADDR"), "secure": request.is_secure(),
                         "host": request.get_host(), "forwarded": forwarded, "script": request.META.get("SCRIPT_NAME")})

@everybody()
def broken(request):
    raise RuntimeError("on purpose")

urls.urlpatterns += [path("probe/", probe), path("probe/broken/", broken)]
"""


@pytest.fixture(scope="module")
def portal(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("p")
    folder.chmod(0o755)
    for parent in [*folder.parents][:2]:
        parent.chmod(parent.stat().st_mode | 0o011)  # nginx's workers are somebody else where root runs the tests
    (folder / "probe.py").write_text(PROBE)
    make_certificate(folder)
    ports = {name: free_port() for name in ("tls", "plain", "direct")}
    log = folder / "web.log"
    base = production(folder, WORKER_TMP_DIR=str(folder), WEB_WORKERS="1", PYTHONPATH=f"{ROOT}{os.pathsep}{folder}")
    subprocess.run([*MANAGE, "collectstatic", "--noinput"], cwd=ROOT, env=base, check=True, capture_output=True)
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "probe:application"]
    with log.open("wb") as output, contextlib.ExitStack() as stop:
        started = []
        for bind, trusted in ((f"unix:{folder}/w", "unix"), (f"127.0.0.1:{ports['direct']}", "")):
            here = base | {"BIND": bind, "TRUSTED_PROXY": trusted}
            started.append(subprocess.Popen(command, cwd=ROOT, env=here, stdout=output, stderr=output))
            stop.callback(end, started[-1])
        serve = [str(NGINX), "-c", str(write_configuration(folder, ports)), "-g", "daemon off;"]
        words = stop.enter_context((folder / "nginx.log").open("wb"))
        started.append(subprocess.Popen(serve, stdout=words, stderr=words))
        stop.callback(end, started[-1])
        portal = Portal(ports["tls"], ports["plain"], ports["direct"], folder / "static", log)
        wait_for(portal, started, folder)
        yield portal


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def write_configuration(folder: Path, ports: dict[str, int]) -> Path:
    """The shipped files, with paths and ports of this test. Every replacement must find what it replaces."""
    shutil.copytree(ROOT / "deploy" / "nginx", folder / "nginx")
    for path in (folder / "nginx").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    changes = {
        "portal.conf": {
            "unix:/run/portal/web.sock": f"unix:{folder}/w",
            "listen 8080;": f"listen 127.0.0.1:{ports['plain']};",
            "/etc/nginx/portal/pages/": f"{folder}/nginx/pages/",
            "alias /srv/static/": f"alias {folder}/static/",
        },
        "tls.conf": {
            "listen 8443 ssl;": f"listen 127.0.0.1:{ports['tls']} ssl;",
            "http2 on;\n": "",  # nginx 1.25 and newer; Debian's is older
            "/run/secrets/tls_certificate": f"{folder}/certificate.pem",
            "/run/secrets/tls_key": f"{folder}/key.pem",
        },
        "nginx.conf": {
            "worker_processes auto;": f"worker_processes 1;\n{'user root;' if os.geteuid() == 0 else ''}",
            "/tmp/": f"{folder}/",
            "/dev/stderr": f"{folder}/nginx-errors.log",
            "/dev/stdout": f"{folder}/nginx-access.log",
            "/etc/nginx/portal/portal.conf": f"{folder}/nginx/portal.conf",
        },
    }
    for name, replacements in changes.items():
        path = folder / "nginx" / name
        text = path.read_text(encoding="utf-8")
        for old, new in replacements.items():
            assert old in text, f"{name} no longer holds {old}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return folder / "nginx" / "nginx.conf"


def wait_for(portal: Portal, started: list[subprocess.Popen[bytes]], folder: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError):
            if portal.get("/healthz").status == 200 and portal.direct("/healthz").status == 200:
                return
        if time.monotonic() > deadline or any(process.poll() is not None for process in started):
            logs = "".join(path.read_text(errors="replace") for path in folder.glob("*.log"))
            pytest.fail(f"nginx or gunicorn did not answer within 60 s:\n{logs[-4000:]}")
        time.sleep(0.2)


def hashed_file(portal: Portal) -> str:
    [path] = portal.static.glob("css/base.????????????.css")
    return f"/static/css/{path.name}"


def test_every_answer_carries_the_same_headers_whoever_gives_it(portal: Portal) -> None:
    answers = {
        "a page": portal.get("/ja/"),
        "a page of signing in": portal.get("/accounts/login/"),
        "a redirect": portal.get("/desk/"),
        "health": portal.get("/healthz"),
        "Django's 404": portal.get("/ja/no-such-page/"),
        "Django's 404 in the API": portal.get("/api/v1/no-such-thing/"),
        "Django's 500": portal.get("/probe/broken/"),
        "a file": portal.get("/static/favicon.svg"),
        "a hashed file": portal.get(hashed_file(portal)),
        "nginx's 404": portal.get("/static/no-such-file.css"),
        "nginx's 413": portal.get("/probe/", "POST", b"", Content_Length=str(26 * 1024 * 1024)),
        "nginx's 400": portal.get("/probe/", X_Long="x" * 20_000),
    }
    assert {name: answer.status for name, answer in answers.items()} == {
        "a page": 200, "a page of signing in": 200, "a redirect": 302, "health": 200, "Django's 404": 404,
        "Django's 404 in the API": 404, "Django's 500": 500, "a file": 200, "a hashed file": 200, "nginx's 404": 404,
        "nginx's 413": 413, "nginx's 400": 400,
    }  # fmt: skip
    assert {name: answer.common for name, answer in answers.items() if answer.common != EVERYWHERE} == {}


def test_static_files_come_from_nginx_compressed_and_may_be_kept(portal: Portal) -> None:
    path = hashed_file(portal)
    answer = portal.get(path, Accept_Encoding="gzip")
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert portal.get("/static/favicon.svg")["Cache-Control"] == "public, max-age=3600"
    assert not [line for line in portal.lines("portal.access") if path in line["message"]]  # Django was not asked


@pytest.mark.parametrize(
    "path", ["/static/../manage.py", "/static/%2e%2e/key.pem", "/static/..%2fkey.pem", "/_nginx/404.html"]
)
def test_nothing_beside_the_static_files_is_served(portal: Portal, path: str) -> None:
    answer = portal.get(path)
    assert answer.status in (400, 404)
    assert b"PRIVATE KEY" not in answer.body


def test_the_client_is_who_connected_to_nginx(portal: Portal) -> None:
    seen = json.loads(portal.get("/probe/").body)
    assert seen == {
        "address": CLIENT,
        "secure": True,
        "host": HOST,
        "forwarded": ["HTTP_X_FORWARDED_PROTO"],
        "script": "",
    }


@pytest.mark.parametrize(
    "forged",
    [
        {"X_Forwarded_For": "203.0.113.7"},
        {"X_Forwarded_For": "203.0.113.7, 198.51.100.1"},
        {"X_Real_IP": "203.0.113.7", "Forwarded": "for=203.0.113.7", "X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_Proto": "http"},
        {"Script_Name": "/evil"},
    ],
)
def test_what_a_client_claims_through_nginx_is_not_believed(portal: Portal, forged: dict[str, str]) -> None:
    seen = json.loads(portal.get("/probe/", **forged).body)
    assert seen == {
        "address": CLIENT,
        "secure": True,
        "host": HOST,
        "forwarded": ["HTTP_X_FORWARDED_PROTO"],
        "script": "",
    }


def test_without_nginx_nobody_is_believed(portal: Portal) -> None:
    """Past nginx the address is the connection's own, and a claim of TLS only leads to the redirect to TLS."""
    answer = portal.direct("/probe/", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")
    assert (answer.status, answer["Location"]) == (301, "https://portal.example/probe/")
    assert portal.direct("/readyz").status in (200, 503)  # may be asked without TLS


def test_an_unknown_host_is_refused(portal: Portal) -> None:
    assert portal.get("/ja/", Host="evil.example").status == 400


def test_without_tls_there_is_only_the_way_to_tls(portal: Portal) -> None:
    answer = portal.get_plain("/ja/?q=1")
    assert (answer.status, answer["Location"]) == (308, "https://portal.example/ja/?q=1")


def test_one_request_id_runs_through_nginx_django_and_the_log(portal: Portal) -> None:
    request_id = portal.get("/probe/", X_Request_ID="forged-by-the-client-1")["X-Request-ID"]
    assert len(request_id) == 32
    [line] = [line for line in portal.lines("portal.access") if line["request_id"] == request_id]
    assert line["message"].startswith("GET /probe/ 200 ")


def test_every_line_of_the_log_is_json_with_a_request_id(portal: Portal) -> None:
    broken = portal.get("/probe/broken/")["X-Request-ID"]
    lines = [json.loads(line) for line in portal.log.read_text(encoding="utf-8").splitlines()]
    assert {"at", "level", "logger", "message", "request_id"} - set.intersection(
        *(set(line) for line in lines)
    ) == set()
    [error] = [line for line in lines if line["request_id"] == broken and line["level"] == "ERROR"]
    assert "RuntimeError: on purpose" in error["trace"]


def test_the_log_of_nginx_is_json_and_keeps_no_code_that_opens_something(portal: Portal) -> None:
    request_id = portal.get("/accounts/invitation/ABCD-EFGH-JKLM/?x=1")["X-Request-ID"]
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        lines = [
            json.loads(line)
            for line in (portal.log.parent / "nginx-access.log").read_text(encoding="utf-8").splitlines()
        ]
        if found := [line for line in lines if line["request_id"] == request_id]:
            break
        time.sleep(0.1)  # nginx writes the line after it has answered
    assert [(line["path"], line["address"], line["method"]) for line in found] == [
        ("/accounts/invitation/...", CLIENT, "GET")
    ]


def cookies_of(answer: Answer) -> dict[str, set[str]]:
    """Name -> the attributes that bind it; those without a value in full."""
    found = {}
    for key, value in answer.headers:
        if key.lower() == "set-cookie":
            first, *rest = (part.strip() for part in value.split(";"))
            found[first.split("=")[0]] = {part for part in rest if not part.startswith(("expires", "Max-Age"))}
    return found


BOUND = {"Secure", "HttpOnly", "SameSite=Lax"}


def test_cookies_are_bound_to_the_host_and_to_tls(portal: Portal, somebody: str) -> None:
    portal = replace(portal, client="127.0.0.10")  # the other one has guessed passwords
    page = portal.get("/accounts/login/")
    assert cookies_of(page) == {"__Host-portal_csrf": {*BOUND, "Path=/"}}
    token, value = csrf_of(page)
    cookie = {"Cookie": f"__Host-portal_csrf={value}", "Referer": f"https://{HOST}/accounts/login/"}
    form = {"Content_Type": "application/x-www-form-urlencoded", **cookie}
    words = f"csrfmiddlewaretoken={token}"
    chosen = portal.get("/language/", "POST", f"{words}&language=en&next=/".encode(), **form)
    assert cookies_of(chosen)["__Host-portal_language"] == {*BOUND, "Path=/"}
    login = f"{words}&login={somebody}&password=correct+horse+battery".encode()
    asked_for_a_code = portal.get("/accounts/login/", "POST", login, **form)
    assert cookies_of(asked_for_a_code)["__Host-portal_session"] == {*BOUND, "Path=/"}
    with_session = {**form, "Cookie": "; ".join([form["Cookie"], *pairs_of(asked_for_a_code)])}
    code = Email.objects.get(event="accounts.mail.login_code").body.split("\n\n")[1].strip()
    signed_in = portal.get("/accounts/login/code/confirm/", "POST", f"{words}&code={code}".encode(), **with_session)
    assert signed_in["Location"] == "/desk/"
    assert cookies_of(signed_in)["__Secure-portal_device"] == {*BOUND, "Path=/accounts/"}


def pairs_of(answer: Answer) -> list[str]:
    """name=value of the cookies an answer sets."""
    return [value.split(";")[0] for key, value in answer.headers if key.lower() == "set-cookie"]


def csrf_of(page: Answer) -> tuple[str, str]:
    """The token in the form, and the value of the cookie it belongs to."""
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    assert token is not None
    return token[1].decode(), page["Set-Cookie"].split(";")[0].split("=", 1)[1]


@pytest.fixture
def somebody(transactional_db: None) -> str:
    """A person who has an account and a posting at a town hall, committed, so that the processes see it."""
    user = make_cast().users["otaru"]
    User.objects.update(sample=False, password=make_password("correct horse battery", hasher=ScryptPasswordHasher()))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return str(user.email)


# --- Requests of which two servers could read two different things ----------------------------------------------------
def raw(portal: Portal, request: bytes, *, past_nginx: bool = False) -> list[bytes]:
    """Status lines of everything that comes back for one piece of bytes."""
    with contextlib.ExitStack() as stop:
        port = portal.direct_port if past_nginx else portal.tls
        connection: socket.socket = stop.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        if not past_nginx:
            trust = ssl.create_default_context(cafile=str(portal.static.parent / "certificate.pem"))
            connection = stop.enter_context(trust.wrap_socket(connection, server_hostname=HOST))
        connection.sendall(request)
        answer = b""
        with contextlib.suppress(TimeoutError, ssl.SSLError, ConnectionError):
            connection.settimeout(3)
            while part := connection.recv(65536):
                answer += part
    return re.findall(rb"HTTP/1\.1 (\d{3})", answer)


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: portal.example\r\n\r\n"
HEAD = b"POST /probe/ HTTP/1.1\r\nHost: portal.example\r\n"
SMUGGLED = {
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "length and chunks": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a disguised encoding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "an encoding twice": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a space before the colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a length with a sign": HEAD + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "a bad chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + HIDDEN,
}


@pytest.mark.parametrize("case", SMUGGLED)
@pytest.mark.parametrize("past_nginx", [False, True], ids=["through nginx", "gunicorn alone"])
def test_an_ambiguous_request_is_refused_and_never_two(portal: Portal, case: str, past_nginx: bool) -> None:
    statuses = raw(portal, SMUGGLED[case], past_nginx=past_nginx)
    assert b"200" not in statuses, "what was hidden behind the request was answered as a second one"
    assert statuses == [] or statuses[-1][:1] in (b"4", b"5"), statuses


def test_the_containers_health_check_asks_the_socket(portal: Portal) -> None:
    command = [sys.executable, "deploy/healthcheck.py", "web"]
    here = {"BIND": f"unix:{portal.log.parent}/w", "ALLOWED_HOSTS": HOST}
    assert subprocess.run(command, cwd=ROOT, env=here, check=False).returncode == 0
    elsewhere = here | {"BIND": f"unix:{portal.log.parent}/nobody"}
    assert subprocess.run(command, cwd=ROOT, env=elsewhere, check=False, capture_output=True).returncode == 1


def test_guessing_passwords_is_slowed_before_django_sees_it(portal: Portal) -> None:
    """Last of all: it uses up what this address may try. Burst 20, then one in two seconds."""
    statuses = [portal.get("/accounts/login/", "POST", b"").status for _ in range(24)]
    assert statuses[:20].count(429) == 0
    assert statuses[-1] == 429
    refused = portal.get("/accounts/login/", "POST", b"")
    assert refused.common == EVERYWHERE
    assert "サインインの試行が多すぎます".encode() in refused.body
    assert portal.get("/accounts/login/").status == 200  # looking is not limited
