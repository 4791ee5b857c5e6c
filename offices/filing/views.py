"""Filing a support request: task list, one page a step, check answers, the draft on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.casework.enums import Holder, Topic
from clair_portal.casework.forms import FileForm
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.documents.sniffing import Refused
from offices import services
from offices.effects import unfinished
from offices.enums import PreconditionCheck
from offices.filing import draft_pdf
from offices.filing.answers import answers, has_fields, needs_of
from offices.filing.checks import calendar_of, requests_like, route_of, stages_of
from offices.filing.preconditions import is_advice, said_of, sheets_among, warnings_for
from offices.filing.saving import as_typed, differences, save_page
from offices.filing.steps import STEPS, Step, StepForm, SubjectForm, TravelForm, sheet_name, step_after, step_of
from offices.filing.words import in_words, listed
from offices.models import SupportRequest
from offices.workflow import KIND

ABOUT_DAYS = {
    PreconditionCheck.WEEKEND,
    PreconditionCheck.HOLIDAY,
    PreconditionCheck.FIXED_DATES,
    PreconditionCheck.NOTICE,
}
FORMER = 6  # former requests offered to begin from
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
    own = Case.objects.visible_to(request.scope).filter(applicant__in=request.scope.organisations, kind=KIND)
    former = own.filter(holder=Holder.NOBODY).order_by("-closed_at", "-pk")[:FORMER]
    context = {"form": form, "step": STEPS[0], "steps": STEPS, "number": 1, "former": former}
    return render(request, "offices/filing/step.html", context, status=422 if form.is_bound else 200)


def _draft(request: Any, pk: int) -> SupportRequest:
    """The draft of one's own organisation; a filed one is no draft any more."""
    case = get_object_or_404(Case.objects.visible_to(request.scope).for_list(), pk=pk, kind=KIND)
    if case.applicant_id not in request.scope.organisations:
        raise Http404
    detail = SupportRequest.objects.get(case=case)
    detail.case = case
    return detail


def _papers(request: Any, case: Case | None) -> list[CaseFile]:
    return list(CaseFile.objects.visible_to(request.scope).filter(case=case).order_by("created_at")) if case else []


def _gone(request: Any, case: Case) -> HttpResponse:
    messages.warning(request, _("This request was filed already, so it can no longer be changed here."))
    return redirect(path_of(case))


@needs("cases.file")
def short_address(request: Any, pk: int) -> HttpResponse:
    """/desk/support/12/, as people shorten it."""
    return redirect("support_edit", pk=_draft(request, pk).case_id)


@needs("cases.file")
def task_list(request: Any, pk: int) -> HttpResponse:
    """How far each page of the draft is."""
    detail = _draft(request, pk)
    case = detail.case
    if case.state != "draft":
        return _gone(request, case)
    papers, route = _papers(request, case), route_of(case, detail, timezone.localdate())
    tasks = [_task(step, detail) for step in STEPS if has_fields(step, detail)]
    context = {
        "case": case, "tasks": tasks, "files": papers, "done": len([task for task in tasks if task["done"]]),
        "stages": stages_of(case, route),
        "sheets": sheets_among(papers, detail), "former_files": _papers(request, case.copied_from),
        "missing": listed(unfinished(case, detail)), "file_form": FileForm(initial={"next": request.path}),
        "route": route,
    }  # fmt: skip
    return render(request, "offices/filing/tasks.html", context)


def _task(step: Step, detail: SupportRequest) -> dict[str, Any]:
    filled = step.filled(detail)
    labels = [_("not begun"), _("begun"), _("done")]
    hint = _("may stay empty") if not step.needed and not filled else ""
    return {
        "label": step.label,
        "url": f"/desk/support/{detail.case_id}/edit/{step.key}/",
        "hint": hint,
        "done": filled == 2,
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
    given = needs_of(step, detail)
    if request.method == "POST":
        return _save(request, detail, step, step.form(request.POST, request.FILES, **given))
    if detail.case.state != "draft":
        return _gone(request, detail.case)
    return _step(request, detail, step, step.form.of(detail, **given))


def _save(request: Any, detail: SupportRequest, step: Step, form: StepForm) -> HttpResponse:
    if detail.case.state != "draft":
        return _too_late(request, detail, step, form)
    if not form.is_valid():
        return _step(request, detail, step, form)
    try:
        saved = save_page(detail, step, form, actor=request.reader, now=timezone.now())
    except Refused as error:
        form.add_error("sheet", str(error))
        return _step(request, detail, step, form)
    except Conflict as error:
        return _conflict(request, detail.case_id, step, form, str(error))
    except NotAllowed:
        return _too_late(request, detail, step, form)
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204, headers={"X-Version": step.form.seen(saved)})
    return _go_on(request, saved, step.key)


def _go_on(request: Any, detail: SupportRequest, key: str) -> HttpResponse:
    if request.POST.get("then") == "here":
        return redirect("support_step", pk=detail.case_id, key=key)
    following = step_after(key)
    if request.POST.get("then") == "list" or following is None or not has_fields(following, detail):
        return redirect("support_edit", pk=detail.case_id)
    return redirect("support_step", pk=detail.case_id, key=following.key)


def _step(request: Any, detail: SupportRequest, step: Step, form: StepForm, **more: Any) -> HttpResponse:
    steps = [each for each in STEPS if each == step or has_fields(each, detail)]
    context = {
        "form": form, "step": step, "steps": steps, "number": steps.index(step) + 1, "case": detail.case,
        "sheet": sheet_name(detail) if step.key == "hosts" else "",
        **(_seen_ahead(detail) if step.key == "travel" else {}), **more,
    }  # fmt: skip
    return render(request, "offices/filing/step.html", context, status=422 if form.is_bound else 200)


