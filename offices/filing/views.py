"""Filing a support request: task list, one page a step, check answers, the draft on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.calendars.eras import format_era
from clair_portal.casework.forms import FileForm
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.casework.similar import similar_to
from offices import services
from offices.effects import unfinished
from offices.filing import draft_pdf
from offices.filing.checks import route_of
from offices.filing.preconditions import questions_for, warnings_for
from offices.filing.steps import STEPS, QuestionsForm, Step, StepForm, SubjectForm, step_after, step_of
from offices.models import SupportRequest
from offices.workflow import KIND

FILLED = ({"tone": "", "fill": 0}, {"tone": "wait", "fill": 2}, {"tone": "done", "fill": 4})


@needs("cases.file", "GET", "POST")
def new_request(request: Any) -> HttpResponse:
    """The first page asks what it is about; saving makes the draft, which only the organisation itself sees."""
    form = SubjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        case = services.begin_request(title=form.cleaned_data["title"], actor=request.reader, now=now)
        services.save_draft(case, values=form.values())
        messages.success(request, _("The draft is saved. Only your organisation sees it."))
        return redirect("support_edit", pk=case.pk)
    context = {"form": form, "step": STEPS[0], "steps": STEPS, "number": 1}
    return render(request, "offices/filing/step.html", context, status=422 if form.is_bound else 200)


def _draft(request: Any, pk: int) -> SupportRequest:
    """The draft of one's own organisation; a filed one is no draft any more."""
    case = get_object_or_404(Case.objects.visible_to(request.scope).for_list(), pk=pk, kind=KIND)
    if case.applicant_id not in request.scope.organisations:
        raise Http404
    detail = SupportRequest.objects.get(case=case)
    detail.case = case
    return detail


def _gone(request: Any, case: Case) -> HttpResponse:
    messages.warning(request, _("This request was filed already, so it can no longer be changed here."))
    return redirect(path_of(case))


@needs("cases.file")
def task_list(request: Any, pk: int) -> HttpResponse:
    """How far each page of the draft is."""
    detail = _draft(request, pk)
    case = detail.case
    if case.state != "draft":
        return _gone(request, case)
    papers = CaseFile.objects.visible_to(request.scope).filter(case=case).order_by("created_at")
    context = {
        "case": case, "tasks": [_task(step, detail) for step in STEPS if _has_fields(step, detail)], "files": papers,
        "missing": unfinished(case, detail), "file_form": FileForm(initial={"next": request.path}),
        "route": route_of(case, detail, timezone.localdate()),
    }  # fmt: skip
    return render(request, "offices/filing/tasks.html", context)


def _has_fields(step: Step, detail: SupportRequest) -> bool:
    return step.form is not QuestionsForm or bool(_given(step, detail)["questions"])


def _task(step: Step, detail: SupportRequest) -> dict[str, Any]:
    filled = step.filled(detail)
    labels = [_("not begun"), _("begun"), _("done")]
    hint = _("may stay empty") if not step.needed and not filled else ""
    return {
        "label": step.label,
        "url": f"/desk/support/{detail.case_id}/edit/{step.key}/",
        "hint": hint,
        "state": {**FILLED[filled], "label": labels[filled]},
    }


@needs("cases.file", "GET", "POST")
def step_page(request: Any, pk: int, key: str) -> HttpResponse:
    """One page of the draft. "Save and go on" leads to the next; typing alone is saved as well (X-Autosave)."""
    detail = _draft(request, pk)
    try:
        step = step_of(key)
    except LookupError as error:
        raise Http404 from error
    if detail.case.state != "draft":
        return HttpResponse(status=409) if request.headers.get("X-Autosave") else _gone(request, detail.case)
    given = _given(step, detail)
    if request.method != "POST":
        return _step(request, detail, step, step.form.of(detail, **given))
    form = step.form(request.POST, **given)
    if not form.is_valid():
        return _step(request, detail, step, form)
    try:
        case = services.save_draft(detail.case, values=form.values(), version=form.cleaned_data["version"])
    except Conflict as error:
        return _conflict(request, pk, step, form, str(error))
    except NotAllowed:
        return _gone(request, detail.case)
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204, headers={"X-Version": str(case.version)})
    return _go_on(request, detail, key)


