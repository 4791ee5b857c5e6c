"""“Publish everything again” as a job with progress."""

from __future__ import annotations

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.outbox import jobs
from clair_portal.outbox.jobs import Progress
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job
from clair_portal.publishing.models import Run
from clair_portal.publishing.tree import whole, work
from clair_portal.publishing.tree.checking import KEEPS

JOB = "publishing.everything"
LOOK_EVERY = 0.5  # seconds


class Stopped(Exception):
    """Whoever asked for it wants it no more; the next one goes on where it stopped."""


def ask_for(*, actor: Reader, user: int, path: str) -> Job:
    """Starts the job, or finds the one under way."""
    running = Job.objects.visible_to(actor.scope).under_way(JOB).first()
    if running is not None:
        return running
    return start_job(JOB, title=_("Publish every page again"), person=actor.person, user=user, params={"path": path})


@jobs.register(JOB)
def run(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    """Each page is written in a transaction of its own, in a second thread; this one counts and hears of a stop."""
    if not owner.can(KEEPS):
        raise PermissionError("the right to publish everything was lost meanwhile")
    counted, stop = [0, 0], threading.Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            made = pool.submit(_publish, timezone.now(), counted, stop)
            while not made.done():
                progress(*counted)
                time.sleep(LOOK_EVERY)
        finally:
            stop.set()
    done = made.result()
    return {_("Pages"): done.pages, _("Failed"): len(work.failed())}


def _publish(now: dt.datetime, counted: list[int], stop: threading.Event) -> Run:
    def note(done: int, total: int) -> None:
        counted[:] = done, total
        if stop.is_set():
            raise Stopped

    try:
        return whole.publish_all(now, progress=note)
    finally:
        connection.close()
