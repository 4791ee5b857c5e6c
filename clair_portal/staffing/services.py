"""A change of staff from the sheet to the postings: kept as a draft, confirmed as a whole, taken back until it takes effect."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.invitation_sheet import Fault, Unreadable
from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.documents.sniffing import Refused, safe_name, sniff
from clair_portal.network.services import names
from clair_portal.outbox.services import start_job
from clair_portal.staffing import telling
from clair_portal.staffing.dry_run import make_plan
from clair_portal.staffing.models import ChangeState, StaffChange, StaffLine
from clair_portal.staffing.plan import Line, Plan
from clair_portal.staffing.sheet import Row, read_rows

INVITATIONS = "staffing.invitations"
KEEP_DRAFTS = dt.timedelta(days=30)


class NotReady(Exception):
    """The plan as it stands today cannot be carried out; it says why."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__("faults or open questions")


class TooLate(Exception):
    """The change is confirmed, taken back or in effect already; the message is a sentence."""


def read(upload: UploadedFile) -> tuple[list[Row], list[Fault]]:
    """Raises Unreadable for the file as a whole."""
    content = upload.read()
    try:
        sniff(safe_name(upload.name or ""), content)
    except Refused as error:
        raise Unreadable(str(error)) from error
    return read_rows(upload.name or "", content)


def keep_draft(rows: Sequence[Row], *, actor: Reader, now: dt.datetime) -> StaffChange:
    """The rows of a sheet without faults, for the dry run that is looked at and confirmed."""
    change = StaffChange(
        organisation_id=actor.scope.organisation, rows=[row.as_json() for row in rows], prepared_by=actor.person,
        prepared_at=now, signature=actor.signature,
    )  # fmt: skip
    change.save(force_insert=True)
    return change


def plan_of(change: StaffChange, *, actor: Reader, now: dt.datetime, answers: dict[str, str] | None = None) -> Plan:
    """The dry run of a draft as of now."""
    rows = [Row.from_json(data) for data in change.rows]
    return make_plan(rows, answers=change.answers if answers is None else answers, reader=actor, now=now)


@transaction.atomic
def confirm(change: StaffChange, *, answers: dict[str, str], user: int, actor: Reader, now: dt.datetime) -> StaffChange:
    """Writes all postings of the sheet, or none. The work moves at the midnight of each line.

    Raises NotReady with the plan where something is wrong or unanswered, TooLate where it is no draft any more.
    """
    draft = StaffChange.objects.visible_to(actor.scope).filter(pk=change.pk, state=ChangeState.DRAFT)
    locked = draft.select_for_update().first()
    if locked is None:
        raise TooLate(_("This change was confirmed or thrown away already."))
    plan = plan_of(locked, actor=actor, now=now, answers=answers)
    if plan.faults or plan.questions or not plan.lines:
        raise NotReady(plan)
    lines = _lines(locked, plan)
    locked.state, locked.answers = ChangeState.CONFIRMED, answers
    locked.confirmed_by, locked.confirmed_at, locked.confirmed_as = actor.person, now, actor.signature
    locked.takes_effect_at = plan.takes_effect_at
    invites = any(line.invitation for line in lines)
    if invites:
        title = _("Invitations of a change of staff")
        params = {"change": str(locked.pk)}
        locked.job = start_job(INVITATIONS, title=title, person=actor.person, user=user, params=params).pk
    _write(locked, lines, plan)
    _log(locked, plan, actor)
    telling.tell_confirmed(locked, plan, actor)
    return locked


def _lines(change: StaffChange, plan: Plan) -> list[StaffLine]:
    made = {line.row.number: _line(change, line) for line in plan.lines}
    for line in plan.lines:
        if line.heir:
            made[line.row.number].heir = made[line.heir.row.number]
    return list(made.values())


