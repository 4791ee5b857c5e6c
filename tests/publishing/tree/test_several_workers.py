"""Several relays and workers at one page: it is rendered once, and what changed meanwhile is not lost."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from clair_portal.outbox.handlers import do
from clair_portal.publishing.models import Change, Page, Publication
from clair_portal.publishing.tree import changes, families, work
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import make_cast
from tests.pages.test_public_pages import publish

pytestmark = pytest.mark.django_db(transaction=True)
STORY = "ja/stories/harbours/index.html"
AT_ONCE = 6


@pytest.fixture
def standing(tmp_path: Path, settings: Any, few: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Only the page of one story, marked."""
    settings.PUBLISHED_TREE, settings.LANGUAGES = str(tmp_path / "published"), [("ja", "日本語")]
    for name in set(families.FAMILIES) - {"story"}:
        monkeypatch.delitem(families.FAMILIES, name)
    make_cast()
    publish("harbours")
    changes.take(timezone.now())
    return tmp_path / "published"


def together(*steps: Callable[[], Any]) -> list[Any]:
    """Each in a thread and a connection of its own, all released at the same moment."""
    ready = threading.Barrier(len(steps))

    def one(step: Callable[[], Any]) -> Any:
        try:
            ready.wait(30)
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return [made.result(60) for made in [pool.submit(one, step) for step in steps]]


def the_page() -> Page:
    return Page.objects.get(path="/ja/stories/harbours/")


def test_of_many_workers_told_of_a_page_one_renders_it(standing: Path) -> None:
    page = the_page()
    answers = together(*[lambda: do("page", page.pk, timezone.now())] * AT_ONCE)
    assert sorted(answers) == [False] * (AT_ONCE - 1) + [True]
    assert (the_page().state, the_page().attempts) == ("done", 1)  # each claim counts one
    assert "題名harbours" in (standing / STORY).read_text()


def test_relays_at_once_take_each_change_once(standing: Path) -> None:
    do("page", the_page().pk, timezone.now())
    for number in range(AT_ONCE):
        Publication.objects.update(title_ja=f"題{number}")
    noted = Change.objects.count()
    assert sum(together(*[lambda: changes.take(timezone.now())] * AT_ONCE)) == noted
    assert Change.objects.count() == 0
    assert (the_page().state, the_page().attempts) == ("queued", 0)


def test_what_changes_while_a_page_is_rendered_is_rendered_after_it(
    standing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker has read the old title and not written it yet, when the new one is saved and taken."""
    page, read, saved = the_page(), threading.Event(), threading.Event()

    def written(*_: str) -> None:
        read.set()
        assert saved.wait(30)

    def save_and_take() -> int:
        assert read.wait(30)
        Publication.objects.update(title_ja="新しい題")
        saved.set()
        return changes.take(timezone.now())

    with monkeypatch.context() as during:
        during.setattr(families, "AFTER_PUBLISH", [written])
        together(lambda: do("page", page.pk, timezone.now()), save_and_take)
    assert "題名harbours" in (standing / STORY).read_text()
    assert the_page().state == "queued"
    together(*[lambda: do("page", page.pk, timezone.now())] * AT_ONCE)
    assert "新しい題" in (standing / STORY).read_text()
    assert (the_page().state, the_page().attempts) == ("done", 1)


def waiting(path: str, seconds: int) -> Page:
    """A page that waits since so many seconds and was told to a worker."""
    now = timezone.now()
    return Page.objects.create(
        path=path, language="ja", family="story", due_at=now - dt.timedelta(seconds=seconds), dispatched_at=now
    )


def test_what_became_more_urgent_goes_first_and_what_was_told_goes_out_again(standing: Path) -> None:
    told, now = waiting("/ja/stories/none/", 3), timezone.now()
    assert work.publish_next(told.pk, now)
    told.refresh_from_db()
    assert (the_page().state, told.state, told.dispatched_at) == ("done", "queued", None)
    assert work.publish_next(told.pk, now)
    assert not Page.objects.filter(pk=told.pk).exists()  # no story stands there
    assert not work.publish_next(the_page().pk, now)


def test_of_equally_urgent_pages_a_worker_takes_the_one_it_was_told(standing: Path) -> None:
    Page.objects.update(due_at=timezone.now() - dt.timedelta(seconds=3))
    told = waiting("/ja/stories/none/", 0)
    Page.objects.update(due_at=the_page().due_at)
    assert work.publish_next(told.pk, timezone.now())
    assert the_page().state == "queued"


def test_a_worker_that_takes_another_page_waits_for_nobody_who_holds_the_one_it_was_told(standing: Path) -> None:
    told, held, done = waiting("/ja/stories/none/", 3), threading.Event(), threading.Event()

    def hold() -> None:
        with acting(SYSTEM_SCOPE):
            Page.objects.select_for_update().get(pk=told.pk)
            held.set()
            assert done.wait(30)

    def take() -> bool:
        assert held.wait(30)
        try:
            return work.publish_next(told.pk, timezone.now())
        finally:
            done.set()

    assert together(hold, take)[1]
    assert the_page().state == "done"