def _given(step: Step, detail: SupportRequest) -> dict[str, Any]:
    """What the form of a page needs besides what was typed: the questions of the offices are data."""
    if step.form is not QuestionsForm:
        return {}
    return {"questions": questions_for(detail.case, detail, timezone.localdate())}


def _go_on(request: Any, detail: SupportRequest, key: str) -> HttpResponse:
    following = step_after(key)
    if request.POST.get("then") == "list" or following is None or not _has_fields(following, detail):
        return redirect("support_edit", pk=detail.case_id)
    return redirect("support_step", pk=detail.case_id, key=following.key)


def _step(request: Any, detail: SupportRequest, step: Step, form: StepForm, **more: Any) -> HttpResponse:
    context = {
        "form": form, "step": step, "steps": STEPS, "number": STEPS.index(step) + 1, "case": detail.case,
        "route": route_of(detail.case, detail, timezone.localdate()) if step.key == "travel" else None, **more,
    }  # fmt: skip
    return render(request, "offices/filing/step.html", context, status=422 if form.is_bound else 200)


def _conflict(request: Any, pk: int, step: Step, form: StepForm, sentence: str) -> HttpResponse:
    """What is stored now beside what was typed; saving again overwrites it knowingly."""
    detail = _draft(request, pk)
    typed = {name: form.cleaned_data.get(name) for name in form.fields}
    given = _given(step, detail)
    stored = step.form.of(detail, **given)
    differing = [
        {"label": stored[name].label, "value": _shown(stored, name)}
        for name, value in step.form.stored(detail).items()
        if name in stored.fields and typed.get(name) != value
    ]
    data = request.POST.copy()
    data["version"] = str(detail.case.version)
    again = step.form(data, **given)
    again.is_valid()
    again.add_error(None, sentence)
    return _step(request, detail, step, again, differing=differing)


def _shown(form: StepForm, name: str) -> str:
    """An answer as people read it."""
    value = form.initial.get(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        in_japanese = (get_language() or "en").startswith("ja")
        return format_era(value) if in_japanese else date_format(value, "D j M Y")
    choices = dict(getattr(form.fields[name], "choices", ()))
    parts = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(choices.get(part, part)) for part in parts if part not in (None, "")) or _("empty")


@needs("cases.file")
def check(request: Any, pk: int) -> HttpResponse:
    """Everything that will be sent, with a way back to each page, and what is worth knowing before."""
    detail = _draft(request, pk)
    case = detail.case
    if case.state != "draft":
        return _gone(request, case)
    papers = list(CaseFile.objects.visible_to(request.scope).filter(case=case).order_by("created_at"))
    texts = [case.title, detail.purpose, detail.wanted]
    context = {
        "case": case, "sections": answers(detail), "files": papers, "missing": unfinished(case, detail),
        "route": route_of(case, detail, timezone.localdate()),
        "warnings": warnings_for(case, detail, papers, timezone.localdate()),
        "similar": similar_to(texts, case.countries, case.topics, request.scope, but_not=case.pk),
        "move": "file" if case.applicant.branch_id else "file_directly",
    }  # fmt: skip
    return render(request, "offices/filing/check.html", context)


def answers(detail: SupportRequest) -> list[dict[str, Any]]:
    """Label and answer of every field, page by page."""
    found = []
    for step in STEPS:
        form = step.form.of(detail, **_given(step, detail))
        rows = [(form[name].label, _shown(form, name)) for name in form.fields if name != "version"]
        if rows:
            found.append({"step": step, "rows": rows})
    return found


@needs("cases.file")
def printed(request: Any, pk: int) -> HttpResponse:
    """The draft on paper, for the town hall's own approval before it is sent."""
    detail = _draft(request, pk)
    papers = list(CaseFile.objects.visible_to(request.scope).filter(case=detail.case).order_by("created_at"))
    made = draft_pdf.render(
        detail, answers(detail), papers, warnings_for(detail.case, detail, papers, timezone.localdate()),
        language=get_language() or "en", now=timezone.now(),
    )  # fmt: skip
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="draft-{detail.case_id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs("cases.file", "POST")
def copy(request: Any, pk: int) -> HttpResponse:
    """The same as last year: a new draft from a former request of one's own organisation."""
    detail = _draft(request, pk)
    case = services.copy_request(detail, actor=request.reader, now=timezone.now())
    messages.success(
        request, _("This is a copy. The dates are a year later; papers are not copied. Look through every page.")
    )
    return redirect("support_edit", pk=case.pk)
