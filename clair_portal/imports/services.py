"""A sheet comes in, is checked, and is applied as a whole. The long parts are jobs with the sender's own authority."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.rules import NotAllowed
from clair_portal.documents.services import receive
from clair_portal.documents.sniffing import Refused
from clair_portal.imports.editing import LISTS, EditableList
from clair_portal.imports.enums import Finding, State
from clair_portal.imports.models import Import, ImportRow
from clair_portal.imports.plan import Found, findings, table_of
from clair_portal.language.words import in_both
from clair_portal.outbox import jobs
from clair_portal.outbox.jobs import Progress
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job
from clair_portal.sheets.pages import ENDINGS, Page, Unreadable, open_pages
from clair_portal.sheets.returned import Place, Wrong, write_returned

CHECK, APPLY = "imports.check", "imports.apply"
FOLDER = "imports"
KEEP = dt.timedelta(days=30)
AT_ONCE = 500  # rows written to the database in one statement


# --- In -----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def send(upload: UploadedFile, editable: EditableList, *, user: int, actor: Reader, now: dt.datetime) -> Import:
    """Keeps the file and queues its check. Raises documents.Refused or NotAllowed with a sentence; nothing is kept then."""
    if not editable.offered(actor):
        raise NotAllowed(_("Your posting does not give you the right to do this."))
    if (upload.name or "").rsplit(".", 1)[-1].lower() not in ENDINGS:
        raise Refused(_("Send the sheet as .xlsx, .xls or .csv."))
    received = receive(upload)
    sheet = Import(
        listing=editable.listing.key, organisation_id=actor.scope.organisation, signature=actor.signature,
        uploaded_at=now, uploaded_by=actor.person, **received.fields(),
    )  # fmt: skip
    sheet.save(force_insert=True)
    title = _("Checking %(name)s") % {"name": sheet.name}
    return _queue(sheet, CHECK, title, user, actor)


@transaction.atomic
def confirm(sheet: Import, *, user: int, actor: Reader) -> Import:
    """Queues the changes of a sheet that was checked. Raises NotAllowed: somebody else's, or not without errors."""
    if sheet.uploaded_by != actor.person:
        raise NotAllowed(_("Whoever sent the file confirms it."))
    locked = Import.objects.visible_to(actor.scope).select_for_update().get(pk=sheet.pk)
    if not locked.is_clean or runs(locked):
        raise NotAllowed(_("This file cannot be confirmed now. Look at its page again."))
    return _queue(locked, APPLY, _("Changes of %(name)s") % {"name": sheet.name}, user, actor)


def _queue(sheet: Import, kind: str, title: str, user: int, actor: Reader) -> Import:
    params = {"sheet": str(sheet.pk), "language": get_language() or "en", "path": path_of(sheet)}
    sheet.job = start_job(kind, title=title, person=actor.person, user=user, params=params).pk
    sheet.save(update_fields=["job"])
    return sheet


def path_of(sheet: Import) -> str:
    return f"/desk/sheets/{sheet.pk}/"


def runs(sheet: Import) -> bool:
    job = Job.objects.filter(pk=sheet.job).first() if sheet.job else None
    return job is not None and job.state in ("queued", "retry", "in_flight")


