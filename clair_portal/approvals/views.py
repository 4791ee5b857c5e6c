"""Pages of approvals: what waits for me, one approval with its stamps, drafting one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.approvals import presentation, printing, routes, rules, services, voiding
from clair_portal.approvals.enums import BADGES, Result, State
from clair_portal.approvals.forms import DraftForm, SendBackForm, StampForm, TakeBackForm
from clair_portal.approvals.kinds import KINDS, Content, content_of, label_of, page_of
from clair_portal.approvals.models import Approval, ApprovalDocument, ApprovalStep
from clair_portal.approvals.telling import path_of
from clair_portal.audit.sentences import in_language
from clair_portal.documents.services import hand_out
from clair_portal.language.words import listed, page_language

TAKE_PART = "approvals.take_part"
SHOWN = 100


# --- Lists --------------------------------------------------------------------------------------------------------------
@needs(TAKE_PART)
def approvals(request: Any) -> HttpResponse:
    """Three lists: what waits for my stamp, what is under way or needs me as its drafter, what is decided."""
    reader = request.reader
    waiting = presentation.waiting_for(reader)
    seen = Approval.objects.visible_to(request.scope).order_by("-created_at")
    under_way = presentation.with_asked(list(seen.filter(state=State.CIRCULATING)[:SHOWN]))
    mine = [row for row in under_way if rules.is_drafter(row["approval"], reader)]
    elsewhere = {row["approval"].pk for row in [*waiting, *mine]}
    others = [row for row in under_way if row["approval"].pk not in elsewhere]
    decided = [presentation.row(row) for row in seen.exclude(state=State.CIRCULATING)[:SHOWN]]
    context = {
        "waiting": waiting, "mine": mine, "others": others, "decided": decided,
        "may_manage": reader.can("approvals.manage"),
    }  # fmt: skip
    return render(request, "approvals/list.html", context)


# --- One approval -------------------------------------------------------------------------------------------------------
def _approval(request: Any, pk: uuid.UUID) -> Approval:
    """As it stands after it was compared with what there is now."""
    found = get_object_or_404(Approval.objects.visible_to(request.scope), pk=pk)
    return voiding.look_again(found, now=timezone.now())


@needs(TAKE_PART)
def approval(request: Any, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _approval(request, pk))


def _page(
    request: Any, found: Approval, stamp: StampForm | None = None, back: SendBackForm | None = None, status: int = 200
) -> HttpResponse:
    reader = request.reader
    groups, struck = presentation.steps_of(found)
    mine, way, why_not = _my_step(found, [each.step for group in groups for each in group], reader)
    asked = [each.post for group in groups for each in group if each.now]
    context = {
        "approval": found, "badge": BADGES[found.state], "kind": label_of(found.kind), "groups": groups, "struck": struck,
        "drafter": in_language(found.drafted_as), "drafted": presentation.when(found.created_at),
        "facts": presentation.facts_of(found), "papers": found.content["papers"], "waits_for": listed(asked),
        "changes": in_language(found.changes), "step": mine, "way": way, "why_not": why_not,
        "step_post": in_language(mine.post_name) if mine else "",
        "stamp_form": stamp or StampForm(initial={"seal": found.seal}),
        "back_form": back or _back_form(found, mine),
        "take_back_form": TakeBackForm() if found.state == State.CIRCULATING and rules.is_drafter(found, reader) else None,
        "unseen": _unseen(found, groups, reader), "path": page_of(found.kind, found.subject_id),
        "ended_by": in_language(found.ended_by), "ended": presentation.when(found.ended_at),
        "may_draft_again": _may_draft_again(found, reader), "under_way": found.state == State.CIRCULATING,
    }  # fmt: skip
    return render(request, "approvals/approval.html", context, status=status)


def _my_step(found: Approval, steps: list[ApprovalStep], reader: Any) -> tuple[ApprovalStep | None, Any, str]:
    """The step the reader may decide now, by their own post before as a proxy; else why they may not."""
    opened = [step for step in steps if rules.is_open(found, step)]
    ways = [(step, rules.way_of(found, step, reader)) for step in opened]
    own = sorted(((s, w) for s, w in ways if w is not None), key=lambda pair: pair[1].proxy)
    for step, way in own:
        if not rules.own_draft(found, step, reader):
            return step, way, ""
    return None, None, rules.own_draft(found, own[0][0], reader) if own else ""


def _back_form(found: Approval, step: ApprovalStep | None, data: Any = None) -> SendBackForm | None:
    if step is None:
        return None
    names: dict[int, list[str]] = {}
    for each in services.standing_steps(found):
        names.setdefault(each.order, []).append(in_language(each.post_name))
    earlier = [(order, listed(names[order])) for order in services.earlier_orders(found, step.order)]
    return SendBackForm(data, earlier=earlier, initial={"seal": found.seal}, prefix="back")


def _unseen(found: Approval, groups: list[list[Any]], reader: Any) -> list[Any]:
    """Stamps a proxy set for the reader that they have not noted as seen."""
    own = []
    for each in (each for group in groups for each in group):
        if each.step.proxy and each.step.result == Result.APPROVED and each.step.seen_at is None:
            way = rules.way_of(found, each.step, reader)
            own += [each] if way is not None and not way.proxy else []
    return own


def _may_draft_again(found: Approval, reader: Any) -> bool:
    ended = found.state in (State.SENT_BACK, State.TAKEN_BACK, State.VOID)
    return ended and found.kind in KINDS and not KINDS[found.kind].may_draft(found.subject_id, reader)


def _step(request: Any, pk: uuid.UUID, step_pk: uuid.UUID) -> tuple[Approval, ApprovalStep]:
    found = get_object_or_404(Approval.objects.visible_to(request.scope), pk=pk)
    return found, get_object_or_404(ApprovalStep.objects.visible_to(request.scope), pk=step_pk, approval=found)


@needs(TAKE_PART, "POST")
def stamp(request: Any, pk: uuid.UUID, step_pk: uuid.UUID) -> HttpResponse:
    found, step = _step(request, pk, step_pk)
    form = StampForm(request.POST)
    return _acted(
        request, found, form,
        lambda: services.approve(step, **form.cleaned_data, actor=request.reader, now=timezone.now()),
        _("Stamped."), stamp=form,
    )  # fmt: skip


@needs(TAKE_PART, "POST")
def send_back(request: Any, pk: uuid.UUID, step_pk: uuid.UUID) -> HttpResponse:
    found, step = _step(request, pk, step_pk)
    form = _back_form(found, step, request.POST)
    assert form is not None
    return _acted(
        request, found, form,
        lambda: services.send_back(step, **form.cleaned_data, actor=request.reader, now=timezone.now()),
        _("Sent back."), back=form,
    )  # fmt: skip


def _acted(request: Any, found: Approval, form: Any, act: Callable[[], Any], done: str, **forms: Any) -> HttpResponse:
    """The page again with the sentence, where it was refused; everything typed is kept."""
    if form.is_valid():
        try:
            act()
        except rules.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(path_of(found))
    return _page(request, Approval.objects.get(pk=found.pk), **forms, status=422)


@needs(TAKE_PART, "POST")
def take_back(request: Any, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Approval.objects.visible_to(request.scope), pk=pk)
    form = TakeBackForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.take_back(found, reason=reason, actor=request.reader, now=timezone.now())
    except rules.Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Taken back. Change what has to be changed, then draft it again."))
    return redirect(path_of(found))


@needs(TAKE_PART, "POST")
def seen(request: Any, pk: uuid.UUID, step_pk: uuid.UUID) -> HttpResponse:
    found, step = _step(request, pk, step_pk)
    try:
        services.see(step, actor=request.reader, now=timezone.now())
    except rules.Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Noted that you have seen it."))
    return redirect(path_of(found))


# --- Paper --------------------------------------------------------------------------------------------------------------
@needs(TAKE_PART)
def document(request: Any, pk: uuid.UUID) -> HttpResponseBase:
    """The document as it was frozen. A stored file that is not what was kept is not handed out."""
    rows = ApprovalDocument.objects.visible_to(request.scope)
    kept = get_object_or_404(rows, approval=pk)
    if not printing.is_as_kept(kept):
        raise PermissionDenied(_("The stored document is not what was frozen: its hash differs. Tell the operator."))
    return hand_out(kept)


@needs(TAKE_PART)
def sheet(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The same with the stamps as they are now."""
    found = _approval(request, pk)
    made = printing.printed(found, presentation.stamps_of(found), page_language(), timezone.now())
    name = content_disposition_header(True, f"{_('Approval')} {found.title[:60].replace('/', ' ')}.pdf")
    headers = {"Content-Disposition": name or "attachment", "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


# --- Drafting -----------------------------------------------------------------------------------------------------------
@needs(TAKE_PART, "GET", "POST")
def draft(request: Any, kind: str, subject_id: str) -> HttpResponse:
    """What would be frozen, who would be asked, and one button."""
    content = _content(request, kind, subject_id)
    form = DraftForm(request.POST or None)
    refusal = KINDS[kind].may_draft(subject_id, request.reader)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft(
                kind=kind,
                subject_id=subject_id,
                note=form.cleaned_data["note"],
                actor=request.reader,
                now=timezone.now(),
            )
        except rules.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Drafted. Those who are asked first have been told."))
            return redirect(path_of(made))
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "refusal": refusal,
        **_preview(request, kind, content),
        "path": KINDS[kind].path(subject_id),
    }
    return render(request, "approvals/draft.html", context, status=status)


def _content(request: Any, kind: str, subject_id: str) -> Content:
    """404 for an unknown kind, and for what this reader's side does not see."""
    if kind not in KINDS:
        raise Http404
    content = content_of(kind, subject_id, page_language())
    if content is None:
        raise Http404
    return content


def _preview(request: Any, kind: str, content: Content) -> dict[str, Any]:
    organisation, today = request.scope.organisation, request.reader.today
    route = routes.route_for(kind, organisation, content.amount, today)
    steps = routes.asked(route, content.amount) if route else []
    return {
        "kind": label_of(kind), "content": content, "route": route,
        "facts": [(str(fact.label), fact.value) for fact in content.facts],
        "asked": routes.preview(steps, organisation, kind, content.amount, today),
    }  # fmt: skip
