"""Filing a support request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.casework.forms import FileForm
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.posts import path_of
from clair_portal.casework.views import visible_case
from offices import services
from offices.forms import RequestForm
from offices.models import SupportRequest


@needs("cases.file", "GET", "POST")
def new_request(request: Any) -> HttpResponse:
    """The first page asks for everything; saving makes the draft, so that papers can be added."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = services.begin_request(title=form.cleaned_data["title"], actor=request.reader, now=timezone.now())
        services.save_draft(case, values=form.cleaned_data)
        return _go_on(request, case)
    return _form_page(request, form, None)


@needs("cases.file", "GET", "POST")
def edit_request(request: Any, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    if case.state != "draft" or case.applicant_id not in request.scope.organisations:
        raise Http404
    if request.method != "POST":
        return _form_page(request, RequestForm.of(SupportRequest.objects.select_related("case").get(case=case)), case)
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, case)
    services.save_draft(case, values=form.cleaned_data)
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204)
    return _go_on(request, case)


def _go_on(request: HttpRequest, case: Case) -> HttpResponse:
    if request.POST.get("then") == "file":
        key = "file" if case.applicant.branch_id else "file_directly"
        return redirect("case_move", pk=case.pk, key=key)
    messages.success(request, _("The draft is saved. Only your organisation sees it."))
    return redirect("support_edit", pk=case.pk) if request.POST.get("then") == "paper" else redirect(path_of(case))


def _form_page(request: Any, form: RequestForm, case: Case | None) -> HttpResponse:
    papers = CaseFile.objects.visible_to(request.scope).filter(case=case).order_by("created_at") if case else []
    context = {"form": form, "case": case, "files": papers, "file_form": FileForm(initial={"next": request.path})}
    return render(
        request, "offices/request_form.html", context, status=422 if form.is_bound and not form.is_valid() else 200
    )
