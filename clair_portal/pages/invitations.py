"""Sending invitations: one by mail, thousands by a sheet whose codes come back as a workbook."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts import invitation_sheet
from clair_portal.accounts.forms import roles_at
from clair_portal.accounts.invitation_sheet import Row, Sheet, Unreadable
from clair_portal.accounts.invitations import prepare, renew_invitation
from clair_portal.accounts.models import Invitation
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.documents.sniffing import Refused, safe_name, sniff
from clair_portal.network.models import Organisation
from clair_portal.network.services import names
from clair_portal.outbox import jobs, schedule
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import start_job
from clair_portal.staffing.inviting import address_of, mail, must_be_allowed

BULK = "accounts.bulk_invitation"
FOLDER = "invitation-sheets"
STEP = 50
LEFT_LYING = {".json": dt.timedelta(days=1), ".xlsx": jobs.KEEP + dt.timedelta(days=1)}


# --- one by one -----------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_again(invitation: Invitation, *, actor: Reader, now: dt.datetime) -> Invitation:
    """Mails the invitation with a new code and new 14 days; the old code is dead. ValueError: it was used."""
    must_be_allowed(actor, invitation.organisation)
    if invitation.used_at:
        raise ValueError("a used invitation is not sent again")
    fresh, code = renew_invitation(invitation, actor=actor, now=now)
    mail(fresh, code)
    return fresh


# --- by a sheet -----------------------------------------------------------------------------------------------------


def check_sheet(file: UploadedFile, *, organisation: Organisation, actor: Reader, now: dt.datetime) -> Sheet:
    """The dry run: every row read, every error named. Raises Unreadable for the file as a whole."""
    must_be_allowed(actor, organisation)
    content = file.read()
    try:
        sniff(safe_name(file.name or ""), content)
    except Refused as error:
        raise Unreadable(str(error)) from error
    open_rows = Invitation.objects.filter(organisation=organisation, used_at=None, revoked_at=None, expires_at__gt=now)
    return invitation_sheet.read_sheet(
        file.name or "",
        content,
        roles=roles_at(organisation),
        open_already=open_rows.values_list("email", "role_id"),
    )


def keep_sheet(sheet: Sheet) -> str:
    """Puts the read rows aside between the dry run and the confirmation. Returns the name in the store of documents."""
    body = json.dumps([row.as_json() for row in sheet.rows], ensure_ascii=False)
    return storages["documents"].save(f"{FOLDER}/{uuid.uuid4()}.json", ContentFile(body.encode()))


def forget_sheet(name: str) -> None:
    if name.startswith(f"{FOLDER}/"):
        storages["documents"].delete(name)


def start_bulk(*, file: str, organisation: Organisation, user: int, actor: Reader, now: dt.datetime) -> Job:
    """Queues the invitations of a kept sheet. PermissionError: not an organisation the actor administers."""
    must_be_allowed(actor, organisation)
    title = _("Invitations to %(organisation)s") % {"organisation": organisation}
    params = {"file": file, "organisation": organisation.pk}
    return start_job(BULK, title=title, person=actor.person, user=user, params=params)


@jobs.register(BULK)
def run_bulk(job: Job, reader: Reader, progress: jobs.Progress) -> dict[str, Any]:
    """All rows or none: one transaction, with the owner's authority as it is when the job runs."""
    organisation = Organisation.objects.get(pk=job.params["organisation"])
    must_be_allowed(reader, organisation)
    with storages["documents"].open(job.params["file"]) as kept:
        rows = [Row.from_json(data) for data in json.load(kept)]
    codes: list[tuple[Row, str]] = []
    now = timezone.now()
    for at in range(0, len(rows), STEP):
        codes += _make_some(rows[at : at + STEP], organisation, reader, now)
        progress(len(codes), len(rows))
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # a role deleted meanwhile is found here, not at COMMIT
    record(
        "accounts.invitations.imported", organisation, actor=reader.signature, count=len(rows),
        organisation=names(organisation),
    )  # fmt: skip
    with translation.override(reader.language):
        content = _workbook(codes, organisation)
        file_name = _("Invitation codes.xlsx")
    result = storages["documents"].save(f"{FOLDER}/{job.pk}.xlsx", ContentFile(content))
    transaction.on_commit(lambda: forget_sheet(job.params["file"]))
    return {"file": result, "file_name": file_name, "count": len(rows)}


def _make_some(rows: list[Row], organisation: Organisation, actor: Reader, now: dt.datetime) -> list[tuple[Row, str]]:
    made, codes = [], []
    for row in rows:
        invitation = Invitation(
            name=row.name, name_latin=row.name_latin, email=row.email, role_id=row.role, organisation=organisation,
            starts_on=row.starts_on, ends_on=row.ends_on, language="ja",
        )  # fmt: skip
        codes.append((row, prepare(invitation, invited_by=actor.person, now=now)))
        made.append(invitation)
    Invitation.objects.bulk_create(made)
    return codes


def _workbook(codes: list[tuple[Row, str]], organisation: Organisation) -> bytes:
    heads = [str(head) for head in invitation_sheet.COLUMNS.values()] + [
        _("Organisation"),
        _("Code"),
        pgettext("web", "Address"),
    ]
    rows = [
        (row.name, row.name_latin, row.email, row.role, row.starts_on.isoformat(),
         row.ends_on.isoformat() if row.ends_on else "", str(organisation), code, address_of(code))
        for row, code in codes
    ]  # fmt: skip
    return invitation_sheet.write_workbook(heads, rows)


def empty_sheet() -> bytes:
    """The sheet to fill in: headings only."""
    return invitation_sheet.write_workbook([str(head) for head in invitation_sheet.COLUMNS.values()], [])


def sweep_sheets(now: dt.datetime) -> None:
    """Schedule: sheets that were checked and never confirmed go after a day, results nobody owns with those of jobs."""
    store = storages["documents"]
    if not store.exists(FOLDER):
        return
    for name in store.listdir(FOLDER)[1]:
        path, kept = f"{FOLDER}/{name}", LEFT_LYING.get(name[-5:])
        if kept and store.get_modified_time(path) < now - kept:
            store.delete(path)


schedule.register("accounts.invitation_sheets", sweep_sheets, local_time=dt.time(3, 45))