def _seen_ahead(detail: SupportRequest) -> dict[str, Any]:
    """Where the request goes, which days are closed there, and what the offices say about these days."""
    today = timezone.localdate()
    route = route_of(detail.case, detail, today)
    said = said_of(detail.case, detail, [], today) if route else []
    return {
        "route": route,
        "calendar": calendar_of(route, detail),
        "remarks": [str(each) for each in said if each.row.check_code in ABOUT_DAYS],
    }


@needs("cases.file", "POST")
def preview(request: Any, pk: int) -> HttpResponse:
    """The same for what is typed and not saved yet; fields that are wrong count as empty."""
    detail = _draft(request, pk)
    form = TravelForm(request.POST)
    form.is_valid()
    typed = form.cleaned_data
    detail.starts_on, detail.ends_on = typed.get("starts_on"), typed.get("ends_on")
    detail.flexible = bool(typed.get("flexible"))
    detail.case.countries = [*typed.get("countries", []), *typed.get("elsewhere", [])]
    return render(request, "offices/filing/preview.html", _seen_ahead(detail))


@needs("cases.file", "POST")
def similar(request: Any) -> HttpResponse:
    """Requests like the one whose subject is being typed. `draft`: the one it is typed into, if there is one already."""
    draft = request.GET.get("draft", "")
    case = _draft(request, int(draft)).case if draft.isdecimal() and len(draft) < 10 else None
    topics = [topic for topic in request.POST.getlist("topics") if topic in Topic.values]
    title, countries = request.POST.get("title", "")[:200], case.countries if case else []
    found = requests_like(title, countries, topics, request.reader, but_not=case.pk if case else None)
    return render(request, "offices/filing/similar.html", {"similar": found})


def _conflict(request: Any, pk: int, step: Step, form: StepForm, sentence: str) -> HttpResponse:
    """What is stored now beside what was typed; saving again overwrites it knowingly. Where both are the same, there is
    nothing to decide."""
    detail = _draft(request, pk)
    found = differences(detail, step, form)
    if not found:
        return _go_on(request, detail, step.key)
    data = request.POST.copy()
    data["version"] = step.form.seen(detail)
    again = step.form(data, **needs_of(step, detail))
    again.is_valid()
    again.add_error(None, sentence)
    return _step(request, detail, step, again, differing=found)


def _too_late(request: Any, detail: SupportRequest, step: Step, form: StepForm) -> HttpResponse:
    """The draft was filed in the meantime: what was typed stands there to be copied."""
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=409)
    context = {"case": detail.case, "step": step, "typed": as_typed(form)}
    return render(request, "offices/filing/too_late.html", context, status=422)


@needs("cases.file")
def check(request: Any, pk: int) -> HttpResponse:
    """Everything that will be sent, with a way back to each page, and what is worth knowing before."""
    detail = _draft(request, pk)
    case = detail.case
    if case.state != "draft":
        return _gone(request, case)
    papers = _papers(request, case)
    context = {
        "case": case, "sections": answers(detail), "files": papers, "sheets": sheets_among(papers, detail),
        "missing": listed(unfinished(case, detail)),
        "route": route_of(case, detail, timezone.localdate()),
        **_said(detail, papers),
        "similar": requests_like(case.title, case.countries, case.topics, request.reader, but_not=case.pk),
        "move": "file" if case.applicant.branch_id else "file_directly",
    }  # fmt: skip
    return render(request, "offices/filing/check.html", context)


def _said(detail: SupportRequest, papers: list[CaseFile]) -> dict[str, list[str]]:
    """What the offices' preconditions say: what must be settled, what is worth knowing, and advice for everybody."""
    said = said_of(detail.case, detail, papers, timezone.localdate())
    return {
        "obstacles": [str(each) for each in said if each.row.blocks],
        "warnings": [str(each) for each in said if not each.row.blocks and not is_advice(each)],
        "advice": [str(each) for each in said if is_advice(each)],
    }


@needs("cases.file")
def printed(request: Any, pk: int) -> HttpResponse:
    """The draft on paper, for the town hall's own approval before it is sent."""
    detail = _draft(request, pk)
    if detail.case.state != "draft":
        return _gone(request, detail.case)
    papers = _papers(request, detail.case)
    route = route_of(detail.case, detail, timezone.localdate())
    made = draft_pdf.render(
        detail, answers(detail), papers, warnings_for(detail.case, detail, papers, timezone.localdate()),
        where=route.sentence if route else "", language=get_language() or "en", now=timezone.now(),
    )  # fmt: skip
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="draft-{detail.case_id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs("cases.file", "GET", "POST")
def copy(request: Any, pk: int) -> HttpResponse:
    """The same as last year: shows what will be copied and what not, then makes a new draft."""
    detail = _draft(request, pk)
    if request.method == "POST":
        case = services.copy_request(detail, actor=request.reader, now=timezone.now())
        messages.success(request, _("This is a copy with later dates. Look through every page before you send it."))
        return redirect("support_edit", pk=case.pk)
    days = services.moved_ahead(detail, timezone.localdate())
    context = {"case": detail.case, "detail": detail, "days": [in_words(day) for day in days if day],
               "files": _papers(request, detail.case)}  # fmt: skip
    return render(request, "offices/filing/copy.html", context)
