"""Pages of projects. Everybody who sees a project reads it; the office that keeps it writes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Case as OrderCase
from django.db.models import When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.calendars.eras import in_words
from clair_portal.casework.kinds import KINDS
from clair_portal.casework.list_pages import as_file, list_page
from clair_portal.casework.listing import asked_of
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.gatherings.models import Event
from clair_portal.language.words import listed
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from clair_portal.projects import services
from clair_portal.projects.enums import BADGES, State, Strand
from clair_portal.projects.forms import (
    CaseForm,
    CorrectionForm,
    EditProjectForm,
    EventForm,
    NewProjectForm,
    SentenceForm,
    new_body,
)
from clair_portal.projects.models import Project, ProjectEvent, ProjectNote, ProjectParty
from clair_portal.projects.project_list import PROJECTS, strands_of
from clair_portal.projects.story import cases_of, events_of, story_of

MOST_EVENTS = 200  # offered to choose from


@signed_in()
def projects(request: Any) -> HttpResponse:
    return list_page(request, PROJECTS, "projects/list.html")


@signed_in("POST")
def projects_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(PROJECTS, request.GET, request.reader))


def _path(project: Project) -> str:
    return f"/desk/projects/{project.pk}/"


def _seen(request: Any, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.scope).select_related("office"), pk=pk)


def _ours(request: Any, pk: int) -> Project:
    """A project of the reader's office, or 404."""
    rows = Project.objects.visible_to(request.scope).written_by(request.scope).select_related("office")
    return get_object_or_404(rows, pk=pk)


def _parties(request: Any, project: Project) -> tuple[list[Organisation], list[Organisation]]:
    """In Japan, and abroad."""
    rows = ProjectParty.objects.visible_to(request.scope).filter(project=project).order_by("organisation__code")
    bodies = [row.organisation for row in rows.select_related("organisation__country")]
    abroad = [body for body in bodies if body.kind == Kind.FOREIGN_LOCAL_GOVERNMENT]
    return [body for body in bodies if body not in abroad], abroad


