"""The list of tasks of one's organisation, declared; many can be finished at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.audit.sentences import in_language
from clair_portal.calendars.eras import in_words
from clair_portal.casework.bulk import Kind, Line, Named, Values, name_rows_of, offer
from clair_portal.casework.checklist import finish_task, take_up_again
from clair_portal.casework.listing import Column, Filter, Listing, SheetColumn, declare
from clair_portal.casework.models import Task
from clair_portal.casework.queries import TaskQuerySet

MINE, OPEN, DONE = "mine", "open", "done"


def source(reader: Reader) -> TaskQuerySet:
    return Task.objects.visible_to(reader.scope).select_related("case", "posting__person")


def _words(rows: TaskQuerySet, values: list[str], reader: Reader) -> TaskQuerySet:
    said = values[0]
    return rows.filter(Q(title__icontains=said) | Q(case__number__icontains=said) | Q(case__title__icontains=said))


def _shown(rows: TaskQuerySet, values: list[str], reader: Reader) -> TaskQuerySet:
    if values == [DONE]:
        return rows.filter(done_at__isnull=False)
    return rows.open().filter(posting=reader.scope.posting) if values == [MINE] else rows.open()


def _overdue(rows: TaskQuerySet, values: list[str], reader: Reader) -> TaskQuerySet:
    return rows.open().filter(due_on__lt=timezone.localdate())


FILTERS = (
    Filter("q", _("Words"), _words, look="text"),
    Filter("show", _("Which tasks"), _shown, look="seg",
           options=lambda reader, known: [(MINE, _("My tasks")), (OPEN, pgettext_lazy("task", "Open")),
                                          (DONE, pgettext_lazy("task", "Done"))]),
    Filter("overdue", _("Overdue"), _overdue, lambda reader, known: [("1", _("Only overdue ones"))], look="box"),
)  # fmt: skip


def _task(task: Task) -> SafeString:
    case = task.case
    return format_html(
        '{}<br><a href="{}">{} {}</a>', task.title, reverse("case", args=[case.pk]), case.number or "",
        case.title or _("No subject yet"),
    )  # fmt: skip


def _day(day: dt.date | None) -> str:
    return in_words(day) if day else ""


COLUMNS = (
    Column("task", _("Task"), html=_task, sort="pk", falling=True, head=True, sheet=(
        SheetColumn(_("Task"), lambda task: task.title, 40),
        SheetColumn(_("Case"), lambda task: task.case.number or "", 14),
        SheetColumn(_("Subject"), lambda task: task.case.title, 44),
    )),
    Column("due", _("To be done by"), lambda task: task.due_on, lambda task: _day(task.due_on), sort="due_on"),
    Column("person", _("In charge"), lambda task: str(task.posting.person) if task.posting else "", width=20),
    Column("created", _("Added on"), lambda task: timezone.localdate(task.created_at),
           lambda task: _day(timezone.localdate(task.created_at)), sort="created_at", falling=True, shown=False),
    Column("done", pgettext_lazy("task", "Done on"),
           lambda task: timezone.localdate(task.done_at) if task.done_at else None,
           lambda task: _day(timezone.localdate(task.done_at) if task.done_at else None), sort="done_at", falling=True),
    Column("by", pgettext_lazy("task", "Done by"), lambda task: in_language(task.done_by) if task.done_by else "",
           shown=False, width=26),
)  # fmt: skip

TASKS = declare(
    Listing(
        key="tasks", path="/desk/tasks/", title=_("Tasks"), columns=COLUMNS, filters=FILTERS, source=source,
        rows=lambda tasks, reader, now: list(tasks), order="due",
    )
)  # fmt: skip


# --- Many at once -----------------------------------------------------------------------------------------------------------
def _look(tasks: Sequence[Task], values: Values, reader: Reader) -> Iterator[Line]:
    for task in tasks:
        yield Line(task, str(_("It is finished.")) if task.done_at else "", state="done" if task.done_at else "open")


def _finish(tasks: Sequence[Task], values: Values, reader: Reader, now: dt.datetime) -> Iterator[Values]:
    for task in tasks:
        finish_task(task, actor=reader, now=now)
        yield {"at": now.isoformat()}


def _take_up(pairs: Sequence[tuple[Task, Values]], reader: Reader, now: dt.datetime) -> Iterator[Any]:
    for task, kept in pairs:
        if task.done_at is None or task.done_at.isoformat() != kept["at"]:
            yield task
        else:
            take_up_again(task, actor=reader)


name_rows_of(TASKS.key, lambda task: Named(task.case.number or "", task.title, reverse("case", args=[task.case_id])))
offer(TASKS.key, "finish", Kind(_("Finish the tasks"), _look, _finish, _take_up))
