from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import NotAllowed
from offices.drafts import draft_page
from offices.models import WorkEntry
from offices.work import services
from offices.work.drafting import REPORT
from offices.work.forms import FeedbackForm, WorkForm
from offices.workflow import KIND, PART_KIND


def _case(request: Any, pk: int) -> Case:
    """Reports and feedback are those of a support request."""
    return visible_case(request, pk, kind__in=[KIND, PART_KIND])


@needs("cases.work", "GET", "POST")
def new_work(request: Any, pk: int) -> HttpResponse:
    """An entry in under a minute, on a case of any kind: kind, day (today), hours, a line."""
    case = visible_case(request, pk)
    form = WorkForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.log_work(case, **form.values(), actor=request.reader, now=timezone.now())
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            return redirect(path_of(case) + "#work")
    return _page(request, case, form, _("Log work"), _("Log it"))


@needs("cases.work", "GET", "POST")
def edit_work(request: Any, pk: int) -> HttpResponse:
    entry = get_object_or_404(
        WorkEntry.objects.visible_to(request.scope).select_related("case"),
        pk=pk,
        author__in=request.scope.organisations,
    )
    initial = {name: getattr(entry, name) for name in ("kind", "day", "hours", "summary")}
    form = WorkForm(request.POST or None, initial={**initial, "visibility": "shared" if entry.shared else "internal"})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_work(entry, values=form.values(), actor=request.reader)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            return redirect(path_of(entry.case) + "#work")
    return _page(request, entry.case, form, _("Correct a work entry"), _("Save it"))


@needs("cases.work", "GET", "POST")
def report_draft(request: Any, pk: int) -> HttpResponse:
    """The report grows over days; it is sent by the move of the case."""
    return draft_page(request, _case(request, pk), REPORT)


@needs("cases.file", "GET", "POST")
def feedback(request: Any, pk: int) -> HttpResponse:
    case = _case(request, pk)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_feedback(case, **form.cleaned_data, actor=request.reader, now=timezone.now())
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. Headquarters and the office read it."))
            return redirect(path_of(case))
    return _page(request, case, form, _("How was the help?"), _("Send the feedback"))


def _page(request: Any, case: Case, form: Any, heading: str, button: str) -> HttpResponse:
    context = {"case": case, "form": form, "heading": heading, "button": button}
    return render(request, "casework/form.html", context, status=422 if form.is_bound else 200)
