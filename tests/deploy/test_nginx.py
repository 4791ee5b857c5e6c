"""A real nginx with deploy/nginx/portal.conf and TLS, in front of a real gunicorn with production settings, on sockets.

`direct` asks gunicorn without nginx: on a second server that listens on loopback and trusts nobody.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import ScryptPasswordHasher, make_password

from clair_portal.accounts.models import User
from clair_portal.outbox.models import Email
from tests.cast import make_cast
from tests.deploy.environments import MANAGE, ROOT, production
from tests.deploy.serving import (
    CLIENT,
    EVERYWHERE,
    HOST,
    LOGGED,
    NGINX,
    SECRET,
    Answer,
    ask,
    end,
    free_port,
    make_certificate,
    needs_nginx,
    open_to_all,
    put,
    write_configuration,
)

pytestmark = [
    pytest.mark.django_db,  # makes the test database, in which the processes work
    needs_nginx,
]


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


# The probe tells, in a log line, what a view would know of the client. It stands where views stand: behind all middleware.
PROBE = """
from clair_portal.wsgi import application
from clair_portal import urls
from clair_portal.accounts.rules import everybody
from clair_portal.accounts.views.sign_in import too_many_requests
from django.http import FileResponse, HttpResponse, JsonResponse
from django.urls import path
import io
import threading

together = threading.Barrier(4)

@everybody()
def crowd(request):
    together.wait(4)
    return HttpResponse("together", headers={"Cache-Control": "no-store"})

@everybody("GET", "POST")
def probe(request):
    forwarded = sorted(key for key in request.META if "FORWARDED" in key or key == "HTTP_X_REAL_IP")
    return JsonResponse({"address": request.META.get("REMOTE_ADDR"), "secure": request.is_secure(),
                         "host": request.get_host(), "forwarded": forwarded, "script": request.META.get("SCRIPT_NAME")})

@everybody()
def broken(request):
    raise RuntimeError("on purpose")

@everybody()
def download(request):
    return FileResponse(io.BytesIO(b"1,2"), as_attachment=True, filename="table.csv")

@everybody()
def gone(request):
    return HttpResponse(status=410)

urls.urlpatterns += [path("probe/", probe), path("probe/broken/", broken), path("probe/download/", download),
                     path("probe/410/", gone), path("ja/forms/probe/", crowd), path("probe/429/", everybody()(too_many_requests))]
