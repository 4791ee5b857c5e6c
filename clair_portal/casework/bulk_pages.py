"""Many rows of the list at once: what will happen, then it is done, then it can be taken back once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.casework import bulk
from clair_portal.casework.case_list import CASES
from clair_portal.casework.listing import asked_of
from clair_portal.casework.models import BulkAction, Case
from clair_portal.casework.work_pages import TaskForm


def _chosen(request: Any) -> list[Case]:
    """The ticked rows, or all that the filters show; one more than may be, so that too many is seen."""
    rows = asked_of(CASES, request.GET, request.reader).found
    if "everything" not in request.POST:
        ticked = [key for key in request.POST.getlist("row") if key.isdecimal() and len(key) < 19]
        rows = Case.objects.visible_to(request.scope).filter(pk__in=ticked[: bulk.MOST + 1])
    return list(rows.select_related("applicant").order_by("pk")[: bulk.MOST + 1])


@signed_in("POST")
def bulk_page(request: Any) -> HttpResponse:
    """The preview; with `confirm` it is done."""
    key, back = request.POST.get("action", ""), f"{CASES.path}?{request.GET.urlencode()}"
    if key not in bulk.KINDS:
        messages.error(request, _("Tick the rows you mean first."))
        return redirect(back)
    cases = _chosen(request)
    form = TaskForm(request.POST if "confirm" in request.POST else None) if key == bulk.TASK else None
    try:
        lines = bulk.preview(key, cases, request.reader)
        if "confirm" in request.POST and (form is None or form.is_valid()):
            return _done(request, key, cases, form)
    except bulk.Refused as error:
        messages.error(request, str(error))
        return redirect(back)
    context = {
        "kind": bulk.KINDS[key], "action": key, "lines": lines, "back": back, "form": form,
        "fit": sum(not line.why_not for line in lines), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "casework/bulk.html", context, status=422 if form is not None and form.is_bound else 200)


def _done(request: Any, key: str, cases: list[Case], form: TaskForm | None) -> HttpResponse:
    values = form.cleaned_data if form is not None else {}
    expected = request.POST.get("expected", "")
    made = bulk.carry_out(
        key, cases, values=values, expected=int(expected) if expected.isdecimal() else -1, actor=request.reader,
        now=timezone.now(),
    )  # fmt: skip
    return redirect("bulk_done", made.pk)


@signed_in("GET", "POST")
def bulk_done(request: Any, pk: UUID) -> HttpResponse:
    """What was done; POST takes it back."""
    made = get_object_or_404(BulkAction.objects.visible_to(request.scope), pk=pk)
    if request.method == "POST":
        try:
            count = bulk.undo(made, actor=request.reader, now=timezone.now())
        except bulk.Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Taken back for %(count)s cases.") % {"count": count})
        return redirect("bulk_done", pk)
    cases = Case.objects.visible_to(request.scope).in_bulk([row["case"] for row in made.rows])
    context = {
        "made": made, "kind": bulk.KINDS[made.action], "cases": cases.values(), "path": CASES.path,
        "refusal": bulk.may_undo(made, timezone.now()),
    }  # fmt: skip
    return render(request, "casework/bulk_done.html", context)
