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
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.casework.shown import both, shown_in, shown_of
from offices.models import OfficeReport, WorkEntry
from offices.work import services
from offices.work.forms import FeedbackForm, ReportDraftForm, WorkForm
from offices.workflow import KIND, PART_KIND


def _case(request: Any, pk: int) -> Case:
    return visible_case(request, pk, kind__in=[KIND, PART_KIND])


@needs("cases.work", "GET", "POST")
def new_work(request: Any, pk: int) -> HttpResponse:
    """An entry in under a minute: kind, day (today), hours, a line."""
    case = _case(request, pk)
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
        services.change_work(entry, values=form.values(), actor=request.reader)
        return redirect(path_of(entry.case) + "#work")
    return _page(request, entry.case, form, _("Correct a work entry"), _("Save it"))


@needs("cases.work", "GET", "POST")
def report_draft(request: Any, pk: int) -> HttpResponse:
    """The report grows over days; it is sent by the move of the case."""
    case = _case(request, pk)
    kept = services.report_draft(case, request.scope) or OfficeReport()
    form = ReportDraftForm(request.POST or None, initial={name: getattr(kept, name) for name in services.DRAFTED})
    if request.method == "POST":
        return _save_draft(request, case, form)
    return _draft(request, case, form, shown_of(kept, services.DRAFTED))


def _save_draft(request: Any, case: Case, form: ReportDraftForm) -> HttpResponse:
    shown, by_itself = shown_in(request.POST), "X-Autosave" in request.headers
    again: dict[str, Any] = {}
    if form.is_valid():
        try:
            services.save_report(case, **form.cleaned_data, shown=shown, actor=request.reader, now=timezone.now())
        except Conflict as error:
            if by_itself:
                return HttpResponse(status=409)
            stored = services.report_draft(case, request.scope) or OfficeReport()
            again = both(form, shown=shown, stored=stored)
            form.add_error(None, str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            if by_itself:
                return HttpResponse(status=204, headers={"X-Version": shown_of(form.cleaned_data, services.DRAFTED)})
            messages.success(request, _("The draft of the report is saved. Only your office sees it."))
            return redirect(path_of(case))
    return _draft(request, case, form, request.POST.get("version", ""), **again)


def _draft(request: Any, case: Case, form: ReportDraftForm, version: str, **again: Any) -> HttpResponse:
    context = {"case": case, "form": form, "instead": request.path, "shown": version, **again}
    return render(request, "offices/report_draft.html", context, status=422 if form.is_bound else 200)


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
