"""Case pages of all pillars: page, decision, messages, papers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Mail, Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.rules import signed_in
from clair_portal.audit.services import read_in_emergency, record
from clair_portal.casework import panels, presentation, services
from clair_portal.casework.enums import Holder
from clair_portal.casework.extension import why_not_extend
from clair_portal.casework.forms import EmergencyForm, FileForm, NoteForm
from clair_portal.casework.kinds import KINDS, MoveForm, read_along
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Assignment, Case, CaseFile, Note, Task
from clair_portal.casework.posts import path_of, posts_told
from clair_portal.casework.queries import story_of, with_its_parts
from clair_portal.casework.rules import NotAllowed, may_move, moves_for, side_for_papers, sides_of, why_not_write
from clair_portal.casework.workflow import Transition, workflow_of
from clair_portal.documents.models import Check
from clair_portal.documents.services import hand_out
from clair_portal.documents.sniffing import Refused
from clair_portal.language.scripts import not_printed
from clair_portal.network.enums import Kind
from clair_portal.network.services import names
from clair_portal.outbox import notices
from clair_portal.outbox.delivery import holders
from clair_portal.outbox.services import Post
from clair_portal.walls.roles import HEADQUARTERS


@signed_in()
def case_page(request: Any, pk: int) -> HttpResponse:
    return _case_page(request, pk, NoteForm(), FileForm())


def _case_page(request: Any, pk: int, note_form: forms.Form, file_form: forms.Form, status: int = 200) -> HttpResponse:
    reader, now = request.reader, timezone.now()
    seen = read_along(Case.objects.visible_to(request.scope).for_page().with_parts(request.scope), request.scope)
    seen = panels.read_along(seen, request.scope)
    case = get_object_or_404(seen, pk=pk)
    kind = KINDS[case.kind]
    detail = kind.detail(case)
    row = presentation.rows_of([case], reader, now)[0]
    together = with_its_parts(case)
    entries = story_of(case, request.scope)
    notes = Note.objects.visible_to(request.scope).filter(case__in=together).defer("terms")
    referrals = presentation.referrals_of(case, request.scope)
    facts, timeline = kind.facts(case, detail), presentation.timeline_of(case, entries, notes, reader)
    context = {
        "case": case,
        "row": row,
        "state": workflow_of(case).state(case.state),
        "steps": presentation.steps_of(case, public=row.public),
        "kind": kind,
        "detail": detail,
        "facts": facts,
        "more": kind.more(case, detail, reader),
        "remarks": kind.remarks(case, detail, reader),
        "parts": presentation.parts_shown(case, request.scope, referrals, public=row.public),
        "tasks": Task.objects.visible_to(request.scope).filter(case__in=together).order_by("done_at", "due_on", "id"),
        "moves": moves_for(case, reader),
        "why_not_write": why_not_write(case, reader),
        "others": presentation.what_others_can_do(case, reader),
        "may_extend": not why_not_extend(case, reader),
        "timeline": timeline,
        "not_printed": not_printed(
            [case.title, *(value for _label, value in facts), *(each["text"] for each in timeline)]
        ),
        **_papers(case, reader),
        "referrals": referrals,
        "in_charge": Assignment.objects.visible_to(request.scope)
        .filter(case__in=together)
        .select_related("posting__person", "organisation")
        .order_by("since"),
        "panels": panels.panels_of(case, reader),
        "note_form": note_form,
        "file_form": file_form,
        "side": side_for_papers(reader).label,
        "mail_addresses": presentation.mail_addresses(case, reader),
        "may_open_in_emergency": request.scope.role == HEADQUARTERS,
    }
    return render(request, "casework/page.html", context, status=status)


def _papers(case: Case, reader: Reader) -> dict[str, Any]:
    """`unchecked`: no scanner has seen some of them; `no_scanner`: said to those who can have one set up."""
    files = presentation.papers_of(case, reader.scope)
    for paper in files:
        vars(paper)["part"] = presentation.part_label(case, paper.case_id)
    return {
        "files": files,
        "unchecked": any(paper.check_state == Check.NOT_SCANNED for paper in files),
        "no_scanner": not settings.CLAMAV_ADDRESS and reader.can("outbox.manage"),
    }


@signed_in("GET", "POST")
def move(request: Any, pk: int, key: str) -> HttpResponse:
    """The decision screen: what happens, who will be told what, and the form."""
    case, reader, now = visible_case(request, pk), request.reader, timezone.now()
    try:
        transition = workflow_of(case).transition(key)
    except LookupError as error:
        raise Http404 from error
    answer = may_move(case, transition, reader)
    if not answer.allowed and request.method != "POST":
        messages.warning(request, answer.reason)
        return redirect(path_of(case))
    form = KINDS[case.kind].form_for(transition)(
        request.POST or None, request.FILES or None, case=case, move=transition, actor=reader, now=now
    )
    if request.method == "POST" and form.is_valid():
        moved = _moved(request, case, transition, form)
        if moved:
            gone = not Case.objects.visible_to(request.scope).filter(pk=case.pk).exists()
            messages.success(request, _("Done: %(move)s") % {"move": transition.label})
            return redirect("desk" if gone else path_of(case))
        visible_case(request, pk)  # not there: a colleague returned it in this moment, and no page can show the form
    status = 422 if request.method == "POST" else 200
    return render(request, "casework/move.html", _decision(request, case, transition, form), status=status)


def _moved(request: Any, case: Case, transition: Transition, form: MoveForm) -> bool:
    try:
        services.perform(
            case, transition.key, actor=request.reader, now=timezone.now(), reason=form.cleaned_data.get("reason", ""),
            version=form.cleaned_data["version"], **form.given(),
        )  # fmt: skip
    except NotAllowed as error:
        form.add_error(None, str(error))
        return False
    return True


def _decision(request: Any, case: Case, transition: Transition, form: MoveForm) -> dict[str, Any]:
    posts = list(dict.fromkeys([*posts_told(case, transition), *form.more_posts()]))
    workflow, public = workflow_of(case), presentation.reads_public_words(case, request.reader)
    kind, detail = KINDS[case.kind], KINDS[case.kind].detail(case)
    target, state = workflow.state(transition.target), workflow.state(case.state)
    return {
        "case": case,
        "move": transition,
        "possible": case.state in transition.sources,
        "target": presentation.shown_state(target, public=public),
        "afterwards": target.next_for(public=public),
        "state": presentation.shown_state(state, public=public),
        "form": form,
        "ready": not form.is_bound and all(f.initial or not f.field.required for f in form.visible_fields()),
        "told": told(transition, posts, _words(case, form), but_not=request.reader.person),
        "kind": kind,
        "detail": detail,
        "facts": kind.facts(case, detail),
        "remarks": kind.remarks(case, detail, request.reader),
    }


def _words(case: Case, form: MoveForm) -> dict[str, Any]:
    """What the sentences about the move say, as far as it is known before the move."""
    known = {"number": case.number or "", "title": case.title, "from": names(case.applicant)}
    return {**known, "actor": form.actor.signature, **form.more_words()}


def told(transition: Transition, posts: list[Post], words: dict[str, Any], but_not: int) -> list[dict[str, str]]:
    """Who will be told what in which language, for the decision screen. `words`: what the sentences say."""
    people = holders([vars(post) for post in posts], timezone.now(), but_not=but_not)
    places = [post.organisation for post in posts]
    here = Q(organisation__in=places) | Q(organisation__parent__in=places, organisation__kind=Kind.DIVISION)
    postings = Posting.objects.filter(here, person__in=people).select_related("organisation")
    homes = {posting.person_id: str(posting.organisation) for posting in postings}
    return [_line(person, homes.get(person.pk, ""), transition, words) for person in people]


def _line(person: Person, home: str, transition: Transition, words: dict[str, Any]) -> dict[str, str]:
    with translation.override(person.language):
        heading, _text = notices.rendered(transition.event, words)
    return {
        "who": person.display_name(),
        "home": home,
        "what": heading,
        "language": person.get_language_display(),
        "lang": person.language,
        "where": _("portal and e-mail") if person.mail == Mail.AT_ONCE else _("portal"),
    }


@signed_in("POST")
def take(request: Any, pk: int) -> HttpResponse:
    """I am in charge of this case on our side."""
    case = visible_case(request, pk)
    side = min(sides_of(case, request.reader), key=lambda found: found != case.holder, default=Holder(case.holder))
    try:
        services.take_on(case, side, actor=request.reader, now=timezone.now())
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("You are in charge of this case now."))
    return redirect(path_of(case))


@signed_in("POST")
def note(request: Any, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _case_page(request, pk, form, FileForm(), status=422)
    shared = form.cleaned_data["shared"] == "shared"
    try:
        services.add_note(case, body=form.cleaned_data["body"], shared=shared, actor=request.reader, now=timezone.now())
    except NotAllowed as error:
        form.add_error(None, str(error))
        return _case_page(request, pk, form, FileForm(), status=422)
    return redirect(path_of(case) + "#story")


@signed_in("POST")
def file(request: Any, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_file(
                case,
                form.cleaned_data["file"],
                shared=form.cleaned_data["visibility"] == "shared",
                actor=request.reader,
                now=timezone.now(),
            )
        except (Refused, NotAllowed) as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The paper was added."))
            return redirect(form.cleaned_data["next"] or path_of(case) + "#papers")
    return _case_page(request, pk, NoteForm(), form, status=422)


@signed_in()
def download(request: Any, pk: UUID) -> HttpResponseBase:
    """Through the permission check, as an attachment; a file in quarantine is not handed out."""
    paper = get_object_or_404(CaseFile.objects.visible_to(request.scope).select_related("case"), pk=pk)
    if not paper.may_be_read:
        raise PermissionDenied(_("This file still waits for the virus check. Try again in a few minutes."))
    record(
        "casework.file.read",
        paper.case,
        actor=request.reader.signature,
        side=side_for_papers(request.reader),
        name=paper.name,
    )
    return hand_out(paper)


@signed_in("GET", "POST")
def emergency(request: Any, pk: int) -> HttpResponse:
    """Headquarters opens the internal papers of the other sides, with a reason that everybody on the case can read."""
    if request.scope.role != HEADQUARTERS:
        raise PermissionDenied(_("Only headquarters can do this."))
    case = visible_case(request, pk)
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        read_in_emergency(case, reason=form.cleaned_data["reason"], now=timezone.now(), actor=request.reader.signature)
        messages.warning(request, _("For one hour you see the internal papers of all sides. This is in the log."))
        return redirect(path_of(case))
    return render(
        request,
        "casework/emergency.html",
        {"case": case, "form": form},
        status=422 if request.method == "POST" else 200,
    )
