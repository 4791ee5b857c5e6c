"""Published pages with nothing behind them: nginx alone answers every address that was published, as Django would have."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from clair_portal.publishing.models import Page
from clair_portal.publishing.tree import whole
from tests.deploy.serving import EVERYWHERE, Answer, ask, needs_nginx, nginx_alone
from tests.deploy.weighing import FIRST_VIEW, HTML, first_view, loaded_by, packed_size
from tests.pages.test_public_pages import publish

pytestmark = needs_nginx
LANGUAGES = [("ja", "日本語"), ("en", "English"), ("my", "မြန်မာ")]
Get = Callable[..., Answer]


@pytest.fixture
def get(cast: SimpleNamespace, tmp_path: Path, settings: Any) -> Iterator[Get]:
    """Asks nginx alone, after everything was published."""
    settings.PUBLISHED_TREE, settings.LANGUAGES = str(tmp_path / "published"), LANGUAGES
    publish("harbours", office=cast.places["london"])
    publish("gone", state="withdrawn")
    whole.publish_all(timezone.now())
    with nginx_alone(tmp_path) as port:

        def asked(path: str, **headers: str) -> Answer:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            return ask(connection, quote(path, safe="/?=%"), "GET", None, headers)

        yield asked


def test_every_published_page_answers_with_everything_stopped(get: Get) -> None:
    """As Django answers it: same bytes, same type, same leave to keep it (one address of each family is compared)."""
    shown = {page.path: page for page in Page.objects.exclude(path__contains="/errors/")}
    answers = {path: get(path, Accept_Encoding="br") for path in shown}
    assert {path: answer.status for path, answer in answers.items()} == {
        path: page.status for path, page in shown.items()
    }
    assert len(shown) >= 60
    pages = [answer for path, answer in answers.items() if not path.startswith("/open-data/")]
    assert [answer for answer in pages if answer.common != EVERYWHERE] == []
    assert {path for path, answer in answers.items() if answer.status == 410} == {
        f"/{code}/stories/gone/" for code, _name in LANGUAGES
    }
    assert [path for path, answer in answers.items() if ("Content-Encoding", "br") not in answer.headers] == []
    families = {page.family: page.path for page in shown.values() if page.language in ("my", "") and page.status == 200}
    assert {"home", "office", "story", "feed", "public_events", "api_reference"} <= set(families)
    assert too_heavy({path: get(path).body for path in shown if path.endswith("/")}) == {}
    assert [difference for path in families.values() if (difference := differs(Client().get(path), get(path)))] == []


def too_heavy(pages: dict[str, bytes]) -> dict[str, Any]:
    """A first visit takes 30 kB at most, of one's own site only, and no script; the page itself 14 kB."""
    assert len(pages) > 40
    found: dict[str, Any] = {}
    for path, body in pages.items():
        files = loaded_by(body.decode())
        foreign = [each for each in files if not each.startswith("/") or each.startswith("//") or each.endswith(".js")]
        if first_view(body) > FIRST_VIEW or foreign or packed_size(body) > HTML:
            found[path] = first_view(body), packed_size(body), foreign
    return found


def differs(live: Any, file: Answer) -> tuple[Any, ...]:
    ours = file.status, file["Content-Type"], file.body, sorted(file["Cache-Control"].split(", "))
    theirs = 200, live["Content-Type"], live.content, sorted(live.get("Cache-Control", "").split(", "))
    return (
        ()
        if ours == theirs
        else (
            live.request["PATH_INFO"],
            *[pair for pair in zip(ours, theirs, strict=True) if len(set(map(str, pair))) > 1],
        )
    )


def test_what_needs_django_says_so_in_the_language_of_the_address(get: Get) -> None:
    """With a way on: the links of the page lead to published pages."""
    for path, language, says in (
        ("/ja/search/?q=x", "ja", "このページにはただいま接続できません"),
        ("/my/no-such-page/", "my", ""),
        ("/en/stories/?office=LON", "en", "This page cannot be reached at the moment"),
    ):
        page = get(path)
        text = page.body.decode()
        assert (page.status, page.common) == (502, EVERYWHERE)
        assert says in text
        assert f'<html lang="{language}">' in text
        links = [link for link in re.findall(r'<a [^>]*href="(/[^"#]*)"', text) if link.startswith(f"/{language}/")]
        assert len(links) > 5
        assert [link for link in links if "/forms/" not in link and get(link).status != 200] == []
