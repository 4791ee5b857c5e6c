"""nginx alone in front of published files: Django, PostgreSQL and Valkey are not running in any of these tests."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from clair_portal.accounts.for_everybody import SHARED
from clair_portal.accounts.middleware import language_for
from clair_portal.ui import preferences
from tests.deploy.environments import ROOT
from tests.deploy.serving import EVERYWHERE, LOGGED, SECRET, Answer, ask, needs_nginx, nginx_alone, put

pytestmark = needs_nginx
Get = Callable[..., Answer]
OFFICES = "<!DOCTYPE html><html lang=ja><title>事務所</title>"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    folder = tmp_path_factory.mktemp("published")
    tree = folder / "published"
    put(tree, "ja/index.html", "<!DOCTYPE html><html lang=ja><title>入口</title>")
    put(tree, "ja/offices/index.html", OFFICES)
    put(tree, "en/offices/index.html", "<!DOCTYPE html><html lang=en><title>Offices</title>")
    put(tree, "ja/feed.atom", "<feed/>")
    put(tree, "ja/plain/index.html", "without companions", compressed=False)
    put(tree, "sitemap.xml", "<urlset/>")
    put(tree, "open-data/index.json", "{}")
    put(tree, "robots.txt", "User-agent: *")
    put(tree, "ja/stories/gone/index.gone", "<html lang=ja>取り下げました")
    put(tree, "ja/stories/.index.html.unfinished", "half", compressed=False)
    put(tree, "ne/errors/502.html", "<html lang=ne>nepali", compressed=False)
    put(tree, "ne/errors/400.html", "<html lang=ne>nepali 400", compressed=False)
    put(tree, "ne/errors/414.html", "<html lang=ne>nepali 414", compressed=False)
    with nginx_alone(folder) as port:
        yield tree, port


@pytest.fixture
def get(tree: tuple[Path, int]) -> Get:
    def asked(path: str, method: str = "GET", **headers: str) -> Answer:
        return ask(http.client.HTTPConnection("127.0.0.1", tree[1], timeout=10), path, method, None, headers)

    return asked


def test_a_page_is_its_file_with_the_headers_of_every_page(get: Get) -> None:
    page = get("/ja/offices/")
    assert (page.status, page.body.decode()) == (200, OFFICES)
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert page["Vary"] == "Accept-Encoding"
    assert page.common == EVERYWHERE
    assert {key for key, _value in page.headers} & {"Content-Encoding", "Set-Cookie"} == set()


def test_caches_are_told_what_django_tells_them(get: Get) -> None:
    promised = {
        name.replace("_", "-") if value is True else f"{name.replace('_', '-')}={value}"
        for name, value in SHARED.items()
    }
    assert set(get("/ja/offices/")["Cache-Control"].split(", ")) == promised


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None), ("identity", None), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"), ("br;q=0, gzip", "gzip"), ("br;q=0.000,gzip;q=0.5", "gzip"),
        ("gzip;q=1.0, br;q=0.9", "br"), ("GZIP", "gzip"), ("x-brotli, gzipped", None), ("gzip;q=0", None), ("*", None),
    ],
)  # fmt: skip
def test_the_best_encoding_the_reader_takes_is_chosen(get: Get, accepted: str, encoding: str | None) -> None:
    page = get("/ja/offices/", Accept_Encoding=accepted)
    assert (page.status, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert [value for key, value in page.headers if key == "Content-Encoding"] == ([encoding] if encoding else [])
    bodies = {"br": b"br " + OFFICES.encode(), None: OFFICES.encode()}
    assert (gzip.decompress(page.body) if encoding == "gzip" else page.body) == bodies.get(encoding, bodies[None])


def test_a_page_without_companions_is_sent_as_it_is(get: Get) -> None:
    page = get("/ja/plain/", Accept_Encoding="br, gzip")
    assert (page.status, page.body) == (200, b"without companions")
    assert "Content-Encoding" not in dict(page.headers)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/ja/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_an_address_with_an_ending_is_that_file(get: Get, path: str, kind: str, accepted: str) -> None:
    page = get(path, Accept_Encoding=accepted)
    assert (page.status, page["Content-Type"], page.common) == (200, kind, EVERYWHERE)


def test_open_data_may_be_read_by_pages_of_other_sites(get: Get) -> None:
    file = get("/open-data/index.json", Accept_Encoding="br")
    assert (file.status, file["Content-Type"]) == (200, "application/json; charset=utf-8")
    opened = {"cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*"}
    assert dict(file.common) == dict(EVERYWHERE) | opened
    assert get("/ja/open-data/").common == EVERYWHERE


def test_what_did_not_change_is_not_sent_again(get: Get) -> None:
    first = get("/ja/offices/", Accept_Encoding="br")
    again = get("/ja/offices/", Accept_Encoding="br", If_None_Match=first["ETag"])
    assert (again.status, again.body, again.common) == (304, b"", EVERYWHERE)
    assert again["Cache-Control"] == first["Cache-Control"]
    assert {key for key, _value in again.headers} & {"Content-Encoding", "Content-Type"} == set()
    assert get("/ja/offices/", Accept_Encoding="gzip", If_None_Match=first["ETag"]).status == 200  # another body


def test_head_says_what_get_says(get: Get) -> None:
    head, page = get("/ja/offices/", "HEAD", Accept_Encoding="br"), get("/ja/offices/", Accept_Encoding="br")
    assert (head.status, head.body) == (200, b"")
    own = {"Date", "X-Request-ID"}
    assert [pair for pair in head.headers if pair[0] not in own] == [
        pair for pair in page.headers if pair[0] not in own
    ]


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_a_withdrawn_page_is_gone_and_says_so_in_its_language(get: Get, accepted: str) -> None:
    packed = get("/ja/stories/gone/", Accept_Encoding=accepted)
    assert [value for key, value in packed.headers if key == "Content-Encoding"] == ([accepted] if accepted else [])
    page = get("/ja/stories/gone/")
    assert packed.status == 410
    assert (page.status, page.body.decode()) == (410, "<html lang=ja>取り下げました")
    assert (page["Content-Type"], page["Cache-Control"]) == ("text/html; charset=utf-8", "no-store")
    assert page.common == EVERYWHERE


def test_a_page_withdrawn_now_is_gone_a_second_later(tree: tuple[Path, int], get: Get) -> None:
    put(tree[0], "ja/stories/hot/index.html", "hot")
    assert get("/ja/stories/hot/", Accept_Encoding="br").status == 200
    put(tree[0], "ja/stories/hot/index.gone", "gone", compressed=False)
    for name in ("index.html.br", "index.html.gz", "index.html"):
        (tree[0] / "ja/stories/hot" / name).unlink()
    time.sleep(1.2)
    assert [get("/ja/stories/hot/", Accept_Encoding=each).status for each in ("br", "gzip", "")] == [410, 410, 410]


def test_a_page_that_replaced_another_is_served_a_second_later(tree: tuple[Path, int], get: Get) -> None:
    put(tree[0], "ja/new/index.html", "before", compressed=False)
    assert get("/ja/new/").body == b"before"
    (tree[0] / "ja/new/.tmp").write_text("after")
    (tree[0] / "ja/new/.tmp").rename(tree[0] / "ja/new/index.html")
    time.sleep(1.2)
    assert get("/ja/new/").body == b"after"


@pytest.mark.parametrize(
    "path",
    [
        "/ja/offices/index.html", "/ja/offices/index.html.br", "/ja/offices/index.html.gz", "/ja/feed.atom.br",
        "/ja/stories/gone/index.gone", "/ja/stories/.index.html.unfinished", "/ja/stories/.index.html.unfinished/",
        "/ne/errors/502.html", "/-", "/ja/-", "/published/ja/index.html", "/_gone/ja/stories/gone/index.gone",
        "/_errors/502.html", "/_nginx/502.html", "/ja/../../nginx.log", "/ja/%2e%2e/%2e%2e/nginx.log", "/ja/offices/%00",
    ],
)  # fmt: skip
def test_a_file_has_one_address_and_nothing_else_is_served(get: Get, path: str) -> None:
    page = get(path)
    assert page.status in (400, 404, 502)  # 502: Django would be asked
    assert page.common == EVERYWHERE


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/ja/offices/?q=1", "GET", {}), ("/ja/offices/", "POST", {}), ("/ja/offices/", "OPTIONS", {}),
        ("/ja/nowhere/", "GET", {}), ("/ja/stories/gone/?x=1", "GET", {}),
    ],
)  # fmt: skip
def test_what_is_not_plain_reading_of_a_published_page_is_for_django(
    get: Get, path: str, method: str, headers: dict[str, str]
) -> None:
    assert get(path, method, **headers).status == 502


def test_who_signed_in_gets_the_page_of_everybody_while_django_is_away(get: Get) -> None:
    page = get("/ja/offices/", Cookie="__Host-portal_session=abc", Accept_Encoding="br")
    assert (page.status, page["Content-Encoding"], page["Cache-Control"]) == (200, "br", "no-store")
    assert get("/ja/nowhere/", Cookie="portal_session=abc").status == 502


@pytest.mark.parametrize(
    "cookie",
    ["", "large", "furigana.large", "no-furigana.largest.contrast.spaced", "huge", 'large"', "LARGE", "x" * 61],
)
def test_how_pages_look_is_said_without_django_in_the_words_of_django(get: Get, cookie: str) -> None:
    sheet = get("/preferences.css", Cookie=f"portal_reading={cookie}") if cookie else get("/preferences.css")
    assert (sheet.status, sheet.body.decode()) == (200, preferences.sheet(cookie))
    assert (sheet["Content-Type"], sheet["Cache-Control"], sheet["Vary"]) == ("text/css", "private, no-cache", "Cookie")
    assert sheet["ETag"] == preferences.etag(cookie)
    assert sheet.common == EVERYWHERE
    again = get("/preferences.css", Cookie=f"portal_reading={cookie}", If_None_Match=preferences.etag(cookie))
    assert (again.status, again.body) == (304, b"")


def test_who_chose_how_pages_look_still_reads_files(get: Get) -> None:
    page = get("/ja/offices/", Cookie="portal_reading=large", Accept_Encoding="br")
    assert (page.status, page["Content-Encoding"]) == (200, "br")
    assert page["Cache-Control"] != "no-store"


def test_a_fault_is_told_in_the_language_of_the_address(get: Get) -> None:
    page = get("/ne/nowhere/")
    assert (page.status, page.body.decode()) == (502, "<html lang=ne>nepali")
    assert (page["Content-Type"], page["Cache-Control"]) == ("text/html; charset=utf-8", "no-store")
    assert get("/ne/offices/", X_Long="x" * 70_000).body.decode() == "<html lang=ne>nepali 400"
    for length in (1000, 4000):  # nginx reads the first; of the second it keeps how it begins
        long = get(f"/ne/search/?q={'%E9%83%BD' * length}")
        assert (long.status, long.body.decode(), long.common) == (414, "<html lang=ne>nepali 414", EVERYWHERE)
    for path in ("/my/nowhere/", "/desk/", "/accounts/login/"):
        there = get(path)
        assert (there.status, there.common) == (502, EVERYWHERE)
        assert "ただいま接続できません" in there.body.decode()
        assert "The portal cannot be reached at the moment" in there.body.decode()


@pytest.mark.parametrize(
    ("wanted", "version"),
    [("", "ja"), ("ja", "ja"), ("en-GB,en;q=0.8", "en"), ("zh-TW", "zh-hant"), ("zh-CN,zh", "zh-hans"), ("tl", "fil"), ("in", "id"),
     ("pt-BR", "pt"), ("my-MM", "my"), ("sv", "ja"), ("english", "ja")],
)  # fmt: skip
def test_the_front_door_opens_without_django(get: Get, wanted: str, version: str) -> None:
    page = get("/", Accept_Language=wanted)
    assert (page.status, page["Location"]) == (
        302,
        f"/{version}/",
    )  # without a port: nginx does not know the one outside
    assert language_for(RequestFactory().get("/", headers={"accept-language": wanted}), None) == version  # as Django
    assert page.common == EVERYWHERE


def test_a_search_that_is_too_long_is_told_so(get: Get) -> None:
    page = get(f"/my/search/?q={'%E9%83%BD' * 1000}")
    assert page.status == 414
    assert "検索語は200文字までです" in page.body.decode()
    assert "Search for at most 200 characters" in page.body.decode()


@pytest.mark.parametrize("path", ["/ja/forms/offices/london/", "/en/search/", "/ja/requests/"])
def test_forms_and_the_search_say_that_they_cannot_be_reached(get: Get, path: str) -> None:
    page = get(path)
    assert (page.status, page["Cache-Control"], page.common) == (502, "no-store", EVERYWHERE)


def test_what_went_wrong_with_a_link_of_a_mail_is_logged_without_it(tree: tuple[Path, int], get: Get) -> None:
    """nginx would quote the address, and the page before it, where Django does not answer."""
    links = [path for path in LOGGED if SECRET in path]
    ids = {get(f"{path}?x=1", Referer=f"https://portal.example{path}")["X-Request-ID"] for path in links}
    folder = tree[0].parent
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        lines = [json.loads(line) for line in (folder / "nginx-access.log").read_text(encoding="utf-8").splitlines()]
        found = [line for line in lines if line["request_id"] in ids]
        if len(found) == len(ids):
            break
        time.sleep(0.1)  # nginx writes the line after it has answered
    assert {(line["status"], line["upstream"]) for line in found} == {(502, "502")}
    assert SECRET not in "".join(file.read_text() for file in folder.glob("*.log"))


def test_nginx_knows_the_language_versions_of_the_portal() -> None:
    text = "".join((ROOT / "deploy/nginx" / name).read_text() for name in ("published.conf", "portal.conf"))
    lists = re.findall(r"/\((?:\?<code>|\?:)(ja[a-z|-]+)\)", text)
    assert len(lists) == 3
    assert {code for code, _name in settings.LANGUAGES} <= set(lists[0].split("|"))
    assert set(lists) == {lists[0]}


def test_nginx_writes_no_word_of_alarm(tree: tuple[Path, int]) -> None:
    said = (tree[0].parent / "nginx-errors.log").read_text()
    assert [line for line in said.splitlines() if "[emerg]" in line or "[alert]" in line or "rewrite" in line] == []
