from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clair_portal.outbox.handlers import do
from clair_portal.publishing.models import Page
from clair_portal.publishing.tree import changes, families

FEW = {
    "home", "offices", "office", "branches", "stories", "story", "research_results", "feed", "public_events", "public_event",
    "public_event_file", "public_calls", "public_call", "sitemap", "sitemap_part", "sitemaps", "robots",
    "icon", "releases", "release", "guide_chapter",
}  # fmt: skip
LANGUAGES = [("ja", "日本語"), ("en", "English")]


@pytest.fixture
def tree(cast: SimpleNamespace, tmp_path: Path, settings: Any) -> Path:
    """An empty tree of the Japanese and the English pages."""
    settings.PUBLISHED_TREE, settings.LANGUAGES = str(tmp_path / "published"), LANGUAGES
    return tmp_path / "published"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the pages these tests are about: the others take longer to render than to reason about."""
    for name in set(families.FAMILIES) - FEW:
        monkeypatch.delitem(families.FAMILIES, name)
    two_chapters = replace(families.FAMILIES["guide_chapter"], addresses=lambda: [{"order": 1}, {"order": 2}])
    monkeypatch.setitem(families.FAMILIES, "guide_chapter", two_chapters)


@pytest.fixture
def turn() -> Callable[[], list[str]]:
    """One turn of relay and workers: what changed is marked, what waits is rendered. Gives the addresses that waited."""

    def run() -> list[str]:
        changes.take(timezone.now())
        waiting = Page.objects.undone(timezone.now()).order_by("due_at", "path")
        rows = list(waiting.values_list("pk", "path"))
        for pk, _path in rows:
            do("page", pk, timezone.now())
        return [path for _pk, path in rows]

    return run
