"""Tasks on a case: each organisation's own list of what it still has to do."""

from __future__ import annotations

import datetime as dt

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.models import Case, Task
from clair_portal.casework.rules import side_for_papers


def add_task(
    case: Case, *, title: str, due_on: dt.date | None = None, mine: bool = True, actor: Reader, now: dt.datetime
) -> Task:
    """A task of the acting organisation; `mine`: for the acting posting, else for whoever is there."""
    side = side_for_papers(actor)
    task = Task(
        case=case, side=side, organisation_id=actor.scope.organisation, title=title, due_on=due_on,
        posting_id=actor.chosen.id if mine and actor.chosen else None, signature=actor.signature, created_at=now,
    )  # fmt: skip
    task.save(force_insert=True)
    record("casework.task.added", case, actor=actor.signature, side=side, title=title)
    return task


def finish_task(task: Task, *, actor: Reader, now: dt.datetime) -> bool:
    """Done, once: of two people who press at the same time one is noted. Returns whether it was this one."""
    done = Task.objects.filter(pk=task.pk, done_at=None).update(done_at=now, done_by=actor.signature)
    if done:
        record("casework.task.finished", task.case, actor=actor.signature, side=task.side, title=task.title)
    return bool(done)


def take_up_again(task: Task, *, actor: Reader) -> None:
    """A finished task is open again (the undo of finishing)."""
    if Task.objects.filter(pk=task.pk).exclude(done_at=None).update(done_at=None, done_by={}):
        record("casework.task.taken_up", task.case, actor=actor.signature, side=task.side, title=task.title)


def change_task(task: Task, *, title: str, due_on: dt.date | None, actor: Reader) -> None:
    """Other words, another day. A finished task stays as it is."""
    if Task.objects.filter(pk=task.pk, done_at=None).update(title=title, due_on=due_on):
        record("casework.task.changed", task.case, actor=actor.signature, side=task.side, title=title)


def remove_task(task: Task, *, actor: Reader) -> bool:
    """Away again, as if it had never been given, while nobody has finished it. Returns whether it was there still."""
    gone, _rows = Task.objects.filter(pk=task.pk, done_at=None).delete()
    if gone:
        record("casework.task.removed", task.case, actor=actor.signature, side=task.side, title=task.title)
    return bool(gone)


def hand_over_tasks(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Open tasks of one posting go to its successor; returns how many."""
    return Task.objects.filter(posting=from_posting, done_at=None).update(posting=to_posting)
