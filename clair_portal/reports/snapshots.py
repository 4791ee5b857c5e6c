"""Yearly numbers that stay: counted once by a worker, kept as they were, made public in a step of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.calendars.fiscal import FiscalYear, tokyo_date
from clair_portal.outbox import jobs
from clair_portal.outbox.jobs import Progress
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job
from clair_portal.publishing.services import RELEASE
from clair_portal.reports import frozen, layout, workbook
from clair_portal.reports.collections import COLLECTIONS, Collection
from clair_portal.reports.models import Snapshot
from clair_portal.reports.tables import Grid
from clair_portal.walls.scope import Scope

JOB = "reports.freeze"
FORMATS = {"pdf": "application/pdf", "xlsx": workbook.MEDIA_TYPE}
Objection = Callable[[Snapshot, Reader, dt.datetime], str]


class Refused(Exception):
    """With the sentence that is shown."""


OBJECTIONS: list[Objection] = []
FOLLOWING: list[Callable[[Snapshot, Reader, dt.datetime], None]] = []


def object_with(objection: Objection) -> None:
    """Called in ready(): asked before a count is published; answers with nothing, or the sentence why not."""
    OBJECTIONS.append(objection)


def when_published(follow: Callable[[Snapshot, Reader, dt.datetime], None]) -> None:
    """Called in ready(): done in the transaction that publishes."""
    FOLLOWING.append(follow)


# --- Counting -------------------------------------------------------------------------------------------------------------
def ask_for(collection: Collection, year: FiscalYear, *, actor: Reader, user: int, now: dt.datetime) -> Job:
    """Starts the job that counts, or finds the one under way. Raises Refused for a year that is not over."""
    if refusal := may_freeze(year, actor, now):
        raise Refused(refusal)
    params = {"collection": collection.key, "year": year.year, "path": reverse("snapshots", args=[collection.key])}
    running = Job.objects.visible_to(actor.scope).under_way(JOB, collection=collection.key, year=year.year)
    if (found := running.first()) is not None:
        return found
    words = {"table": collection.title, "year": layout.year_label(year)}
    title = _("%(table)s, %(year)s: counted to stay") % words
    return start_job(JOB, title=title[:200], person=actor.person, user=user, params=params)


def may_freeze(year: FiscalYear, actor: Reader, now: dt.datetime) -> str:
    """Nothing, or the sentence why not."""
    if not actor.can(RELEASE):
        return _("Your posting does not give you the right to do this.")
    if tokyo_date(now) <= year.last_day:
        return _("This fiscal year is not over. It can be counted for good from 1 April on.")
    return ""


@jobs.register(JOB)
def run(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    """Counts every table of the collection and keeps numbers and files. Raises Refused when the right was lost meanwhile."""
    collection, year = COLLECTIONS[job.params["collection"]], FiscalYear(job.params["year"])
    now = timezone.now()
    if refusal := may_freeze(year, owner, now):
        raise Refused(refusal)
    made = freeze(collection, year, actor=owner, now=now, progress=progress)
    return {_("Edition"): made.edition, _("Numbers"): numbers_in(made)}


@transaction.atomic
def freeze(
    collection: Collection, year: FiscalYear, *, actor: Reader, now: dt.datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Snapshot:  # fmt: skip
    """One edition after the other: whoever counts the same year at the same time waits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{collection.key} {year.year}"])
    tables = collection.seen_by(actor)
    steps, counted = len(tables) + len(frozen.LANGUAGES) + 1, []
    for number, table in enumerate(tables):
        progress(number, steps)
        counted.append(frozen.freeze(table, actor, year, now=now))
    last = Snapshot.objects.visible_to(actor.scope).of(collection.key, year.year).first()
    made = Snapshot(
        collection=collection.key, year=year.year, edition=last.edition + 1 if last else 1, counted_at=now,
        counted_by=actor.signature, tables=counted, sample=settings.DEMO,
        sha256=frozen.digest(collection.key, year.year, now, counted),
    )  # fmt: skip
    for number, language in enumerate(frozen.LANGUAGES, len(tables)):
        progress(number, steps)
        made.files |= _kept_files(made, collection, language)
    made.save(force_insert=True)
    record("reports.snapshot.frozen", made, actor=actor.signature, **_said(made), sha256=made.sha256)
    return made