def _line(change: StaffChange, line: Line) -> StaffLine:
    row, person, ends = line.row, line.person, line.ends
    return StaffLine(
        change=change, row=row.number, person=person, name=person.name if person else row.name,
        name_latin=person.name_latin if person else row.name_latin, email=person.email if person else row.email,
        posting=line.posting, ends_on=ends, ended_before=line.posting.ends_on if line.posting else None,
        organisation=line.organisation, role=line.role, title=line.title, starts_on=row.starts_on, next_ends_on=row.next_ends_on,
        sending_body=line.sending_body, invitation=uuid.uuid4() if line.invited else None, successor=line.successor,
        note=row.note, due_at=line.ends_at,
    )  # fmt: skip


def _write(change: StaffChange, lines: list[StaffLine], plan: Plan) -> None:
    """Raises NotReady where the database knows better (somebody wrote a posting in this very moment)."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            change.save(
                update_fields=[
                    "state",
                    "answers",
                    "confirmed_by",
                    "confirmed_at",
                    "confirmed_as",
                    "takes_effect_at",
                    "job",
                ]
            )
            StaffLine.objects.bulk_create(lines)
            cursor.execute("select staffing_write_postings(%s)", [change.pk])
            cursor.execute("set constraints all immediate")
    except IntegrityError as error:
        text = _(
            "A posting of one of these people was changed in this moment. Look at the lines again and confirm once more."
        )
        plan.faults.append(Fault(0, "", text))
        raise NotReady(plan) from error


def _log(change: StaffChange, plan: Plan, actor: Reader) -> None:
    for line in plan.lines:
        if line.posting and line.ends:
            record(
                "accounts.posting.ended", line.posting, actor=actor.signature, name=line.posting.person.name,
                day=line.ends.isoformat(), organisation=names(line.posting.organisation),
            )  # fmt: skip
    record("staffing.change.confirmed", change, actor=actor.signature, count=len(plan.lines))


@transaction.atomic
def take_back(change: StaffChange, *, actor: Reader, now: dt.datetime) -> None:
    """Postings are as they were, those that had not begun are gone, open invitations are dead.

    Raises TooLate once the first midnight has passed, or where work was already given to one of the new postings.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select staffing_take_back(%s, %s)", [change.pk, now])
            done = cursor.fetchone()[0]
            cursor.execute("set constraints all immediate")
    except IntegrityError as error:
        text = _("Somebody has already been given work in a post of this change. Hand that back first.")
        raise TooLate(text) from error
    if not done:
        raise TooLate(_("The change has taken effect or was taken back already. Correct it by a new sheet."))
    change.refresh_from_db()
    record("staffing.change.taken_back", change, actor=actor.signature, count=change.lines.count())
    telling.tell_taken_back(change, actor)


def throw_away(change: StaffChange, *, actor: Reader) -> None:
    """A draft is gone without a trace; TooLate where it is none."""
    gone, _each = StaffChange.objects.visible_to(actor.scope).filter(pk=change.pk, state=ChangeState.DRAFT).delete()
    if not gone:
        raise TooLate(_("This change was confirmed or thrown away already."))


def sweep_drafts(now: dt.datetime) -> None:
    """Schedule: sheets that nobody confirmed go after 30 days; they name people."""
    StaffChange.objects.filter(state=ChangeState.DRAFT, prepared_at__lt=now - KEEP_DRAFTS, sample=False).delete()


def changed_postings(change: StaffChange) -> list[Any]:
    """The lines of a confirmed change, with everything a page says of them."""
    rows = StaffLine.objects.filter(change=change).select_related(
        "person",
        "posting__person",
        "posting__organisation",
        "posting__role",
        "organisation",
        "role",
        "successor__person",
        "heir",
    )
    return list(rows)


def posting_of(line: StaffLine) -> Posting | None:
    """The posting a line begins: written at once for people known here, by accepting the invitation for others."""
    if line.begun_id:
        return line.begun
    if not line.email or line.starts_on is None:
        return None
    rows = Posting.objects.filter(organisation=line.organisation, role=line.role, starts_on=line.starts_on)
    return rows.filter(person__user__email__iexact=line.email).order_by("-pk").first()