"""


@pytest.fixture(scope="module")
def portal(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("p")
    open_to_all(folder)
    (folder / "probe.py").write_text(PROBE)
    make_certificate(folder)
    ports = {name: free_port() for name in ("tls", "plain", "direct")}
    put(folder / "published", "ja/told/index.html", "<!DOCTYPE html><title>told</title>")
    put(folder / "published", "robots.txt", "User-agent: *")
    put(folder / "published", "ja/stories/told-no-more/index.gone", "<!DOCTYPE html><title>gone</title>")
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
    """Each of them once. Status and headers of 429 from nginx: the last test of this module."""
    big = str(33 * 1024 * 1024)
    answers = {
        "a page from its file": (200, portal.get("/ja/told/")),
        "the same, compressed": (200, portal.get("/ja/told/", Accept_Encoding="br")),
        "the head of it": (200, portal.get("/ja/told/", "HEAD")),
        "a file that did not change": (304, portal.get("/ja/told/", If_None_Match=portal.get("/ja/told/")["ETag"])),
        "robots.txt": (200, portal.get("/robots.txt")),
        "a withdrawn page": (410, portal.get("/ja/stories/told-no-more/")),
        "a page": (200, portal.get("/ja/branches/")),
        "the head of a page": (200, portal.get("/ja/branches/", "HEAD")),
        "a page with a query": (200, portal.get("/ja/branches/?x=1")),
        "the same from the cache": (200, portal.get("/ja/branches/?x=1")),
        "a page that did not change": (304, portal.get("/ja/", If_None_Match=portal.get("/ja/")["ETag"])),
        "a page of signing in": (200, portal.get("/accounts/login/")),
        "a redirect": (302, portal.get("/desk/")),
        "a redirect to the slash": (301, portal.get("/ja/branches")),
        "health": (200, portal.get("/healthz")),
        "the API": (200, portal.get("/api/v1/organisations/")),
        "a download": (200, portal.get("/probe/download/")),
        "Django's 404": (404, portal.get("/ja/no-such-page/")),
        "Django's 404 in the API": (404, portal.get("/api/v1/no-such-thing/")),
        "Django's 410": (410, portal.get("/probe/410/")),
        "Django's 429": (429, portal.get("/probe/429/")),
        "Django's 500": (500, portal.get("/probe/broken/")),
        "a static file": (200, portal.get("/static/favicon.svg")),
        "a hashed file": (200, portal.get(hashed_file(portal))),
        "nginx's 404": (404, portal.get("/static/no-such-file.css")),
        "nginx's 413": (413, portal.get("/probe/", "POST", b"", Content_Length=big)),
        "nginx's 413 on a public page": (413, portal.get("/ja/told/", "POST", b"", Content_Length=big)),
        "nginx's 400": (400, portal.get("/probe/", X_Long="x" * 40_000)),
        "a long header": (200, portal.get("/probe/", X_Long="x" * 20_000)),
        "nginx's 414": (414, portal.get(f"/en/search/?q={'x' * 8200}")),
        "nginx's 405": (405, portal.get("/static/favicon.svg", "POST", b"")),
    }
    assert {name: answer.status for name, (_wanted, answer) in answers.items()} == {
        name: wanted for name, (wanted, _answer) in answers.items()
    }
    assert {name: answer.common for name, (_, answer) in answers.items() if answer.common != EVERYWHERE} == {}


def test_a_search_of_any_length_gets_a_page_of_ours(portal: Portal) -> None:
    """What Django may see it answers with its sentence; what gunicorn would refuse is refused by nginx before."""
    assert "at most 200 characters" in portal.get(f"/en/search/?q={'x' * 5000}").body.decode()
    answers = [portal.get(f"/en/search/?q={'x' * length}") for length in (*range(8150, 8170), 20_000, 40_000)]
    assert (answers[0].status, answers[-1].status, {answer.status for answer in answers}) == (422, 414, {422, 414})
    assert [answer.common for answer in answers if answer.status == 414 and answer.common != EVERYWHERE] == []


def test_the_policy_allows_nothing_unsafe() -> None:
    policy = dict(EVERYWHERE)["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")


def test_a_live_page_is_kept_for_a_second_and_answered_with_an_id_of_its_own(portal: Portal) -> None:
    first, second = portal.get("/ja/offices/?x=kept"), portal.get("/ja/offices/?x=kept")
    assert (first.status, first.body) == (second.status, second.body)
    assert first["X-Request-ID"] != second["X-Request-ID"]
    asked = [line for line in portal.lines("portal.access") if line["request_id"] == second["X-Request-ID"]]
    assert asked == []  # Django did not see the second one


def test_forty_readers_of_a_page_nobody_has_made_yet_cost_one_page(portal: Portal) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(40) as readers:
        answers = list(readers.map(portal.get, ["/ja/offices/?x=forty"] * 40))
    seconds = time.monotonic() - began
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    seen = {line["request_id"] for line in portal.lines("portal.access")}
    assert len({answer["X-Request-ID"] for answer in answers}) == 40
    made = [answer for answer in answers if answer["X-Request-ID"] in seen]
    assert (
        1 <= len(made) <= 1 + seconds
    )  # Django made it once; it is kept for a second, and a busy machine takes longer


def test_forty_readers_of_a_form_do_not_wait_for_each_other(portal: Portal) -> None:
    """The probe answers only when four are asked for at the same time."""
    with ThreadPoolExecutor(40) as readers:
        answers = list(readers.map(portal.get, ["/ja/forms/probe/"] * 40))
    assert {(answer.status, answer.body) for answer in answers} == {(200, b"together")}


@pytest.mark.parametrize("path", ["/probe/", "/ja/no-such-page/", "/accounts/login/"])
def test_nothing_else_is_kept(portal: Portal, path: str) -> None:
    ids = [portal.get(path)["X-Request-ID"] for _ in range(2)]
    seen = {line["request_id"] for line in portal.lines("portal.access")}
    assert set(ids) <= seen


def test_who_brings_a_cookie_is_answered_by_django(portal: Portal) -> None:
    for path in ("/ja/told/", "/ja/offices/?x=cookie"):
        portal.get(path)
        answer = portal.get(path, Cookie="__Host-portal_session=nobody")
        assert [line for line in portal.lines("portal.access") if line["request_id"] == answer["X-Request-ID"]] != []


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


def lines_of_nginx(portal: Portal, ids: set[str]) -> dict[str, dict[str, Any]]:
    """By request id."""
    deadline = time.monotonic() + 5
    while True:
        said = (portal.log.parent / "nginx-access.log").read_text(encoding="utf-8").splitlines()
        found = {line["request_id"]: line for line in map(json.loads, said)}
        if ids <= set(found) or time.monotonic() > deadline:
            return {each: found[each] for each in ids}
        time.sleep(0.1)  # nginx writes the line after it has answered


def test_the_logs_of_nginx_and_django_keep_no_code_that_opens_something(portal: Portal) -> None:
    """The same addresses, blanked in the same places."""
    asked = {portal.get(f"{path}?x=1")["X-Request-ID"]: path for path in LOGGED}
    lines = lines_of_nginx(portal, set(asked))
    assert {path: lines[each]["path"] for each, path in asked.items()} == LOGGED
    django = {line["request_id"]: line["message"].split(" ")[1] for line in portal.lines("portal.access")}
    assert {path: django[each] for each, path in asked.items()} == LOGGED
    assert SECRET not in "".join(file.read_text(encoding="utf-8") for file in portal.log.parent.glob("*.log"))


def test_the_log_of_nginx_says_who_asked_and_how_long_django_took(portal: Portal) -> None:
    [line] = lines_of_nginx(portal, {portal.get("/accounts/login/?x=1")["X-Request-ID"]}).values()
    assert (line["path"], line["address"], line["method"]) == ("/accounts/login/", CLIENT, "GET")
    assert (line["upstream"], float(line["upstream_seconds"]) > 0) == ("200", True)


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
    port = portal.direct_port if past_nginx else portal.tls
    return re.findall(rb"HTTP/1\.1 (\d{3})", sent(portal, request, port=port, tls=not past_nginx))


def sent(portal: Portal, request: bytes, *, port: int | None = None, tls: bool = True) -> bytes:
    """Everything that comes back for one piece of bytes."""
    with contextlib.ExitStack() as stop:
        where = ("127.0.0.1", portal.tls if port is None else port)
        connection: socket.socket = stop.enter_context(socket.create_connection(where, timeout=10))
        if tls:
            trust = ssl.create_default_context(cafile=str(portal.static.parent / "certificate.pem"))
            connection = stop.enter_context(trust.wrap_socket(connection, server_hostname=HOST))
        connection.sendall(request)
        answer = b""
        with contextlib.suppress(TimeoutError, ssl.SSLError, ConnectionError):
            connection.settimeout(3)
            while part := connection.recv(65536):
                answer += part
    return answer


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


REFUSED = {
    "TRACE": (405, b"TRACE / HTTP/1.1\r\nHost: portal.example\r\n\r\n"),
    "an unknown encoding of the body": (501, HEAD + b"Transfer-Encoding: gzip\r\n\r\n"),
    "a version there is not": (505, b"GET / HTTP/3.0\r\nHost: portal.example\r\n\r\n"),
    "no host": (400, b"GET /healthz HTTP/1.1\r\n\r\n"),
    "a line that is none": (400, b"GET\r\n\r\n"),
}


@pytest.mark.parametrize("case", [*REFUSED, "plain HTTP at the port of TLS"])
def test_what_nginx_refuses_before_it_looks_at_the_address_carries_the_headers(portal: Portal, case: str) -> None:
    plain = (400, b"GET / HTTP/1.1\r\nHost: portal.example\r\n\r\n")
    status, request = REFUSED.get(case, plain)
    answer = sent(portal, request, tls=case in REFUSED)
    assert answer.splitlines()[0].split()[1] == str(status).encode()
    head, _end, body = answer.partition(b"\r\n\r\n")
    headers = [tuple(line.decode().split(": ", 1)) for line in head.splitlines()[1:]]
    assert Answer(status, headers, body).common == EVERYWHERE
    assert "要求を読み取れませんでした".encode() in body


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
    tries = [portal.get("/accounts/login/", "POST", b"") for _ in range(24)]
    assert [each.status for each in tries[:20]].count(429) == 0
    refused = next(each for each in reversed(tries) if each.status == 429)
    assert refused.common == EVERYWHERE
    assert "サインインの試行が多すぎます".encode() in refused.body
    assert portal.get("/accounts/login/").status == 200  # looking is not limited
