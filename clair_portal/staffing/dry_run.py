"""The dry run: the plan of a sheet as it would be carried out today. It is made anew whenever somebody looks at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from clair_portal.accounts import handover
from clair_portal.accounts.ending import begins_at, ends_at
from clair_portal.accounts.invitation_sheet import Fault
from clair_portal.accounts.reader import Reader
from clair_portal.staffing import checks, successors
from clair_portal.staffing.plan import Line, Plan, Register
from clair_portal.staffing.queries import RIGHT
from clair_portal.staffing.sheet import Row


def make_plan(
    rows: Sequence[Row], *, answers: dict[str, str], reader: Reader, now: dt.datetime, faults: Sequence[Fault] = ()
) -> Plan:
    """What would happen to each, and everything that is wrong. Nothing is written.

    `answers`: row number to "posting:12", "row:5" or "nobody", where the sheet names no successor. `faults`: those of reading.
    """
    known, plan = Register(rows, reader, now), Plan(faults=list(faults))
    lines = checks.meant(rows, known, plan.faults)
    plan.lines = [line for line in lines if line.changes]
    plan.untouched = len(lines) - len(plan.lines)
    checks.check(plan.lines, known, plan.faults)
    successors.find(plan.lines, known, plan.faults)
    for line in plan.lines:
        _look_ahead(line, plan.lines, known)
    _count(plan.lines, known)
    successors.answer(plan, answers, known)
    _give_titles(plan.lines)
    plan.warnings = _without_administrator(plan.lines, known)
    for line in plan.lines:
        line.choices = successors.choices(line, plan, known) if line.ends and line.count else []
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def _look_ahead(line: Line, lines: Sequence[Line], known: Register) -> None:
    """At which midnight access ends and begins, and which other posts are kept."""
    if line.organisation and line.row.starts_on:
        line.begins_at = begins_at(line.row.starts_on, known.zones[line.organisation.pk])
    if not line.posting or not line.ends:
        return
    line.ends_at = ends_at(line.ends, known.zones[line.posting.organisation_id])
    ended = {other.posting.pk: other.ends for other in lines if other.posting and other.ends}
    for other in known.elsewhere.get(line.posting.person_id, []):
        last = ended.get(other.pk, other.ends_on)
        if other.pk != line.posting.pk and (last is None or last > line.ends):
            line.stays.append(other)


def _give_titles(lines: Sequence[Line]) -> None:
    """The title the sheet gives; without one a newcomer has the title of the post they take over, where the role is the same."""
    for line in lines:
        line.title = line.row.title
    for line in lines:
        if line.heir and line.posting and line.heir.role and line.heir.role.pk == line.posting.role_id:
            line.heir.title = line.heir.title or line.posting.title


def _without_administrator(lines: Sequence[Line], known: Register) -> list[str]:
    """Places where everybody who may administer leaves by this sheet."""
    ended = {line.posting.pk for line in lines if line.posting and line.ends}
    coming = {line.organisation.pk for line in lines if line.organisation and line.role and RIGHT in line.role.rights}
    able = [posting for posting in known.postings if RIGHT in posting.role.rights]
    left = {posting.organisation_id for posting in able if posting.pk not in ended} | coming
    lost = {posting.organisation for posting in able if posting.organisation_id not in left}
    text = _(
        "After this change nobody at %(organisation)s may administer it: postings and invitations are left to headquarters."
    )
    return [text % {"organisation": place} for place in sorted(lost, key=str)]


def _count(lines: Sequence[Line], known: Register) -> None:
    ending = [line.posting for line in lines if line.posting and line.ends]
    waiting = handover.waiting_at(ending, actor=known.reader, now=known.now) if ending else {}
    for line in lines:
        if line.posting and line.ends:
            line.waiting = waiting.get(line.posting.pk, [])
