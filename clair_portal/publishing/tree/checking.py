"""Every night each page is rendered again and compared with its file: what differs is reported and mended."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import connection
from django.utils import timezone

from clair_portal.network.models import Organisation
from clair_portal.outbox.enums import State
from clair_portal.outbox.services import Post, tell
from clair_portal.publishing.models import Page, Run
from clair_portal.publishing.tree import families, write
from clair_portal.publishing.tree.work import EXAMPLES, register

log = logging.getLogger("portal.tree")
KEEPS = "outbox.manage"  # the right of whoever is told, and of the page that shows it
PACE_MS = 50  # between two comparisons, so that what changes meanwhile is not kept waiting
ABANDONED = dt.timedelta(hours=1)  # a file so old that nobody finishes it
KEPT_RUNS = dt.timedelta(days=90)
PATIENCE = dt.timedelta(hours=1)  # what fails and is mended by itself within it is told to nobody
LONGEST_ERROR = 300  # characters


def begin(now: dt.datetime) -> None:
    """Schedule: all pages wait to be compared, one after the other; a page that waits for a change is left to it."""
    if not write.is_kept():
        return
    Run.objects.filter(begun_at__lt=now - KEPT_RUNS).delete()
    Run.objects.filter(kind=Run.Kind.CHECK, ended_at=None).update(ended_at=now)
    run = Run.objects.create(kind=Run.Kind.CHECK, begun_at=now)
    before = set(Page.objects.values_list("pk", flat=True))
    if register(families.every_address(), now):
        Page.objects.exclude(pk__in=before).update(checking=run)
    with connection.cursor() as cursor:
        cursor.execute(_ALL, {"run": run.pk, "now": now, "pace": PACE_MS})
    _strangers(run, now)


# One that failed and was given up is tried again as well; what it says then is no difference nobody can explain.
_ALL = """update publishing_page p set state = 'queued', attempts = 0, dispatched_at = null,
checking_id = case when p.state = 'done' then %(run)s end,
due_at = %(now)s + n.place * %(pace)s * interval '1 millisecond'
from (select id, row_number() over (order by path) as place from publishing_page where state in ('done', 'failed')) n where n.id = p.id"""


def _strangers(run: Run, now: dt.datetime) -> None:
    """Files that belong to no page: they would be served for ever."""
    known = {str(write.file_of(path)) for path in Page.objects.values_list("path", flat=True)}
    for file in list(write.every_file()):
        if file.name.startswith(write.STARTED):
            if file.stat().st_mtime < (now - ABANDONED).timestamp():
                file.unlink(missing_ok=True)
        elif str(write.file_of(path := write.path_of(file))) not in known:
            log.error("%s belongs to no public page and was removed", file)
            file.unlink(missing_ok=True)
            run.drifted, run.examples = run.drifted + 1, [*run.examples, path][:EXAMPLES]
    run.save(update_fields=["drifted", "examples"])


def end(now: dt.datetime) -> None:
    """Schedule: a comparison that has no page left is over; what differed is told to those who keep the portal running."""
    for run in Run.objects.select_for_update().filter(kind=Run.Kind.CHECK, ended_at=None):
        if Page.objects.filter(checking=run, state__in=(State.QUEUED, State.IN_FLIGHT)).exists():
            continue
        run.ended_at, run.pages = now, Page.objects.count()
        run.save(update_fields=["ended_at", "pages"])
        if run.drifted:
            _report(run)


def _keepers() -> list[Post]:
    return [Post(hq.pk, KEEPS) for hq in Organisation.objects.filter(kind="headquarters")]


def _report(run: Run) -> None:
    tell(
        "publishing.pages.differed", run, posts=_keepers(), path="/desk/published/", occasion=str(run.pk),
        params={"count": run.drifted, "example": run.examples[0], "day": timezone.localdate(run.begun_at).isoformat()},
    )  # fmt: skip


def tell_of_faults(now: dt.datetime) -> None:
    """Schedule: pages that fail for longer than an hour are told to those who keep the portal running, each fault once.

    The versions of a page are one fault, and so are pages that fail for the same reason (a full disk).
    """
    failing = Page.objects.failed().filter(failing_since__lt=now - PATIENCE).select_for_update(skip_locked=True)
    known = list(failing.exclude(fault_told_at=None).values_list("address", "error"))
    told = {address for address, _error in known}, {error for _address, error in known}
    new = [
        page for page in failing.filter(fault_told_at=None) if page.address not in told[0] and page.error not in told[1]
    ]
    if not new:
        return
    first = new[0]
    tell(
        "publishing.pages.failing", first, posts=_keepers(), path="/desk/published/", occasion=str(first.failing_since),
        params={"count": len({page.address for page in new}), "example": first.path, "error": first.error[:LONGEST_ERROR]},
    )  # fmt: skip
    Page.objects.filter(pk__in=[page.pk for page in new]).update(fault_told_at=now)
