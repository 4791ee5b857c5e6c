"""Work in the background acts for somebody, with the authority that person has when it runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db import ProgrammingError
from django.utils import timezone

from clair_portal.accounts.models import Posting
from clair_portal.accounts.tasks import MissingScope, ScopedTask
from clair_portal.casework.models import Case
from clair_portal.celery import app
from clair_portal.walls.scope import current_scope
from tests.walls.scene import Scene
from tests.walls.urls import state_of_connection


@app.task(name="tests.titles")
def titles() -> list[str]:
    scope = current_scope()
    assert scope is not None
    return sorted(Case.objects.visible_to(scope).values_list("title", flat=True))


@app.task(name="tests.everything", acts_as="system")  # type: ignore[call-overload]
def everything() -> int:
    return Case.objects.count()


@app.task(name="tests.itself", acts_as="itself")  # type: ignore[call-overload]
def itself() -> list[str]:
    return state_of_connection()


def run(task: Any, user: int | None = None) -> Any:
    """As a worker runs it: the headers have travelled with the message."""
    return task.apply(headers={"user": user}, throw=True).get()


def test_every_task_of_the_portal_says_for_whom_it_acts() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    assert "outbox.work" in ours
    for name, task in ours.items():
        assert isinstance(task, ScopedTask), name
        assert task.acts_as in ("person", "system", "itself"), name


def test_a_task_sees_what_its_person_sees(scene: Scene) -> None:
    assert run(titles, scene.cast.users["otaru"].pk) == ["otaru_draft", "otaru_london", "otaru_returned"]
    assert run(titles, scene.cast.users["newyork"].pk) == ["hakodate_newyork"]


@pytest.mark.parametrize("user", [None, 0, 10**9])
def test_a_task_without_a_person_is_an_error_and_not_an_empty_result(scene: Scene, user: int | None) -> None:
    with pytest.raises(MissingScope):
        run(titles, user)


def test_a_task_of_a_closed_account_is_an_error(scene: Scene) -> None:
    user = scene.cast.users["otaru"]
    user.is_active = False
    user.save()
    with pytest.raises(MissingScope):
        run(titles, user.pk)


def test_authority_is_read_again_when_the_task_runs(scene: Scene) -> None:
    """The posting ended between queueing and running: nothing is shown, whatever the caller could see."""
    user = scene.cast.users["otaru"].pk
    assert len(run(titles, user)) == 3
    Posting.objects.filter(title="otaru@otaru").update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    try:
        assert run(titles, user) == []
    except ProgrammingError as error:  # the public role, where the filter is taken down
        assert not settings.FIRST_WALL
        assert "permission denied" in str(error)


def test_a_new_posting_counts_for_a_task_that_was_queued_before(scene: Scene) -> None:
    user = scene.cast.users["beginner"].pk
    Posting.objects.filter(title="beginner@osaka").update(starts_on=timezone.localdate())
    assert run(titles, user) == ["osaka_two"]


def test_a_task_leaves_nothing_on_the_connection(scene: Scene) -> None:
    run(titles, scene.cast.users["otaru"].pk)
    with pytest.raises(MissingScope):
        run(titles)
    assert state_of_connection()[1:] == ["none", "", "", ""]
    assert current_scope() is None


def test_a_task_of_the_portal_sees_everything(scene: Scene) -> None:
    assert run(everything) == 8


def test_a_task_that_opens_its_own_scopes_begins_with_none(scene: Scene) -> None:
    assert run(itself)[1:] == ["none", "", "", ""]
