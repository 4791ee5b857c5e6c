"""Inviting people: who may, one by mail, and the address and letter of an invitation."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.invitation_sheet import write_workbook
from clair_portal.accounts.invitations import LASTS, make_invitation
from clair_portal.accounts.models import Invitation
from clair_portal.accounts.reader import Reader
from clair_portal.network.models import Organisation
from clair_portal.network.services import names
from clair_portal.outbox import jobs
from clair_portal.outbox.models import Job
from clair_portal.outbox.services import queue_email
from clair_portal.staffing.models import ChangeState, StaffChange, StaffLine
from clair_portal.staffing.services import INVITATIONS
from clair_portal.walls.roles import HEADQUARTERS

RIGHT = "organisation.administer"
FOLDER = "invitation-sheets"


def may_invite_for(reader: Reader, organisation: Organisation) -> bool:
    """Administrators for their own organisation, those of headquarters for every one."""
    if not reader.can(RIGHT):
        return False
    return reader.scope.role == HEADQUARTERS or reader.scope.organisation == organisation.pk


def must_be_allowed(actor: Reader, organisation: Organisation) -> None:
    """PermissionError: not an organisation the actor administers."""
    if not may_invite_for(actor, organisation):
        raise PermissionError("not an organisation the actor administers")


@transaction.atomic
def invite(invitation: Invitation, *, actor: Reader, now: dt.datetime) -> Invitation:
    """Saves a checked invitation and mails its code. PermissionError: not an organisation the actor administers."""
    must_be_allowed(actor, invitation.organisation)
    mail(invitation, make_invitation(invitation, actor=actor, now=now))
    return invitation


def address_of(code: str) -> str:
    return settings.PORTAL_URL.rstrip("/") + reverse("invitation_accept", args=[code])


def mail(invitation: Invitation, code: str) -> None:
    with translation.override(invitation.language):
        organisation = names(invitation.organisation)["ja" if invitation.language == "ja" else "en"]
        name = invitation.name if invitation.language == "ja" else invitation.name_latin or invitation.name
        subject = _("%(organisation)s invites you to the CLAIR portal") % {"organisation": organisation}
        lines = [
            _("Dear %(name)s,") % {"name": name},
            "",
            _("%(organisation)s invites you to the CLAIR portal. Open this address and choose a password:")
            % {"organisation": organisation},
            "",
            address_of(code),
            "",
            _("The invitation works once, until %(day)s. Do not pass it on.")
            % {"day": invitation.last_day.isoformat()},
        ]
    queue_email(
        to=invitation.email, subject=subject, body="\n".join(lines), language=invitation.language,
        key=f"invitation.{invitation.pk}", event="accounts.mail.invitation",
    )  # fmt: skip


# --- By a change of staff ---------------------------------------------------------------------------------------------------
@jobs.register(INVITATIONS)
def run_invitations(job: Job, reader: Reader, progress: jobs.Progress) -> dict[str, Any]:
    """Everybody new on a confirmed sheet is invited by mail, and the codes come back as a workbook to print."""
    change = StaffChange.objects.visible_to(reader.scope).get(pk=job.params["change"])
    lines = StaffLine.objects.filter(change=change).exclude(invitation=None).select_related("organisation", "role")
    if change.state != ChangeState.CONFIRMED:
        return {"count": 0}
    now, codes = timezone.now(), []
    for done, line in enumerate(lines, 1):
        invitation = _invitation(line)
        must_be_allowed(reader, invitation.organisation)
        code = make_invitation(invitation, actor=reader, now=now, until=_last_day(line, now))
        mail(invitation, code)
        codes.append((line, code))
        progress(done, len(lines))
    with translation.override(reader.language):
        content, file_name = _workbook(codes), _("Invitation codes.xlsx")
    stored = storages["documents"].save(f"{FOLDER}/{job.pk}.xlsx", ContentFile(content))
    return {"file": stored, "file_name": file_name, "count": len(codes)}


def _invitation(line: StaffLine) -> Invitation:
    assert line.starts_on is not None
    return Invitation(
        id=line.invitation, name=line.name, name_latin=line.name_latin, email=line.email, language="ja",
        organisation=line.organisation, role=line.role, title=line.title, starts_on=line.starts_on, ends_on=line.next_ends_on,
        sending_body=line.sending_body,
    )  # fmt: skip


def _last_day(line: StaffLine, now: dt.datetime) -> dt.date:
    """Two weeks, and at least two weeks into the post: it is sent long before the first day."""
    assert line.organisation is not None
    assert line.starts_on is not None
    today = timezone.localdate(now, ZoneInfo(line.organisation.time_zone))
    return max(today, line.starts_on) + LASTS


def _workbook(codes: list[tuple[StaffLine, str]]) -> bytes:
    heads = [_("Name"), _("E-mail"), _("Organisation"), _("Role"), _("Code"), pgettext("web", "Address")]
    rows = [
        (line.name, line.email, str(line.organisation), str(line.role), code, address_of(code)) for line, code in codes
    ]
    return write_workbook(heads, rows)
