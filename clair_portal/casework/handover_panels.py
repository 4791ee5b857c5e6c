"""What a handover pack says of cases: those in charge, tasks, dates ahead, and what was finished this year."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.handover_pack import Cell, Date, Table
from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Assignment, Case, Task
from clair_portal.casework.moments import known
from clair_portal.casework.presentation import rows_of
from clair_portal.casework.queries import CaseQuerySet

MOST = 200


def in_charge_of(posting: Posting, reader: Reader) -> CaseQuerySet:
    """Cases of a posting that the reader may see."""
    held = Assignment.objects.visible_to(reader.scope).filter(posting=posting)
    return Case.objects.visible_to(reader.scope).filter(pk__in=held.values("case"))


def open_cases(posting: Posting, reader: Reader, now: dt.datetime) -> Table:
    """Earliest deadline first."""
    cases = in_charge_of(posting, reader).exclude(holder=Holder.NOBODY).for_list().order_by("due_at", "-pk")[:MOST]
    rows = [
        [Cell(row.case.number or _("draft")), Cell(row.case.title, row.url), Cell(str(row.badge.label)), Cell(row.holder),
         Cell(row.due.main if row.due else "–")]
        for row in rows_of(cases, reader, now)
    ]  # fmt: skip
    heads = [pgettext("of a case", "Number"), _("Subject"), _("State"), _("Who has the ball"), _("Next date")]
    return Table(heads, rows, (3, 5, 3, 3, 3))


def finished_cases(posting: Posting, reader: Reader, now: dt.datetime) -> Table:
    """Of this fiscal year, newest first."""
    since = FiscalYear.of(now).starts_at
    cases = in_charge_of(posting, reader).filter(holder=Holder.NOBODY, closed_at__gte=since)
    rows = [
        [Cell(row.case.number or ""), Cell(row.case.title, row.url), Cell(str(row.badge.label)),
         Cell(in_words(timezone.localdate(row.case.closed_at)) if known(row.case.closed_at) else "")]
        for row in rows_of(cases.for_list().order_by("-closed_at")[:MOST], reader, now)
    ]  # fmt: skip
    heads = [pgettext("of a case", "Number"), _("Subject"), _("State"), _("Finished on")]
    return Table(heads, rows, (3, 5, 3, 3))


def open_tasks(posting: Posting, reader: Reader, now: dt.datetime) -> Table:
    tasks = Task.objects.visible_to(reader.scope).open().filter(posting=posting).select_related("case")
    rows = [
        [Cell(task.title), Cell(f"{task.case.number or ''} {task.case.title}".strip(), _case(task.case_id)),
         Cell(in_words(task.due_on) if task.due_on else "–")]
        for task in tasks.order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip
    return Table([_("Task"), _("Case"), _("To be done by")], rows, (5, 5, 3))


def dates(posting: Posting, reader: Reader, now: dt.datetime) -> list[Date]:
    """Deadlines of cases on the clock of whoever holds them, and days of tasks."""
    cases = (
        in_charge_of(posting, reader).exclude(holder=Holder.NOBODY).filter(due_at__gte=now).order_by("due_at")[:MOST]
    )
    found = [
        Date(timezone.localdate(case.due_at, zoneinfo.ZoneInfo(case.due_zone)), _("Deadline: %(case)s") % {"case": case},
             _case(case.pk))
        for case in cases if case.due_at
    ]  # fmt: skip
    tasks = Task.objects.visible_to(reader.scope).open().filter(posting=posting, due_on__gte=timezone.localdate(now))
    return found + [
        Date(task.due_on, _("Task: %(task)s") % {"task": task.title}, _case(task.case_id))
        for task in tasks.order_by("due_on")[:MOST] if task.due_on
    ]  # fmt: skip


def _case(pk: int) -> str:
    return reverse("case", args=[pk])
