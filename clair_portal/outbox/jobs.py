"""Long jobs: registered by name, run with their owner's authority, with a count that others see while it grows."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from clair_portal.accounts.reader import Reader, reader_now
from clair_portal.outbox.claiming import claim, database_is_lost, finish
from clair_portal.outbox.enums import State
from clair_portal.outbox.models import Job
from clair_portal.walls.roles import SYSTEM
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.jobs")
MOST_STARTS = 3
KEEP = dt.timedelta(days=7)
LEASE = dt.timedelta(minutes=2)


class Cancelled(Exception):
    """The owner asked to stop; what the job wrote in its transaction is gone."""


class Superseded(Exception):
    """The lease ran out and another worker began anew; what this one wrote in its transaction is gone."""


class Progress:
    """Counts in a transaction of its own, on a second connection: the job's own transaction stays whole or nothing."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._second = connection.copy()

    def __call__(self, done: int, total: int) -> None:
        """Notes the count and renews the lease. Raises Cancelled when the owner asked for it."""
        lease_until = timezone.now() + LEASE
        with self._second.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select set_config('role', %s, true)", [SYSTEM])
            cursor.execute(
                "update outbox_job set done = %s, total = %s, lease_until = %s where id = %s and state = 'in_flight' "
                "and lease_until = %s returning cancel_asked_at is not null",
                [done, total, lease_until, self.job.pk, self.job.lease_until],
            )
            found = cursor.fetchone()
            cursor.execute("commit")
        if found is None:
            raise Superseded
        self.job.lease_until = lease_until
        if found[0]:
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
        if job is None:
            return False
        if job.cancel_asked_at:
            return _end(job, State.CANCELLED)
        if job.attempts > MOST_STARTS:
            return _end(job, State.FAILED, error="The job stopped three times.")
    progress = Progress(job)
    try:
        _run_as_owner(job, progress)
    except Cancelled:
        return _end_alone(job, State.CANCELLED)
    except Superseded:
        return False
    except Exception as error:
        if database_is_lost(error):
            raise  # the lease brings it back
        log.exception("job %s %s failed", job.kind, pk)
        return _end_alone(job, State.FAILED, f"{type(error).__name__}: {error}")
    finally:
        progress.close()
    return True


def _run_as_owner(job: Job, progress: Progress) -> None:
    """What the job writes and the note that it is done are one transaction: a crash leaves both or neither."""
    owner = _owner(job)
    with acting(owner.scope):
        result = RUNNERS[job.kind](job, owner, progress)
        with acting(SYSTEM_SCOPE):
            if not _end(job, State.DONE, result):
                raise Superseded


def _owner(job: Job) -> Reader:
    """The owner as of today, in the posting the job was started from. Raises PermissionError where that has ended."""
    reader = reader_now(job.user, timezone.now(), job.posting)
    if reader is None or reader.person != job.person:
        raise PermissionError("the owner of this job has no account any more")
    if reader.chosen is None or job.posting not in (None, reader.chosen.id):
        raise PermissionError("the posting this job was started from has ended")
    return reader


def _end(job: Job, state: State, result: dict[str, Any] | None = None, error: str = "") -> bool:
    now, result = timezone.now(), result or {}
    shown = {name: value for name, value in result.items() if name not in ("file", "file_name")}
    if not finish(job, state, now, error):
        return False
    Job.objects.filter(pk=job.pk).update(
        result=shown, file=result.get("file", ""), file_name=result.get("file_name", ""), expires_at=now + KEEP
    )
    return state == State.DONE


def _end_alone(job: Job, state: State, error: str = "") -> bool:
    with acting(SYSTEM_SCOPE):
        return _end(job, state, error=error)


def clear_old(now: dt.datetime) -> None:
    """Schedule: results and files of finished jobs go after seven days."""
    for job in Job.objects.filter(expires_at__lt=now):
        if job.file:
            storages["documents"].delete(job.file)
        job.delete()
