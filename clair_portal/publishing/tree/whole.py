"""All pages, in a run that goes on where it was interrupted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

from django.utils import timezone

from clair_portal.outbox.enums import State
from clair_portal.publishing.models import Page, Run
from clair_portal.publishing.tree import changes, families, release, work
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

Progress = Callable[[int, int], None]


def publish_all(now: dt.datetime, *, progress: Progress = lambda done, total: None) -> Run:
    """Every page, each in its own transaction; a run that was interrupted goes on where it stopped. Several may share one."""
    run, total = _begun(now)
    for done, pk in enumerate(_left(run), 1):
        _one_of(run, pk)
        progress(min(done, total), total)
    with acting(SYSTEM_SCOPE):
        Run.objects.filter(pk=run.pk, ended_at=None).update(ended_at=timezone.now(), pages=Page.objects.count())
        run.refresh_from_db()
    return run


def _begun(now: dt.datetime) -> tuple[Run, int]:
    """The run, new or interrupted, and how many pages it has left. One that another release began is over: its pages say
    what that release made of them.

    What changed before is marked first: pages this run renders need no second time for it.
    """
    while changes.take(now):
        pass
    with acting(SYSTEM_SCOPE):
        begun, this = Run.objects.filter(kind=Run.Kind.EVERYTHING, ended_at=None), release.digest()
        begun.exclude(release=this).update(ended_at=now)
        run = begun.filter(release=this).first()
        if run is None:
            run = Run.objects.create(kind=Run.Kind.EVERYTHING, release=this, begun_at=now)
        work.register(families.every_address(), now)
        return run, Page.objects.not_tried_since(run.begun_at).count()


def _left(run: Run) -> Iterator[uuid.UUID]:
    while True:
        with acting(SYSTEM_SCOPE):
            rows = Page.objects.not_tried_since(run.begun_at).sitemaps_last().values_list("pk", flat=True)
            some = list(rows[: work.AT_ONCE])
        if not some:
            return
        yield from some


def _one_of(run: Run, pk: uuid.UUID) -> None:
    """Only where nobody else did it meanwhile; whoever has it now, it is read after the run began."""
    now = timezone.now()
    with acting(SYSTEM_SCOPE):
        page = Page.objects.select_for_update().not_tried_since(run.begun_at).filter(pk=pk).first()
        if page is not None:
            page.attempts, page.state = page.attempts + 1, State.IN_FLIGHT
            Page.objects.filter(pk=pk).update(attempts=page.attempts, state=page.state)
            work.bring(page, now)
