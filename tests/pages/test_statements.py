"""No public page asks the database more than four times, readings of Japanese pages among them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import exchange.loading
import jet.loading
import multicultural.loading
from clair_portal.furigana.models import Reading
from clair_portal.network import reference
from clair_portal.publishing.tree import families
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import TODAY
from tests.gatherings.calling import a_call
from tests.gatherings.planning import opened
from tests.pages.test_news import said
from tests.pages.test_public_pages import FRAME, publish

MOST = 4
LIVE = (
    "multicultural/residents/?q=kobe", "multicultural/residents/?q=kobe&prefecture=28", "ties/?q=kobe&country=US&prefecture=28&on=2000-01-01",
    "ties/?page=3", "stories/?country=GB", "branches/?q=otaru", "search/?q=kobe", "events/?past=1",
)  # fmt: skip
# A year that is over is there once somebody has taken its picture, and a second sitemap when the first is full.
WITHOUT_ROWS = {"public_statistics_year", "sitemap_part"}


@pytest.fixture
def everything(cast: SimpleNamespace, settings: Any) -> None:
    """A row of each kind that pages show, as live pages are: with readings."""
    settings.READINGS = True
    reference.load()
    for each in (exchange.loading, jet.loading, multicultural.loading):
        each.load()
    publish("harbours", title_en="Harbours")
    publish("survey", kind="research_result")
    said("office", TODAY, ja="新しい事務所", en="A new office")
    said("1", TODAY, kind="guide", ja="第1章", en="Chapter 1")
    opened(cast)
    a_call(cast)
    Reading.objects.create(text="新潟", reading="にいがた", source="見本", changed_at="2026-11-26T00:00Z")


def one_of_each_family(language: str) -> Iterator[str]:
    for family in families.FAMILIES.values():
        found = [family.path(language, kwargs) for kwargs in islice(family.addresses(), 1)]
        assert found or family.name in WITHOUT_ROWS, family.name
        yield from found


def asked(path: str) -> list[str]:
    """What the view, its template and what stands behind it ask, once the scope is open."""
    client = Client()
    with CaptureQueriesContext(connection) as caught:
        page = client.get(path)
        assert page.status_code in {200, 302}, (path, page.status_code)
    return [query["sql"] for query in caught if not FRAME.search(query["sql"])]


def test_every_public_page_asks_at_most_four_times(everything: None) -> None:
    with acting(SYSTEM_SCOPE):
        paths = sorted({path for language in ("ja", "en") for path in one_of_each_family(language)})
    paths += [f"/{language}/{place}" for language in ("ja", "en") for place in LIVE]
    numbers = {path: len(asked(path)) for path in paths}
    assert {path: number for path, number in numbers.items() if number > MOST} == {}
    assert len(numbers) > 80
    assert numbers["/ja/"] == numbers["/en/"] == MOST
