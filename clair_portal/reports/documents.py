"""Documents on request: asked for once, made once, kept for seven days.

A kind says what decides its content. From that comes the key: whoever asks again for the same gets the finished file,
and a worker that died is followed by one that writes the same file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone, translation

from clair_portal.accounts.reader import Reader
from clair_portal.outbox import jobs
from clair_portal.outbox.jobs import Progress
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job
from clair_portal.reports.models import Report
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.reports")
JOB = "reports.make"
FOLDER = "reports"
KEEP = jobs.KEEP
YOUNG = dt.timedelta(days=1)  # the transaction that stored it may still be on its way
STEPS = 3  # gathered, printed, kept
Params = dict[str, Any]


@dataclass(frozen=True)
class Made:
    content: bytes
    file_name: str
    media_type: str = "application/pdf"


@dataclass(frozen=True)
class ReportKind:
    """`version`: everything that decides the content, as this reader sees it, in the active language; it raises
    LookupError where there is nothing for this reader. `make`: the file (reader, params, time to print on it, progress).
    `title`: of the job's page. `personal`: whether it holds what only this reader may see. `handed_out`: called for each
    download (to note it in the log).
    """

    code: str
    title: Callable[[Reader, Params], str]
    version: Callable[[Reader, Params], Any]
    make: Callable[[Reader, Params, dt.datetime, Progress], Made]
    personal: Callable[[Reader, Params], bool] = lambda reader, params: False
    handed_out: Callable[[Reader, Params], None] = lambda reader, params: None


KINDS: dict[str, ReportKind] = {}


def declare(kind: ReportKind) -> None:
    """Called in ready(). The same code again replaces the earlier kind."""
    KINDS[kind.code] = kind


def ask_for(
    code: str, params: Params, *, actor: Reader, user: int, language: str, now: dt.datetime, path: str = ""
) -> Report | Job:
    """The finished report, where one is kept; else the job that makes it, started now or on its way already.

    `path`: the page it was asked for on; the page of the job leads back there.
    Raises LookupError where the actor sees nothing to report on.
    """
    kind = KINDS[code]
    with _as_read_by(actor, language):
        key, title = key_of(kind, params, actor, language), kind.title(actor, params)
    if (found := finished(key, actor, now)) is not None:
        return found
    if (running := Job.objects.visible_to(actor.scope).under_way(JOB, key=key).first()) is not None:
        return running
    wanted = {"kind": code, "params": params, "language": language, "key": key, "path": path}
    return start_job(JOB, title=title[:200], person=actor.person, user=user, params=wanted)


def key_of(kind: ReportKind, params: Params, reader: Reader, language: str) -> str:
    """Deterministic, of 64 characters. The organisation is a part of it: what two see of a thing may differ."""
    person = reader.person if kind.personal(reader, params) else None
    seen = [kind.code, params, language, reader.scope.role, reader.scope.organisation, person]
    text = json.dumps([*seen, kind.version(reader, params)], sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def finished(key: str, reader: Reader, now: dt.datetime) -> Report | None:
    """The kept report with this key; None also where its file is gone."""
    found = Report.objects.visible_to(reader.scope).kept(now).filter(key=key).first()
    return found if found is not None and storages["documents"].exists(found.file) else None


def may_still_read(report: Report, reader: Reader) -> bool:
    """Whether what the report is about is still there for its reader; a case that was taken away takes its PDF along."""
    kind = KINDS.get(report.kind)
    if kind is None:
        return False
    try:
        with _as_read_by(reader, report.language):
            kind.version(reader, report.params)
    except LookupError:
        return False
    return True


@jobs.register(JOB)
def make(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    """Makes the report, or finds that somebody has made it meanwhile. One worker at a time for each key."""
    kind, params, language = KINDS[job.params["kind"]], job.params["params"], job.params["language"]
    with _as_read_by(owner, language):
        key = key_of(kind, params, owner, language)
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"report {key}"])
        report = finished(key, owner, timezone.now())
        if report is None:
            progress(1, STEPS)
            made = kind.make(owner, params, job.created_at, progress)
            progress(2, STEPS)
            report = _kept(kind, key, params, language, made, owner)
        progress(STEPS, STEPS)
    return {"report": str(report.pk), "report_name": report.file_name}


def _kept(kind: ReportKind, key: str, params: Params, language: str, made: Made, owner: Reader) -> Report:
    """Row and file. What an earlier start left under this key is replaced."""
    now = timezone.now()
    report = Report(
        key=key, kind=kind.code, params=params, language=language, organisation_id=owner.scope.organisation,
        person=owner.person, personal=kind.personal(owner, params), file_name=made.file_name, media_type=made.media_type,
        size=len(made.content), sha256=hashlib.sha256(made.content).hexdigest(), made_at=now, expires_at=now + KEEP,
    )  # fmt: skip
    with acting(SYSTEM_SCOPE):
        Report.objects.filter(key=key).delete()
    report.save(force_insert=True)
    storages["documents"].delete(report.file)
    storages["documents"].save(report.file, ContentFile(made.content))
    return report


@contextmanager
def _as_read_by(reader: Reader, language: str) -> Iterator[None]:
    """The page's language and the reader's clock, as they were where the report was asked for."""
    with translation.override(language), timezone.override(reader.time_zone):
        yield


def clear_old(now: dt.datetime) -> None:
    """Schedule: reports go after seven days; so do files whose transaction was rolled back."""
    store = storages["documents"]
    Report.objects.filter(expires_at__lte=now).delete()
    if not store.exists(FOLDER):
        return
    kept = {report.file for report in Report.objects.only("key")}
    for name in store.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in kept and store.get_modified_time(path) < now - YOUNG:
            store.delete(path)
            log.info("removed a report that nobody can ask for any more: %s", path)
