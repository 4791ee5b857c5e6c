"""Long jobs: registered by name, run with their owner's authority, with a count that others see while it grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from clair_portal.accounts.reader import Reader, reader_of
from clair_portal.outbox.claiming import claim, finish
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Job
from clair_portal.walls.roles import SYSTEM
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

KEEP = dt.timedelta(days=7)
LEASE = dt.timedelta(minutes=2)


class Cancelled(Exception):
    """The owner asked to stop; what the job wrote in its transaction is gone."""


class Progress:
    """Counts in a transaction of its own, on a second connection: the job's own transaction stays whole or nothing."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._second = connection.copy()

    def __call__(self, done: int, total: int) -> None:
        """Notes the count and renews the lease. Raises Cancelled when the owner asked for it."""
        with self._second.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select set_config('role', %s, true)", [SYSTEM])
            cursor.execute(
                "update outbox_job set done = %s, total = %s, lease_until = clock_timestamp() + %s where id = %s "
                "returning cancel_asked_at is not null",
                [done, total, LEASE, self.job.pk],
            )
            found = cursor.fetchone()
            cursor.execute("commit")
        if found and found[0]:
            raise Cancelled

    def close(self) -> None:
        self._second.close()


Runner = Callable[[Job, Reader, Progress], dict[str, Any]]
RUNNERS: dict[str, Runner] = {}


def register(kind: str) -> Callable[[Runner], Runner]:
    """The function gets the job, its owner as a reader, and the progress; returns the result that is shown.

    The keys "file" (name in the documents storage) and "file_name" offer a download.
    """

    def decorate(runner: Runner) -> Runner:
        RUNNERS[kind] = runner
        return runner

    return decorate


def run(pk: uuid.UUID, now: dt.datetime) -> bool:
    """Runs one job to its end. A job whose worker died starts again from the beginning, at most three times."""
    with acting(SYSTEM_SCOPE):
        job = claim(Job, pk, now, LEASE)
        if isinstance(job, Job) and job.attempts > 3:
            finish(job, State.FAILED, now, "The job stopped three times.")
            return False
    if not isinstance(job, Job):
        return False
    progress = Progress(job)
    try:
        result = _run_as_owner(job, progress)
    except Cancelled:
        return _end(job, State.CANCELLED, {})
    except Exception as error:
        _end(job, State.FAILED, {}, f"{type(error).__name__}: {error}")
        raise
    finally:
        progress.close()
    return _end(job, State.DONE, result)


def _run_as_owner(job: Job, progress: Progress) -> dict[str, Any]:
    reader = reader_of(job.user, timezone.localdate())
    if reader is None or reader.person != job.person:
        raise PermissionError("the owner of this job has no account any more")
    with acting(reader.scope):
        return RUNNERS[job.kind](job, reader, progress)


def _end(job: Job, state: State, result: dict[str, Any], error: str = "") -> bool:
    now = timezone.now()
    shown = {name: value for name, value in result.items() if name not in ("file", "file_name")}
    with acting(SYSTEM_SCOPE):
        finish(job, state, now, error)
        Job.objects.filter(pk=job.pk).update(
            result=shown, file=result.get("file", ""), file_name=result.get("file_name", ""), expires_at=now + KEEP
        )
    return state == State.DONE


def clear_old(now: dt.datetime) -> None:
    """Schedule: results and files of finished jobs go after seven days."""
    for job in Job.objects.filter(expires_at__lt=now):
        if job.file:
            storages["documents"].delete(job.file)
        job.delete()