@signed_in()
def project(request: Any, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    return _project_page(request, found, SentenceForm(project=found, today=services.today_at(found, timezone.now())))


def _events_to_add(request: Any, found: Project) -> list[Event]:
    """The newest ones the reader sees, of its own office first."""
    there = ProjectEvent.objects.visible_to(request.scope).filter(project=found).values("event")
    seen = Event.objects.visible_to(request.scope).exclude(pk__in=there)
    own_first = OrderCase(When(organisation__in=request.scope.organisations, then=0), default=1)
    return list(seen.order_by(own_first, "-begins_at", "pk")[:MOST_EVENTS])


def _project_page(
    request: Any, found: Project, form: SentenceForm, status: int = 200, event_form: EventForm | None = None
) -> HttpResponse:
    may_write = services.may_write(found, request.reader)
    if may_write and event_form is None:
        event_form = EventForm(events=_events_to_add(request, found))
    events = events_of(found, request.reader)
    rows = cases_of(found, request.reader, timezone.now())
    japanese, foreign = _parties(request, found)
    context = {
        "project": found, "badge": BADGES[found.state], "as_of": in_words(found.state_on), "japanese": japanese,
        "foreign": foreign, "strands": strands_of(found), "between": _between(japanese, foreign),
        "rows": rows, "years": story_of(found, rows, request.reader, events), "form": form,
        "may_write": may_write, "events": events, "event_form": event_form,
    }  # fmt: skip
    return render(request, "projects/project.html", context, status=status)


def _between(japanese: list[Organisation], foreign: list[Organisation]) -> str:
    """Who works together, in one line."""
    return " × ".join(listed([str(body) for body in side]) for side in (japanese, foreign) if side)


@needs("cases.work", "POST")
def sentence(request: Any, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    form = SentenceForm(request.POST, project=found, today=services.today_at(found, timezone.now()))
    if form.is_valid():
        try:
            note = services.write_sentence(found, **form.values(), actor=request.reader, now=timezone.now())
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _written(note))
            return redirect(_path(found))
    return _project_page(request, found, form, status=422)


def _written(note: ProjectNote) -> str:
    """`note.state` alone says nothing of today: its day may be still to come."""
    if not note.state or note.day <= services.today_at(note.project, timezone.now()):
        return _("Written down.")
    words = {"state": note.get_state_display(), "day": in_words(note.day)}
    return _("Written down. From %(day)s on the project counts as: %(state)s.") % words


@needs("cases.work", "GET", "POST")
def correction(request: Any, pk: int, note_pk: int) -> HttpResponse:
    found = _ours(request, pk)
    notes = ProjectNote.objects.visible_to(request.scope).filter(author__in=request.scope.organisations)
    note = get_object_or_404(notes, pk=note_pk, project=found)
    form = CorrectionForm(request.POST or None, instance=note)
    if request.method == "POST" and form.is_valid():
        services.correct_sentence(note, values=form.cleaned_data, actor=request.reader, now=timezone.now())
        messages.success(request, _("Written down."))
        return redirect(_path(found))
    heading = _("Correct the sentence")
    return _form(request, form, {"project": found, "heading": heading, "button": _("Save"), "back": _path(found)})


def _form(request: Any, form: Any, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "projects/form.html", {"form": form, **context}, status=status)


# --- Beginning and changing -------------------------------------------------------------------------------------------
@needs("cases.work", "GET", "POST")
def new_project(request: Any) -> HttpResponse:
    """A new project; with `case` in the address that case is the first of it."""
    case = _case_of(request)
    form = NewProjectForm(request.POST or None, initial=_proposed(case))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.begin_project(
                values=form.values(), parties=form.parties(request.reader), state=form.cleaned_data["state"],
                day=form.cleaned_data["day"], case=case, actor=request.reader, now=timezone.now(),
            )  # fmt: skip
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The project is there. Write down what happens from time to time."))
            return redirect(_path(made))
    back = path_of(case) if case else "/desk/projects/"
    context = {"heading": _("New project"), "button": _("Begin the project"), "back": back, "case": case}
    return _form(request, form, context)


def _case_of(request: Any) -> Case | None:
    key = request.GET.get("case", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return Case.objects.visible_to(request.scope).for_list().filter(pk=int(key)).first()


def _proposed(case: Case | None) -> dict[str, Any]:
    """What a case says about the project it begins."""
    if case is None:
        return {}
    strands = [topic for topic in case.topics if topic in Strand.values]
    return {"title_ja": case.title, "strands": strands, "state": State.ACTIVE, **_asked_by(case)}


def _asked_by(case: Case) -> dict[str, Any]:
    """The party that asked, on its side: of a request from abroad the applicant is the office that received it."""
    kind = KINDS[case.kind]
    if body := kind.asked_by(case, kind.detail(case)):
        return {"foreign": [new_body(*body)]}
    return {"japanese": [] if case.applicant.kind == Kind.OFFICE else [case.applicant]}


@needs("cases.work", "GET", "POST")
def edit_project(request: Any, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    form = EditProjectForm(request.POST or None, project=found, parties=_parties(request, found))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_project(
                found, values=form.values(), parties=form.parties(request.reader), version=form.cleaned_data["version"],
                actor=request.reader, now=timezone.now(),
            )  # fmt: skip
        except (NotAllowed, Conflict) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(_path(found))
    context = {"project": found, "heading": _("Change the project"), "button": _("Save"), "back": _path(found)}
    return _form(request, form, context)


# --- Cases ------------------------------------------------------------------------------------------------------------
@needs("cases.work", "GET", "POST")
def add_case(request: Any, pk: int) -> HttpResponse:
    """From the page of a case: to which project of the office it belongs."""
    case = visible_case(request, pk)
    ours = Project.objects.visible_to(request.scope).written_by(request.scope).exclude(state=State.ENDED)
    form = CaseForm(request.POST or None, projects=ours.order_by("-state_on", "-pk"))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["project"]
        try:
            new = services.add_case(chosen, case, actor=request.reader, now=timezone.now())
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case belongs to the project now.") if new else _("It was there already."))
            return redirect(_path(chosen))
    context = {
        "heading": _("Add the case to a project"), "button": _("Add"), "back": path_of(case), "case": case,
        "none_yet": not ours.exists(), "choosing": True,
    }  # fmt: skip
    return _form(request, form, context)


@needs("cases.work", "POST")
def remove_case(request: Any, pk: int, case_pk: int) -> HttpResponse:
    found = _ours(request, pk)
    case = visible_case(request, case_pk)
    services.remove_case(found, case, actor=request.reader)
    messages.success(request, _("The case no longer belongs to the project. The case itself stays as it is."))
    return redirect(_path(found))


# --- Events -----------------------------------------------------------------------------------------------------------
@needs("cases.work", "POST")
def add_event(request: Any, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    form = EventForm(request.POST, events=_events_to_add(request, found))
    if not form.is_valid():
        blank = SentenceForm(project=found, today=services.today_at(found, timezone.now()))
        return _project_page(request, found, blank, status=422, event_form=form)
    services.add_event(found, form.chosen(), actor=request.reader, now=timezone.now())
    messages.success(request, _("The event belongs to the project now."))
    return redirect(_path(found))


@needs("cases.work", "POST")
def remove_event(request: Any, pk: int, event_pk: uuid.UUID) -> HttpResponse:
    found = _ours(request, pk)
    event = get_object_or_404(Event.objects.visible_to(request.scope), pk=event_pk)
    services.remove_event(found, event, actor=request.reader)
    messages.success(request, _("The event no longer belongs to the project. The event itself stays as it is."))
    return redirect(_path(found))
