"""The pages of a draft: task list, one page a step, check answers, the draft on paper. What is filed is declared (Filing)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.calendars.eras import in_words
from clair_portal.casework.enums import Holder, Topic
from clair_portal.casework.forms import FileForm
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Case, CaseFile, Note, Task
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import Conflict, NotAllowed, may_move, may_throw_away
from clair_portal.casework.services import throw_away
from clair_portal.casework.workflow import workflow_of
from clair_portal.documents.sniffing import Refused
from clair_portal.language.folding import whole_number
from clair_portal.language.words import listed
from clair_portal.reports import pdf
from offices.enums import PreconditionCheck
from offices.filing import draft_pdf
from offices.filing.answers import answers, has_fields, needs_of
from offices.filing.checks import requests_like, stages_of
from offices.filing.filings import Filing
from offices.filing.preconditions import is_advice
from offices.filing.saving import as_typed, differences, save_page, say_what_was_not_kept
from offices.filing.steps import ASKED, Step, StepForm, sheet_name, step_after, step_of
from offices.models import Precondition
from offices.services import ON_THE_CASE

ABOUT_DAYS = {
    PreconditionCheck.WEEKEND,
    PreconditionCheck.HOLIDAY,
    PreconditionCheck.FIXED_DATES,
    PreconditionCheck.NOTICE,
}
FORMER = 6  # former requests offered to begin from
FILLED = ({"tone": "", "fill": 0}, {"tone": "wait", "fill": 2}, {"tone": "done", "fill": 4})


class Pages:
    """The pages of one kind of draft."""

    def __init__(self, filing: Filing) -> None:
        self.filing = filing

    def addresses(self) -> list[URLPattern]:
        """All pages, named after the filing."""
        filing, base = self.filing, f"{self.filing.name}/"
        reads, both, writes = needs("cases.file"), needs("cases.file", "GET", "POST"), needs("cases.file", "POST")
        found = [
            path(f"{base}new/", both(self.new), name=filing.new_url),
            path(f"{base}similar/", writes(self.similar), name=filing.similar_url),
            path(f"{base}<int:pk>/", reads(self.short_address), name=filing.short_url),
            path(f"{base}<int:pk>/edit/", reads(self.task_list), name=filing.edit_url),
            path(f"{base}<int:pk>/edit/<slug:key>/", both(self.step_page), name=filing.step_url),
            path(f"{base}<int:pk>/preview/", writes(self.preview), name=filing.preview_url),
            path(f"{base}<int:pk>/check/", reads(self.check), name=filing.check_url),
            path(f"{base}<int:pk>/print/", reads(self.printed), name=filing.print_url),
            path(f"{base}<int:pk>/throw-away/", both(self.throw_away), name=filing.throw_away_url),
        ]
        if filing.copying is not None:
            found.append(path(f"{base}<int:pk>/copy/", both(self.copy), name=filing.copy_url))
        return found

    # --- The draft ------------------------------------------------------------------------------------------------------
    def new(self, request: Any) -> HttpResponse:
        """The first page asks what it is about; saving makes the draft, which only the organisation itself sees."""
        filing = self.filing
        form = filing.steps[0].form(request.POST or None)
        if request.method == "POST" and form.is_valid():
            now = timezone.now()
            case = filing.begin(title=form.cleaned_data["title"], actor=request.reader, now=now)
            filing.save(case, values=form.values())
            messages.success(request, _("The draft is saved. Only your organisation sees it."))
            return redirect(filing.edit_url, pk=case.pk)
        context = {
            "filing": filing, "form": form, "step": filing.steps[0], "steps": filing.steps, "number": 1,
            "former": self._former(request) if filing.copying else [],
        }  # fmt: skip
        return render(request, "offices/filing/step.html", context, status=422 if form.is_bound else 200)

    def _former(self, request: Any) -> Any:
        seen = Case.objects.visible_to(request.scope)
        own = seen.filter(applicant__in=request.scope.organisations, kind=self.filing.kind)
        return own.filter(holder=Holder.NOBODY).order_by("-closed_at", "-pk")[:FORMER]

    def draft(self, request: Any, pk: int) -> Any:
        """The detail of a draft of one's own organisation; a filed one is no draft any more."""
        case = visible_case(request, pk, kind=self.filing.kind)
        if case.applicant_id not in request.scope.organisations:
            raise Http404
        detail: Any = self.filing.model._default_manager.get(case=case)
        detail.case = case
        return detail

    def short_address(self, request: Any, pk: int) -> HttpResponse:
        """/desk/support/12/, as people shorten it."""
        return redirect(self.filing.edit_url, pk=self.draft(request, pk).case_id)

    def task_list(self, request: Any, pk: int) -> HttpResponse:
        """How far each page of the draft is."""
        filing, detail = self.filing, self.draft(request, pk)
        case = detail.case
        if case.state != "draft":
            return _gone(request, case)
        papers, route = _papers(request, case), self._route(detail)
        tasks = [self._task(step, detail) for step in filing.steps if has_fields(step, detail)]
        context = {
            "filing": filing, "case": case, "tasks": tasks, "done": len([task for task in tasks if task["done"]]),
            "stages": stages_of(case, route, filing.first_look), "files": papers,
            "sheets": filing.sheets(papers, detail), "former_files": _papers(request, case.copied_from),
            "missing": listed(filing.unfinished(case, detail)), "file_form": FileForm(initial={"next": request.path}),
            "route": route, **self._ways_out(request, case),
        }  # fmt: skip
        return render(request, "offices/filing/tasks.html", context)

    def _ways_out(self, request: Any, case: Case) -> dict[str, bool]:
        """A draft that was never filed is thrown away; one the branch returned is withdrawn."""
        withdraw = workflow_of(case).transition("withdraw")
        return {
            "may_throw_away": may_throw_away(case, request.reader).allowed,
            "may_withdraw": may_move(case, withdraw, request.reader).allowed,
        }

    def _route(self, detail: Any) -> Any:
        return self.filing.route(detail.case, detail, timezone.localdate())

    def _task(self, step: Step, detail: Any) -> dict[str, Any]:
        filled = step.filled(detail)
        labels = [_("not begun"), _("begun"), _("done")]
        hint = _("may stay empty") if not step.needed and not filled else ""
        return {
            "label": step.label,
            "url": reverse(self.filing.step_url, args=[detail.case_id, step.key]),
            "hint": hint,
            "done": filled == 2,
            "state": {**FILLED[filled], "label": labels[filled]},
        }

    # --- One page -------------------------------------------------------------------------------------------------------
    def step_page(self, request: Any, pk: int, key: str) -> HttpResponse:
        """One page of the draft. "Save and go on" leads to the next; typing alone is saved as well (X-Autosave)."""
        try:
            step = step_of(self.filing.steps, key)
        except LookupError as error:
            raise Http404 from error
        try:
            detail = self.draft(request, pk)
        except Http404:
            if request.method == "POST" and not request.headers.get("X-Autosave"):
                return _gone_for_good(request, step)
            raise
        given = needs_of(step, detail)
        if request.method == "POST":
            return self._save(request, detail, step, step.form(request.POST, request.FILES, **given))
        if detail.case.state != "draft":
            return _gone(request, detail.case)
        return self._step(request, detail, step, step.form.of(detail, **given))

    def _save(self, request: Any, detail: Any, step: Step, form: StepForm) -> HttpResponse:
        if detail.case.state != "draft":
            return _too_late(request, detail, step, form)
        if not form.is_valid():
            say_what_was_not_kept(form, request.FILES)
            return self._step(request, detail, step, form)
        try:
            saved = save_page(self.filing, detail, step, form, actor=request.reader, now=timezone.now())
        except Refused as error:
            form.add_error("sheet", str(error))
            return self._step(request, detail, step, form)
        except Conflict as error:
            return self._conflict(request, detail.case_id, step, form, str(error))
        except NotAllowed:
            return _too_late(request, detail, step, form)
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204, headers={"X-Version": step.form.seen(saved)})
        return self._go_on(request, saved, step.key)

    def _go_on(self, request: Any, detail: Any, key: str) -> HttpResponse:
        filing, then = self.filing, request.POST.get("then")
        if then == "here":
            return redirect(filing.step_url, pk=detail.case_id, key=key)
        following = step_after(filing.steps, key)
        if then == "list" or following is None or not has_fields(following, detail):
            return redirect(filing.edit_url, pk=detail.case_id)
        return redirect(filing.step_url, pk=detail.case_id, key=following.key)

    def _step(self, request: Any, detail: Any, step: Step, form: StepForm, **more: Any) -> HttpResponse:
        steps = [each for each in self.filing.steps if each == step or has_fields(each, detail)]
        context = {
            "filing": self.filing, "form": form, "step": step, "steps": steps, "number": steps.index(step) + 1,
            "case": detail.case, "sheet": sheet_name(detail) if "sheet" in form.fields else "",
            **(self._seen_ahead(detail) if step == self._where else {}), **more,
        }  # fmt: skip
        return render(request, "offices/filing/step.html", context, status=422 if form.is_bound else 200)

    @property
    def _where(self) -> Step:
        """The page that asks for the countries."""
        return next(step for step in self.filing.steps if "countries" in step.form.base_fields)

    def _seen_ahead(self, detail: Any) -> dict[str, Any]:
        """Where the request goes, which days are closed there, and what the offices say about these days."""
        route = self._route(detail)
        said = self.filing.said(detail.case, detail, [], timezone.localdate()) if route else []
        return {
            "ahead": True,
            "route": route,
            "calendar": self.filing.calendar(route, detail),
            "remarks": [str(each) for each in said if each.row.check_code in ABOUT_DAYS],
        }

    def preview(self, request: Any, pk: int) -> HttpResponse:
        """The same for what is typed and not saved yet; fields that are wrong count as empty."""
        detail = self.draft(request, pk)
        form = self._where.form(request.POST)
        form.is_valid()
        form.cleaned_data = {name: field.to_python(None) for name, field in form.fields.items()} | form.cleaned_data
        for name, value in form.values().items():
            setattr(detail.case if name in ON_THE_CASE else detail, name, value)
        return render(request, "offices/filing/preview.html", self._seen_ahead(detail))

    def similar(self, request: Any) -> HttpResponse:
        """Requests like the one whose subject is being typed. `draft`: the one it is typed into, if there is one already."""
        draft = request.GET.get("draft", "")
        case = self.draft(request, int(draft)).case if draft.isdecimal() and len(draft) < 10 else None
        topics = [topic for topic in request.POST.getlist("topics") if topic in Topic.values]
        title, countries = request.POST.get("title", "")[:200], case.countries if case else []
        found = requests_like(title, countries, topics, request.reader, but_not=case.pk if case else None)
        return render(request, "offices/filing/similar.html", {"similar": found})

    def _conflict(self, request: Any, pk: int, step: Step, form: StepForm, sentence: str) -> HttpResponse:
        """What is stored now beside what was typed; saving again overwrites it knowingly. Where both are the same, there
        is nothing to decide."""
        detail = self.draft(request, pk)
        found = differences(detail, step, form)
        if not found:
            return self._go_on(request, detail, step.key)
        data = request.POST.copy()
        data["version"] = step.form.seen(detail)
        again = step.form(data, **needs_of(step, detail))
        again.is_valid()
        again.add_error(None, sentence)
        say_what_was_not_kept(again, request.FILES)
        return self._step(request, detail, step, again, differing=found)

    # --- All of it ------------------------------------------------------------------------------------------------------
    def check(self, request: Any, pk: int) -> HttpResponse:
        """Everything that will be sent, with a way back to each page, and what is worth knowing before."""
        filing, detail = self.filing, self.draft(request, pk)
        case = detail.case
        if case.state != "draft":
            return _gone(request, case)
        papers = _papers(request, case)
        context = {
            "filing": filing, "case": case, "sections": answers(filing.steps, detail), "files": papers,
            "sheets": filing.sheets(papers, detail), "missing": listed(filing.unfinished(case, detail)),
            "route": self._route(detail), **self._said(detail, papers),
            "similar": requests_like(case.title, case.countries, case.topics, request.reader, but_not=case.pk),
            "known": filing.known(detail, request.scope), "move": "file" if case.applicant.branch_id else "file_directly",
        }  # fmt: skip
        return render(request, "offices/filing/check.html", context)

    def _said(self, detail: Any, papers: list[CaseFile]) -> dict[str, list[str]]:
        """What the offices' preconditions say: what must be settled, what is worth knowing, and advice for everybody."""
        said = self.filing.said(detail.case, detail, papers, timezone.localdate())
        return {
            "obstacles": [str(each) for each in said if each.row.blocks],
            "warnings": [str(each) for each in said if not each.row.blocks and not is_advice(each)],
            "advice": [str(each) for each in said if is_advice(each)],
        }

    def printed(self, request: Any, pk: int) -> HttpResponse:
        """The draft on paper, for the town hall's own approval before it is sent."""
        filing, detail = self.filing, self.draft(request, pk)
        if detail.case.state != "draft":
            return _gone(request, detail.case)
        papers, route = _papers(request, detail.case), self._route(detail)
        said = filing.said(detail.case, detail, papers, timezone.localdate())
        made = draft_pdf.render(
            detail, answers(filing.steps, detail), papers, [str(each) for each in said if not is_advice(each)],
            title=str(filing.printed), sheets=filing.sheets(papers, detail), where=route.sentence if route else "",
            language=get_language() or "en", now=timezone.now(),
        )  # fmt: skip
        return pdf.download(made, f"draft-{detail.case_id}.pdf")

    def throw_away(self, request: Any, pk: int) -> HttpResponse:
        """Asks once, and names what goes with the draft."""
        detail = self.draft(request, pk)
        case, filing = detail.case, self.filing
        if not (answer := may_throw_away(case, request.reader)).allowed:
            messages.warning(request, answer.reason)
            return redirect(filing.edit_url, pk=case.pk)
        if request.method == "POST":
            return self._thrown_away(request, case)
        filled = [step.label for step in filing.steps if has_fields(step, detail) and step.filled(detail)]
        context = {
            "filing": filing, "case": case, "filled": filled, "files": _papers(request, case),
            "notes": Note.objects.visible_to(request.scope).filter(case=case).count(),
            "tasks": Task.objects.visible_to(request.scope).filter(case=case).count(),
        }  # fmt: skip
        return render(request, "offices/filing/throw_away.html", context)

    def _thrown_away(self, request: Any, case: Case) -> HttpResponse:
        seen = whole_number(request.POST.get("version", ""), 1, 10**9)
        try:
            throw_away(case, actor=request.reader, version=seen)
        except Conflict:
            messages.warning(
                request, _("Somebody changed this draft in the meantime. Look at it before you throw it away.")
            )
            return redirect(self.filing.throw_away_url, pk=case.pk)
        except NotAllowed as error:
            messages.warning(request, str(error))
            return redirect("desk")
        messages.success(request, _("The draft “%(title)s” is thrown away.") % {"title": case.title})
        return redirect("desk")

    def copy(self, request: Any, pk: int) -> HttpResponse:
        """The same as last year: shows what will be copied and what not, then makes a new draft."""
        assert self.filing.copying is not None
        detail, copying = self.draft(request, pk), self.filing.copying
        if request.method == "POST":
            case = copying.copy(detail, actor=request.reader, now=timezone.now())
            messages.success(request, _("This is a copy with later dates. Look through every page before you send it."))
            return redirect(self.filing.edit_url, pk=case.pk)
        days = copying.days(detail, timezone.localdate())
        context = {
            "case": detail.case, "detail": detail, "days": [in_words(day, weekday=True) for day in days if day],
            "files": _papers(request, detail.case),
        }  # fmt: skip
        return render(request, "offices/filing/copy.html", context)


def _papers(request: Any, case: Case | None) -> list[CaseFile]:
    return list(CaseFile.objects.visible_to(request.scope).filter(case=case).order_by("created_at")) if case else []


def _gone(request: Any, case: Case) -> HttpResponse:
    messages.warning(request, _("This request was filed already, so it can no longer be changed here."))
    return redirect(path_of(case))


def _gone_for_good(request: Any, step: Step) -> HttpResponse:
    """Not one's own, or thrown away by a colleague in the meantime: what was typed stands there to be copied."""
    asked = [name.removeprefix(ASKED) for name in request.POST if name.startswith(ASKED)]
    given: dict[str, Any] = {"questions": list(Precondition.objects.filter(key__in=asked))} if step.given else {}
    context = {"step": step, "typed": as_typed(step.form(request.POST, request.FILES, **given))}
    return render(request, "offices/filing/too_late.html", context, status=404)


def _too_late(request: Any, detail: Any, step: Step, form: StepForm) -> HttpResponse:
    """The draft was filed in the meantime: what was typed stands there to be copied."""
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=409)
    context = {"case": detail.case, "step": step, "typed": as_typed(form)}
    return render(request, "offices/filing/too_late.html", context, status=422)
