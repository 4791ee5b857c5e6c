"""When a page cannot be written the last good one stays, staff see why, and it is tried again."""

from __future__ import annotations

import datetime as dt
import os
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.test.signals import template_rendered
from django.utils import timezone, translation

from clair_portal.gatherings.models import Event
from clair_portal.outbox import jobs
from clair_portal.outbox.handlers import do
from clair_portal.outbox.models import Job, Message
from clair_portal.outbox.notices import rendered
from clair_portal.outbox.services import start_job
from clair_portal.publishing.models import Page, Publication, Run
from clair_portal.publishing.tree import changes, checking, everything, families, whole, work, write
from clair_portal.search.models import Document
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import make_cast, reader
from tests.conftest import WebClient
from tests.gatherings.planning import opened
from tests.pages.test_public_pages import publish

Turn = Callable[[], list[str]]
Browse = Callable[..., WebClient]
STORY = "ja/stories/harbours/index.html"


@pytest.fixture
def standing(tree: Path, few: None, cast: SimpleNamespace, turn: Turn) -> Path:
    publish("harbours")
    turn()
    whole.publish_all(timezone.now())
    turn()
    Page.objects.filter(state="queued").update(state="done")
    return tree


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """The kernel refuses every further byte, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_all_three_files_as_they_were_and_they_are_written_later(
    standing: Path, turn: Turn, browse: Browse
) -> None:
    before = {file.name: file.read_bytes() for file in (standing / STORY).parent.iterdir()}
    Publication.objects.filter(slug="harbours").update(body_ja="新しい本文。" * 900)
    with files_end_at(4000):
        turn()
    assert {file.name: file.read_bytes() for file in (standing / STORY).parent.iterdir()} == before
    page = Page.objects.get(path="/ja/stories/harbours/")
    assert (page.state, page.attempts, page.status) == ("retry", 1, 200)
    assert page.error == "OSError: [Errno 27] File too large"
    seen = browse("hq_approver").get("/desk/published/").content.decode()
    assert seen.count(">/stories/harbours/</a>") == 1  # its versions in one row
    assert "en · ja" in seen
    assert "File too large" in seen
    later = timezone.now() + dt.timedelta(seconds=31)
    for waiting in Page.objects.free(later):
        do("page", waiting.pk, later)
    assert "新しい本文。" in (standing / STORY).read_text()
    assert Page.objects.get(pk=page.pk).error == ""


def test_a_withdrawn_text_goes_at_once_although_the_disk_is_full(
    standing: Path, turn: Turn, client: Client, cast: SimpleNamespace
) -> None:
    """Whoever takes back a consent is not told that there is no room for a sentence."""
    assert Document.objects.filter(key="/stories/harbours/").exists()
    Publication.objects.filter(slug="harbours").update(state="withdrawn")
    with files_end_at(1000):
        turn()
    assert list((standing / STORY).parent.iterdir()) == []
    assert not Document.objects.filter(key="/stories/harbours/").exists()
    assert client.get("/ja/stories/harbours/").status_code == 410  # nginx finds no file and asks Django
    page = Page.objects.get(path="/ja/stories/harbours/")
    assert (page.state, page.status, page.error) == ("retry", 410, "OSError: [Errno 27] File too large")
    later = timezone.now() + dt.timedelta(seconds=31)
    for waiting in Page.objects.free(later):
        do("page", waiting.pk, later)
    assert "公開は終わりました" in (standing / "ja/stories/harbours/index.gone").read_text()
    page.refresh_from_db()
    assert (page.state, page.status, page.error, page.failing_since) == ("done", 410, "", None)


def test_a_view_that_answers_500_leaves_the_last_good_page(standing: Path, cast: SimpleNamespace, turn: Turn) -> None:
    event = opened(cast)
    turn()
    file = standing / f"ja/events/{event.pk}/index.html"
    before = file.read_bytes()
    Event.objects.filter(pk=event.pk).update(zone="Nowhere/At-All")
    turn()
    assert file.read_bytes() == before
    assert Page.objects.get(path=f"/ja/events/{event.pk}/").error == (f"NotAPage: /ja/events/{event.pk}/ answered 500")
    assert (standing / "ja/index.html").exists()


def test_a_story_deleted_while_its_page_is_written_is_gone_after_the_next_turn(
    tree: Path, cast: SimpleNamespace, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("harbours")
    monkeypatch.setattr(families, "AFTER_PUBLISH", [lambda *_: Publication.objects.all().delete()])
    turn()
    turn()
    assert not (tree / "ja/stories/harbours").exists()
    assert not Page.objects.filter(family="story").exists()


def test_a_story_deleted_while_its_page_is_rendered_is_gone_after_the_next_turn(
    tree: Path, few: None, cast: SimpleNamespace, turn: Turn
) -> None:
    """The view has read it and the template is at work; what is written is what it read, and does not stay."""
    publish("harbours")
    page, seen = tree / "ja/stories/harbours/index.html", []

    def goes(template: Any, **_: Any) -> None:
        if template.name == "pages/publication.html" and not seen:
            with acting(SYSTEM_SCOPE):
                seen.append(Publication.objects.all().delete()[0])

    template_rendered.connect(goes)
    try:
        changes.take(timezone.now())
        work.publish_now("/ja/stories/harbours/", timezone.now())
    finally:
        template_rendered.disconnect(goes)
    assert seen == [1]
    assert "題名harbours" in page.read_text()
    turn()
    assert not page.parent.exists()
    assert not Page.objects.filter(family="story").exists()


def test_a_hook_that_fails_is_tried_again_with_its_page(
    standing: Path, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: str) -> None:
        raise RuntimeError("the index does not answer")

    monkeypatch.setattr(families, "AFTER_PUBLISH", [fails])
    Publication.objects.filter(slug="harbours").update(title_ja="別の題")
    turn()
    assert Page.objects.get(path="/ja/stories/harbours/").error == "RuntimeError: the index does not answer"


def test_a_folder_that_vanishes_while_it_is_written_to_is_made_again(tree: Path) -> None:
    """The last page of a folder goes while another one comes."""
    faults: list[BaseException] = []

    def again(step: Callable[[], None]) -> None:
        try:
            for _ in range(300):
                step()
        except BaseException as fault:
            faults.append(fault)

    steps = (lambda: write.put("/ja/a/b/", b"x"), lambda: write.remove("/ja/a/b/"), lambda: write.remove("/ja/a/c/"))
    threads = [threading.Thread(target=again, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize("path", ["ja/offices/", "/ja/../secret/", "/ja//", "/.hidden", "/ja/\0/", "/ja/.writing-1/"])
def test_no_address_leads_out_of_the_tree(tree: Path, path: str) -> None:
    with pytest.raises(ValueError, match="cannot be a file"):
        write.put(path, b"x")


# --- The comparison of every night ----------------------------------------------------------------------------------------
def a_night(turn: Turn) -> Run:
    now = timezone.now() - dt.timedelta(hours=1)
    with acting(SYSTEM_SCOPE):
        checking.begin(now)
    turn()
    with acting(SYSTEM_SCOPE):
        checking.end(timezone.now())
    return Run.objects.filter(kind="check").latest("pk")


def test_a_quiet_night_finds_nothing(standing: Path, turn: Turn) -> None:
    before = (standing / STORY).stat().st_mtime_ns
    run = a_night(turn)
    assert (run.drifted, run.examples, run.pages) == (0, [], Page.objects.count())
    assert (standing / STORY).stat().st_mtime_ns == before  # not written again: readers keep their copy
    assert not Message.objects.filter(event="publishing.pages.differed").exists()


def test_what_differs_at_night_is_mended_and_reported(standing: Path, turn: Turn, cast: SimpleNamespace) -> None:
    (standing / STORY).write_text("somebody else wrote this")
    (standing / "ja/offices/index.html.br").unlink()
    Page.objects.get(path="/en/branches/").delete()
    (standing / "en/branches/index.html").unlink()
    (standing / "ja/forgotten").mkdir()
    (standing / "ja/forgotten/index.html").write_text("nobody's page")
    unfinished = standing / "ja/.writing-0123"
    unfinished.write_text("half")
    os.utime(unfinished, (0, 0))
    run = a_night(turn)
    assert sorted(run.examples) == ["/en/branches/", "/ja/forgotten/", "/ja/offices/", "/ja/stories/harbours/"]
    assert "題名harbours" in (standing / STORY).read_text()
    assert (standing / "ja/offices/index.html.br").exists()
    assert (standing / "en/branches/index.html").exists()
    assert not (standing / "ja/forgotten/index.html").exists()
    assert not unfinished.exists()
    told = Message.objects.get(event="publishing.pages.differed")
    assert told.addressed == [{"organisation": cast.places["hq"].pk, "right": "outbox.manage"}]
    assert a_night(turn).drifted == 0


def test_the_night_tries_again_what_was_given_up(standing: Path, turn: Turn) -> None:
    (standing / STORY).write_text("of last week")
    Page.objects.filter(path="/ja/stories/harbours/").update(state="failed", attempts=30, error="OSError: no room")
    run = a_night(turn)
    page = Page.objects.get(path="/ja/stories/harbours/")
    assert (page.state, page.error, "題名harbours" in (standing / STORY).read_text()) == ("done", "", True)
    assert (run.drifted, run.ended_at is not None) == (0, True)  # that it said something else is no riddle


def fails(path: str, error: str, minutes: int) -> None:
    since = timezone.now() - dt.timedelta(minutes=minutes)
    Page.objects.filter(path=path).update(state="retry", error=error, failing_since=since)


def faults_told() -> list[dict[str, Any]]:
    with acting(SYSTEM_SCOPE):
        checking.tell_of_faults(timezone.now())
    return [each.params for each in Message.objects.filter(event="publishing.pages.failing").order_by("created_at")]


def test_pages_that_fail_for_an_hour_are_told_to_headquarters_once(standing: Path, cast: SimpleNamespace) -> None:
    fails("/ja/stories/harbours/", "OSError: no room", 61)
    fails("/en/stories/harbours/", "OSError: no room", 61)
    fails("/ja/offices/", "NotAPage: /ja/offices/ answered 500", 59)
    first = {"count": 1, "example": "/en/stories/harbours/", "error": "OSError: no room"}
    assert faults_told() == [first]
    told = Message.objects.get(event="publishing.pages.failing")
    assert told.addressed == [{"organisation": cast.places["hq"].pk, "right": "outbox.manage"}]
    fails("/ja/branches/", "OSError: no room", 62)  # the same full disk
    assert faults_told() == [first]
    fails("/ja/offices/", "NotAPage: /ja/offices/ answered 500", 61)
    other = {"count": 1, "example": "/ja/offices/", "error": "NotAPage: /ja/offices/ answered 500"}
    assert faults_told() == [first, other]
    with translation.override("ja"):
        heading, text = rendered("publishing.pages.failing", other)
    assert heading == "公開ページを書き出せません"
    assert "/ja/offices/" in text


def test_a_page_fails_since_it_was_last_written_however_often_it_is_tried(standing: Path, turn: Turn) -> None:
    page = Page.objects.get(path="/ja/stories/harbours/")
    begun = timezone.now()
    for text in ("新しい本文。", "別の本文。"):
        Publication.objects.filter(slug="harbours").update(body_ja=text * 900)
        with files_end_at(4000):
            turn()
        page.refresh_from_db()
        assert page.state == "retry"
        assert page.failing_since is not None
        assert begun < page.failing_since < begun + dt.timedelta(seconds=60)
        begun = page.failing_since - dt.timedelta(microseconds=1)
    Publication.objects.filter(slug="harbours").update(body_ja="短い本文。")
    turn()
    page.refresh_from_db()
    assert (page.state, page.failing_since, page.fault_told_at) == ("done", None, None)


def test_a_change_during_the_night_is_no_difference(standing: Path, turn: Turn) -> None:
    with acting(SYSTEM_SCOPE):
        checking.begin(timezone.now() - dt.timedelta(hours=1))
    Publication.objects.filter(slug="harbours").update(title_ja="夜の題")
    turn()
    assert Run.objects.get(kind="check").drifted == 0
    assert "夜の題" in (standing / STORY).read_text()


# --- Staff ----------------------------------------------------------------------------------------------------------------
def test_only_who_keeps_the_portal_sees_how_the_tree_stands(standing: Path, browse: Browse) -> None:
    page = browse("hq_approver").get("/desk/published/").content.decode()
    assert f'<b class="num">{Page.objects.filter(status=200).count()}</b>公開中' in page
    assert browse("hq_officer").get("/desk/published/").status_code == 403
    assert browse("hq_officer").post("/desk/published/everything/").status_code == 403
    started = browse("hq_approver").post("/desk/published/everything/")
    again = browse("hq_approver").post("/desk/published/everything/")
    assert started["Location"] == again["Location"]


def test_a_run_under_way_says_how_much_is_left(standing: Path, browse: Browse) -> None:
    begun = timezone.now() + dt.timedelta(seconds=1)
    run = Run.objects.create(kind="everything", begun_at=begun)
    Page.objects.filter(path="/ja/offices/").update(tried_at=begun)
    left = Page.objects.count() - 1
    assert run.left == left
    assert f"実行中、残り{left}ページ" in browse("hq_approver").get("/desk/published/").content.decode()
    Run.objects.filter(pk=run.pk).update(kind="check")
    Page.objects.filter(path="/ja/offices/").update(checking=run)
    assert Run.objects.get(pk=run.pk).left == 1


@pytest.mark.django_db(transaction=True)
def test_publishing_everything_is_a_job_that_counts(tmp_path: Path, settings: Any) -> None:
    settings.PUBLISHED_TREE, settings.LANGUAGES = str(tmp_path / "published"), [("ja", "日本語")]
    cast = make_cast()
    publish("harbours")
    keeper = reader(cast, "hq_approver")
    with acting(keeper.scope):
        job = start_job(everything.JOB, title="all", person=keeper.person, user=cast.users["hq_approver"].pk, params={})
    assert jobs.run(job.pk, timezone.now())
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.error) == ("done", "")
    assert list(done.result.values()) == [Page.objects.count(), 0]
    assert (tmp_path / "published" / STORY).exists()
