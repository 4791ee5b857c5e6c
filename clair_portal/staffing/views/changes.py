"""The change of staff: the sheet that goes out, its dry run, the confirmation, and what became of it."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clair_portal.accounts.ending import begins_at, set_terms, zones_of
from clair_portal.accounts.invitation_sheet import Unreadable
from clair_portal.accounts.models import PostingTerms
from clair_portal.accounts.rules import needs
from clair_portal.network.models import Organisation
from clair_portal.sheets.writing import XLSX_TYPE
from clair_portal.staffing import presentation, services, sheet
from clair_portal.staffing.dry_run import make_plan
from clair_portal.staffing.forms import SheetForm, TermsForm
from clair_portal.staffing.models import ChangeState, StaffChange
from clair_portal.staffing.plan import Plan, within_reach

RIGHT = "organisation.administer"
SHOWN = 50


@needs(RIGHT, "GET", "POST")
def changes(request: Any) -> HttpResponse:
    """Sheets so far, and the upload of the next one: everything wrong is named at once, and nothing is kept of such a sheet."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _front(request, form)
    now = timezone.now()
    try:
        rows, faults = services.read(form.cleaned_data["sheet"])
    except Unreadable as error:
        form.add_error("sheet", str(error))
        return _front(request, form)
    plan = make_plan(rows, answers={}, reader=request.reader, now=now, faults=faults)
    if plan.faults:
        context = {"faults": plan.faults, "right": len(rows) - len({fault.row for fault in plan.faults})}
        return render(request, "staffing/faults.html", context, status=422)
    if not plan.lines:
        form.add_error("sheet", _("Nothing changes by this sheet: no row has a new last day or a next post."))
        return _front(request, form)
    return redirect("staff_change", services.keep_draft(rows, actor=request.reader, now=now).pk)


def _front(request: Any, form: SheetForm) -> HttpResponse:
    shown = [presentation.listed(row, timezone.now()) for row in _rows(request)[:SHOWN]]
    return render(request, "staffing/changes.html", {"form": form, "rows": shown}, status=422 if form.is_bound else 200)


@needs(RIGHT)
def template(request: Any) -> HttpResponse:
    """Everybody as they are posted now."""
    out, now = io.BytesIO(), timezone.now()
    place = Organisation.objects.get(pk=request.scope.organisation)
    title = _("Change of staff: %(organisation)s") % {"organisation": place}
    sheet.write_template(out, within_reach(request.reader, request.reader.today_here), title=title, made_at=now)
    headers = {"Content-Disposition": 'attachment; filename="staff-changes.xlsx"'}
    return HttpResponse(out.getvalue(), content_type=XLSX_TYPE, headers=headers)


def _rows(request: Any) -> QuerySet[StaffChange]:
    """Drafts are looked at where they were prepared: only there the rows mean what was meant."""
    elsewhere = Q(state=ChangeState.DRAFT) & ~Q(organisation=request.scope.organisation)
    return StaffChange.objects.visible_to(request.scope).exclude(elsewhere).select_related("organisation")


def _found(request: Any, pk: UUID) -> StaffChange:
    return get_object_or_404(_rows(request), pk=pk)


@needs(RIGHT, "GET", "POST")
def change(request: Any, pk: UUID) -> HttpResponse:
    """A draft: its dry run as of today, and the confirmation. Confirmed: what was written and what has moved."""
    found, now = _found(request, pk), timezone.now()
    if request.method != "POST":
        return _page(request, found)
    answers = {
        name.removeprefix("answer-"): value for name, value in request.POST.items() if name.startswith("answer-")
    }
    try:
        services.confirm(found, answers=answers, user=request.user.pk, actor=request.reader, now=now)
    except services.NotReady as error:
        return _dry_run(request, found, error.plan, asked=True)
    except services.TooLate as error:
        messages.warning(request, str(error))
        return redirect("staff_change", pk)
    messages.success(request, _("The change is confirmed. The postings have their new days; the work moves by itself."))
    return redirect("staff_change", pk)


def _page(request: Any, found: StaffChange) -> HttpResponse:
    if found.state == ChangeState.DRAFT:
        plan = services.plan_of(found, actor=request.reader, now=timezone.now())
        return _dry_run(request, found, plan, asked=False)
    now = timezone.now()
    context = {
        "change": found, "lines": [presentation.written(line, now) for line in services.changed_postings(found)],
        "badge": presentation.state_badge(found, now), "job": found.job if found.confirmed_by == request.reader.person else None,
        "may_take_back": found.state == ChangeState.CONFIRMED and found.takes_effect_at and now < found.takes_effect_at,
    }  # fmt: skip
    return render(request, "staffing/change.html", context)


def _dry_run(request: Any, found: StaffChange, plan: Plan, *, asked: bool) -> HttpResponse:
    context = {
        "change": found, "plan": plan, "lines": [presentation.planned(line, request.reader) for line in plan.lines],
        "sums": presentation.sums(plan), "asked": asked,
    }  # fmt: skip
    return render(request, "staffing/dry_run.html", context, status=422 if asked or plan.faults else 200)


@needs(RIGHT, "POST")
def take_back(request: Any, pk: UUID) -> HttpResponse:
    found = _found(request, pk)
    try:
        services.take_back(found, actor=request.reader, now=timezone.now())
    except services.TooLate as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The change is taken back. Postings are as they were."))
    return redirect("staff_change", pk)


@needs(RIGHT, "POST")
def throw_away(request: Any, pk: UUID) -> HttpResponse:
    try:
        services.throw_away(_found(request, pk), actor=request.reader)
    except services.TooLate as error:
        messages.warning(request, str(error))
        return redirect("staff_change", pk)
    messages.success(request, _("The sheet is thrown away. Nothing was changed."))
    return redirect("staff_changes")


@needs(RIGHT, "GET", "POST")
def terms(request: Any) -> HttpResponse:
    """Which midnight ends postings here, and how early the handover is asked for."""
    wanted = request.GET.get("organisation", "") if request.scope.role == "portal_headquarters" else ""
    place = Organisation.objects.filter(code=wanted).first() if wanted else None
    place = place or Organisation.objects.get(pk=request.scope.organisation)
    now_set = PostingTerms.objects.visible_to(request.scope).filter(organisation=place).first()
    initial = {"zone": now_set.zone, "weeks": now_set.weeks} if now_set else {"weeks": PostingTerms.WEEKS}
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = set_terms(organisation=place, **form.cleaned_data, actor=request.reader, now=timezone.now())
        weeks = ngettext("%(weeks)s week", "%(weeks)s weeks", saved.weeks) % {"weeks": saved.weeks}
        messages.success(request, _("Saved: %(weeks)s for the handover.") % {"weeks": weeks})
        return redirect("staff_changes")
    zone = zones_of([place])[place.pk]
    example = presentation.midnight(begins_at(request.reader.today, zone), zone, get_language() or "en")
    context = {
        "form": form,
        "organisation": place,
        "example": example,
        "anywhere": request.scope.role == "portal_headquarters",
    }
    return render(request, "staffing/terms.html", context, status=422 if form.is_bound else 200)
