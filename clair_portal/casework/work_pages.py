"""What people do on a case besides moving it: tasks of their organisation, a longer deadline."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.casework.checklist import add_task, finish_task, take_up_again
from clair_portal.casework.extension import extend, why_not_extend
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Case, Task
from clair_portal.casework.posts import path_of
from clair_portal.casework.presentation import when
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.casework.work_forms import ExtensionForm, TaskForm


@signed_in("GET", "POST")
def new_task(request: Any, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_task(case, **form.cleaned_data, actor=request.reader, now=timezone.now())
        return redirect(path_of(case) + "#tasks")
    context = {"case": case, "form": form, "heading": _("New task"), "button": _("Add the task")}
    return render(request, "casework/form.html", context, status=422 if form.is_bound else 200)


@signed_in("POST")
def task_done(request: Any, pk: int) -> HttpResponse:
    """Finishes a task, or takes a finished one up again; back to where the button stood."""
    task = get_object_or_404(Task.objects.visible_to(request.scope).select_related("case"), pk=pk)
    if request.POST.get("again"):
        take_up_again(task, actor=request.reader)
    else:
        finish_task(task, actor=request.reader, now=timezone.now())
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect(path_of(task.case) + "#tasks")


@signed_in("GET", "POST")
def extension(request: Any, pk: int) -> HttpResponse:
    """A later deadline with a reason."""
    case = visible_case(request, pk)
    if (refusal := why_not_extend(case, request.reader)) and request.method != "POST":
        messages.warning(request, refusal)
        return redirect(path_of(case))
    form = ExtensionForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        try:
            extend(case, **form.cleaned_data, actor=request.reader, now=timezone.now())
        except Conflict as error:
            case = visible_case(request, pk)
            form = _again(form, case, str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The deadline was extended; everybody on the case is told."))
            return redirect(path_of(case))
    form.fields["days"].help_text = _counted_from(case, timezone.now())
    context = {"case": case, "form": form, "heading": _("Extend the deadline"), "button": _("Extend it")}
    return render(request, "casework/form.html", context, status=422 if form.is_bound else 200)


def _again(form: ExtensionForm, case: Case, sentence: str) -> ExtensionForm:
    """What was typed, with the case as it is now: pressing again extends it knowingly."""
    again = ExtensionForm({**form.data.dict(), "version": case.version})  # type: ignore[attr-defined]
    again.add_error(None, sentence)
    return again


def _counted_from(case: Case, now: dt.datetime) -> str:
    if case.due_at is None:
        return ""
    words = {"due": when(case.due_at)}
    if case.due_at <= now:
        return _("The deadline, %(due)s, has passed: the days are counted from today.") % words
    return _("Counted from the deadline, %(due)s.") % words