# --- The check ----------------------------------------------------------------------------------------------------------
@jobs.register(CHECK)
def check(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    """The dry run: what the file would change, told row by row; where something is wrong the file comes back with it."""
    sheet, editable = _sheet_of(job)
    with translation.override(job.params["language"]), timezone.override(owner.time_zone):
        return _checked(sheet, editable, owner, progress)


def _sheet_of(job: Job) -> tuple[Import, EditableList]:
    sheet = Import.objects.get(pk=job.params["sheet"])
    return sheet, LISTS[sheet.listing]


def _checked(sheet: Import, editable: EditableList, owner: Reader, progress: Progress) -> dict[str, Any]:
    content = _content(sheet)
    try:
        pages = open_pages(sheet.name, content)
        told = _told(sheet, editable, pages, owner, progress)
    except Unreadable as error:
        _note(sheet, State.REFUSED, refusal=str(error))
        return {}
    return _returned(sheet, content, pages, told) if told.wrong else {}


def _content(sheet: Import) -> bytes:
    with storages["documents"].open(sheet.key) as kept:
        content: bytes = kept.read()
    return content


def _told(
    sheet: Import, editable: EditableList, pages: list[Page], owner: Reader, progress: Progress, *, lock: bool = False
) -> Told:
    """Writes what is found into rows, and the counts into the sheet. Raises Unreadable."""
    context = editable.context(owner)
    table = table_of(pages, editable, context)
    tally = Tally(sheet)
    total = sheet.rows
    for found in findings(table, editable, context, lock=lock, step=lambda done: progress(done, max(total, done))):
        tally.take(found)
    tally.finish()
    remarks = {"asides": table.asides[:20]}
    _note(sheet, State.CHECKED, refusal="", remarks=remarks, **tally.counts())
    return Told(Place(table.sheet, table.head.last), tally.wrong)


@dataclass(frozen=True)
class Told:
    """What is wrong and where the table stands, for the file that goes back."""

    at: Place
    wrong: list[Wrong]


class Tally:
    """Counts what is found and writes it away, some rows at a time."""

    def __init__(self, sheet: Import) -> None:
        self.sheet, self.waiting = sheet, list[ImportRow]()
        self.rows = self.changes = self.conflicts = self.errors = self.overtaken = 0
        self.wrong: list[Wrong] = []
        ImportRow.objects.filter(sheet=sheet).delete()

    def take(self, found: Found) -> None:
        self.rows += 1
        self.overtaken += found.overtaken
        if found.finding is None:
            return
        self.changes += found.finding == Finding.CHANGE
        self.conflicts += found.finding == Finding.CONFLICT
        self.errors += len(found.details) if found.finding == Finding.ERROR else 0
        if found.finding != Finding.CHANGE:
            self.wrong += [Wrong(found.number, each["cell"], each["label"], each["text"]) for each in found.details]
        self.waiting.append(
            ImportRow(
                sheet=self.sheet, organisation_id=self.sheet.organisation_id, number=found.number, subject=found.subject,
                name=found.name, finding=found.finding, details=found.details,
            )
        )  # fmt: skip
        if len(self.waiting) >= AT_ONCE:
            self.finish()

    def finish(self) -> None:
        ImportRow.objects.bulk_create(self.waiting)
        self.waiting = []

    def counts(self) -> dict[str, int]:
        names = ("rows", "changes", "conflicts", "errors", "overtaken")
        return {name: getattr(self, name) for name in names}


def _note(sheet: Import, state: State, **values: Any) -> None:
    for name, value in {"state": state, **values}.items():
        setattr(sheet, name, value)
    sheet.save(update_fields=["state", *values])


def _returned(sheet: Import, content: bytes, pages: list[Page], told: Told) -> dict[str, Any]:
    """The sender's file with every error in it, as what the job made: it can be fetched for seven days."""
    with tempfile.TemporaryFile() as out:
        write_returned(out, sheet.name, content, pages, told.at, told.wrong)
        out.seek(0)
        name = storages["documents"].save(f"{FOLDER}/{sheet.job}.xlsx", File(out))
    stem = sheet.name.rsplit(".", 1)[0]
    return {"file": name, "file_name": _("%(name)s with errors.xlsx") % {"name": stem}}


# --- The changes --------------------------------------------------------------------------------------------------------
class Stopped(Exception):
    """A change was refused while the file was applied; nothing of it stays."""

    def __init__(self, found: Found, text: str) -> None:
        super().__init__(text)
        self.found, self.text = found, text


@jobs.register(APPLY)
def apply(job: Job, owner: Reader, progress: Progress) -> dict[str, Any]:
    """All changes or none. What was true at the check is looked at again, with the records locked."""
    sheet, editable = _sheet_of(job)
    with translation.override(job.params["language"]), timezone.override(owner.time_zone):
        content = _content(sheet)
        pages = open_pages(sheet.name, content)
        told = _told(sheet, editable, pages, owner, progress, lock=True)
        if not told.wrong:
            try:
                with transaction.atomic():
                    _write_all(sheet, editable, pages, owner, progress)
            except Stopped as stopped:
                _tell_stopped(sheet, stopped)
                told.wrong.append(Wrong(stopped.found.number, "", "", stopped.text))
        return _returned(sheet, content, pages, told) if told.wrong else {}


def _write_all(sheet: Import, editable: EditableList, pages: list[Page], owner: Reader, progress: Progress) -> None:
    now, done, context = timezone.now(), 0, editable.context(owner)
    for found in findings(table_of(pages, editable, context), editable, context, lock=True):
        if found.finding != Finding.CHANGE or found.standing is None:
            continue
        try:
            editable.write(found.standing.record, found.changes, actor=owner, now=now)
        except NotAllowed as error:
            raise Stopped(found, str(error)) from error
        _log(sheet, editable, found, owner)
        done += 1
        if done % 50 == 0 or done == sheet.changes:
            progress(done, sheet.changes)
    _note(sheet, State.APPLIED, applied_at=now)


def _log(sheet: Import, editable: EditableList, found: Found, owner: Reader) -> None:
    """One entry for each row, on the record itself: by which file, in which row, what."""
    assert found.standing is not None
    changed = [column for column in editable.columns if column.key in found.changes]
    record(
        "imports.row.changed", found.standing.record, actor=owner.signature, file=sheet.name, row=found.number,
        columns=[in_both(column.label) for column in changed],
    )  # fmt: skip


def _tell_stopped(sheet: Import, stopped: Stopped) -> None:
    ImportRow.objects.filter(sheet=sheet, number=stopped.found.number).delete()
    details = [{"label": "", "cell": "", "text": stopped.text}]
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                sheet=sheet, organisation_id=sheet.organisation_id, number=stopped.found.number,
                subject=stopped.found.subject, name=stopped.found.name, finding=Finding.ERROR, details=details,
            )
        ]
    )  # fmt: skip
    _note(sheet, State.CHECKED, errors=1, changes=max(sheet.changes - 1, 0))


def sweep(now: dt.datetime) -> None:
    """Schedule: sheets and what was found in them go after thirty days; their changes stay in the log."""
    Import.objects.filter(uploaded_at__lt=now - KEEP).delete()
