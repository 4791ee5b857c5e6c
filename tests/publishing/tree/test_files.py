"""Public pages stand as files, are written again when what they show changes, and go when it goes."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clair_portal.network.models import Claim
from clair_portal.publishing.tree import families, work, write
from clair_portal.publishing.tree.families import FAMILIES
from clair_portal.publishing.tree.render import render
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.gatherings.calling import a_call
from tests.gatherings.planning import a_place, opened
from tests.pages.test_public_pages import publish

Turn = Callable[[], list[str]]
TABLE = re.compile(r'(?:from|join) "([a-z_]+)"', re.IGNORECASE)
NOT_SHOWN = {"django_session"}


def plain(tree: Path) -> dict[str, bytes]:
    """Address → what stands there."""
    return {
        str(file.relative_to(tree)): file.read_bytes()
        for file in sorted(tree.rglob("*"))
        if file.is_file() and file.suffix not in (".gz", ".br")
    }


@pytest.fixture
def filled(cast: SimpleNamespace) -> SimpleNamespace:
    """A story, a result, an event with everything it can have, a call."""
    publish("harbours", office=cast.places["london"], organisations=["012033"])
    publish("survey", kind="research_result")
    event = opened(cast, place=a_place(cast))
    a_call(cast, event=event)
    Claim.objects.create(subject="Office London", organisation=cast.places["london"], claim="opened", value="1988")
    return cast


def test_every_page_is_a_file_with_two_packed_ones(tree: Path, filled: SimpleNamespace, client: Client) -> None:
    run = work.publish_all(timezone.now())
    page = tree / "ja" / "stories" / "harbours" / "index.html"
    assert "題名harbours" in page.read_text()
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == page.read_bytes()
    assert page.stat().st_mode & 0o777 == 0o644
    assert run.pages == len(plain(tree))
    assert (tree / "en" / "feed.atom").read_bytes().startswith(b"<?xml")
    assert client.get("/ja/stories/harbours/").content == page.read_bytes()


def test_the_tables_a_page_reads_are_declared(tree: Path, filled: SimpleNamespace) -> None:
    """Otherwise its file would stay as it is when they change."""
    with acting(SYSTEM_SCOPE):
        pages = [(each.path, each.family) for each in families.every_address() if each.language in ("ja", "")]
    undeclared = {}
    for path, name in pages:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert render(path).status == 200, path
        read = {table for query in asked for table in TABLE.findall(query["sql"])} - NOT_SHOWN
        known = FAMILIES[name].tables
        known |= {table for table, rows in families.ROWS.items() if {row.of for row in rows} & known}
        if missing := read - known:
            undeclared[name] = sorted(missing)
    assert undeclared == {}
    assert {"home", "story", "office", "public_event", "public_call", "ties"} <= {name for _path, name in pages}


def test_two_versions_of_one_second_and_size_are_told_apart(tree: Path) -> None:
    """By size and second, as the web server does: with one ETag for both a reader would keep the older one."""
    seen = set()
    for text in (b"<p>1</p>", b"<p>2</p>", b"<p>3</p>"):
        write.put("/ja/twice/", text)
        seen.add(int((tree / "ja" / "twice" / "index.html").stat().st_mtime))
    assert len(seen) == 3
