"""The list of tasks as a sheet: what there is to do, by when, and whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.casework.checklist import change_task
from clair_portal.casework.models import Task
from clair_portal.casework.queries import TaskQuerySet
from clair_portal.casework.task_list import TASKS, source
from clair_portal.imports.cases import WORK
from clair_portal.imports.editing import EditableList, EditColumn, declare
from clair_portal.sheets import cells


def _records(keys: Sequence[int], reader: Reader, lock: bool) -> TaskQuerySet:
    seen = source(reader).filter(pk__in=keys).order_by("pk")
    return seen.select_for_update(of=("self",)) if lock else seen


def _done(task: Task, reader: Reader) -> str:
    return _("It is finished.") if task.done_at else ""


def _write(task: Task, changes: dict[str, Any], *, actor: Reader, now: dt.datetime) -> None:
    change_task(task, title=changes.get("title", task.title), due_on=changes.get("due_on", task.due_on), actor=actor)


EDITABLE_TASKS = declare(
    EditableList(
        listing=TASKS,
        version=1,
        columns=(
            EditColumn("title", gettext_lazy("Task"), lambda task, more: task.title,
                       lambda context: cells.filled(cells.at_most(200), gettext_lazy("Write what is to be done.")),
                       refused=_done, width=44),
            EditColumn("due_on", gettext_lazy("To be done by"), lambda task, more: task.due_on, lambda context: cells.day,
                       refused=_done, width=14),
        ),
        offered=lambda reader: any(reader.can(right) for right in WORK),
        name=str,
        records=_records,
        write=_write,
        stamp=lambda task: task.done_at and task.done_at.isoformat(),
    )
)  # fmt: skip