def _kept_files(made: Snapshot, collection: Collection, language: str) -> dict[str, Any]:
    """The report as it will be published, in one language; what an interrupted start left is replaced."""
    store, found = storages["documents"], {}
    with translation.override(language), timezone.override("Asia/Tokyo"):
        title, grids = str(collection.title), grids_in(made)
        printed = layout.printed_together(
            title, grids, language=language, made_at=made.counted_at, sample=settings.DEMO
        )
        contents = {"pdf": printed, "xlsx": workbook.workbook(*grids, made_at=made.counted_at, title=title)}
    for format_name, content in contents.items():
        name = made.file_at(language, format_name)
        store.delete(name)
        store.save(name, ContentFile(content))
        found[f"{language}.{format_name}"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return found


def _said(snapshot: Snapshot) -> dict[str, Any]:
    return {"year": snapshot.year, "edition": snapshot.edition}


def grids_in(snapshot: Snapshot) -> list[Grid]:
    """In the active language."""
    year = FiscalYear(snapshot.year)
    return [frozen.thawed(table, year, snapshot.counted_at) for table in snapshot.tables]


def grid_of(snapshot: Snapshot, key: str) -> Grid | None:
    """The table of that key; None: it was not counted then."""
    found = next((table for table in snapshot.tables if table["key"] == key), None)
    return frozen.thawed(found, FiscalYear(snapshot.year), snapshot.counted_at) if found else None


def numbers_in(snapshot: Snapshot) -> int:
    return sum(len(cells) for table in snapshot.tables for cells in (*table["body"], table["foot"]))


def is_untouched(snapshot: Snapshot) -> bool:
    """Whether the numbers are those the hash was made of."""
    said = frozen.digest(snapshot.collection, snapshot.year, snapshot.counted_at, snapshot.tables)
    return said == snapshot.sha256


# --- Publishing -----------------------------------------------------------------------------------------------------------
def refusal(snapshot: Snapshot, actor: Reader, now: dt.datetime) -> str:
    """Nothing, or the sentence why it is not published now."""
    if not actor.can(RELEASE):
        return _("Your posting does not give you the right to do this.")
    if snapshot.published_at:
        return _("This edition is public already.")
    if not is_untouched(snapshot) or not files_are_whole(snapshot):
        return _(
            "The numbers or files are not those that were counted. Tell whoever runs the portal; nothing was published."
        )
    return next((said for objection in OBJECTIONS if (said := objection(snapshot, actor, now))), "")


def files_are_whole(snapshot: Snapshot) -> bool:
    return all(
        _sha256(snapshot.file_at(*name.split("."))) == kept["sha256"] for name, kept in snapshot.files.items()
    )  # fmt: skip


def _sha256(name: str) -> str:
    store = storages["documents"]
    if not store.exists(name):
        return ""
    with store.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@transaction.atomic
def publish(snapshot: Snapshot, *, actor: Reader, now: dt.datetime) -> Snapshot:
    """From now on everybody reads it. Raises Refused; of two at once one is told that it is public already."""
    locked = Snapshot.objects.visible_to(actor.scope).select_for_update().get(pk=snapshot.pk)
    if reason := refusal(locked, actor, now):
        raise Refused(reason)
    locked.published_at, locked.published_by = now, actor.signature
    locked.save(update_fields=["published_at", "published_by"])
    record("reports.snapshot.published", locked, actor=actor.signature, **_said(locked))
    for follow in FOLLOWING:
        follow(locked, actor, now)
    return locked


def published_years(collection: Collection, scope: Scope) -> list[Snapshot]:
    """The newest published edition of each year, newest year first, without its tables."""
    newest: dict[int, Snapshot] = {}
    for snapshot in Snapshot.objects.visible_to(scope).of(collection.key).published().defer("tables"):
        newest.setdefault(snapshot.year, snapshot)
    return list(newest.values())
