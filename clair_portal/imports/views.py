"""The pages of a sheet that comes back: send, look at the differences, confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.rules import signed_in
from clair_portal.casework.listing import LISTINGS
from clair_portal.casework.rules import NotAllowed
from clair_portal.documents.services import hand_out
from clair_portal.documents.sniffing import Refused
from clair_portal.imports import services
from clair_portal.imports.editing import LISTS
from clair_portal.imports.enums import Finding
from clair_portal.imports.models import Import, ImportRow
from clair_portal.outbox.models import Job

PAGE = 100
RECENT = 5
SHOWN = {"changes": Finding.CHANGE, "conflicts": Finding.CONFLICT, "errors": Finding.ERROR}


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=_("Changed sheet"), help_text=_("The file for editing, changed: .xlsx, .xls or .csv, at most 20 MB.")
    )


@signed_in("GET", "POST")
def send(request: Any, key: str) -> HttpResponse:
    """Where the file of a list comes back to. Nothing is changed before its differences are confirmed."""
    listing, editable = LISTINGS.get(key), LISTS.get(key)
    if listing is None:
        raise Http404
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and editable is not None and form.is_valid():
        try:
            sheet = services.send(
                form.cleaned_data["sheet"], editable, user=request.user.pk, actor=request.reader, now=timezone.now()
            )
            return redirect("sheet", pk=sheet.pk)
        except (Refused, NotAllowed) as error:
            form.add_error("sheet", str(error))
    context = {
        "listing": listing, "form": form, "can": editable is not None and editable.offered(request.reader),
        "columns": [column.label for column in editable.columns] if editable else [],
        "recent": Import.objects.visible_to(request.scope).filter(listing=key).order_by("-uploaded_at")[:RECENT],
        "file_at": f"{listing.path}file/",
    }  # fmt: skip
    return render(request, "imports/send.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


@signed_in()
def sheet(request: Any, pk: UUID) -> HttpResponse:
    """How far a sheet is, and every difference it would make."""
    found = get_object_or_404(Import.objects.visible_to(request.scope), pk=pk)
    job = Job.objects.visible_to(request.scope).filter(pk=found.job).first() if found.job else None
    running = job is not None and job.state in ("queued", "retry", "in_flight")
    context = {
        "sheet": found, "listing": LISTINGS[found.listing], "job": job, "running": running,
        "failed": job is not None and job.state in ("failed", "cancelled"),
        "mine": found.uploaded_by == request.reader.person, "may_confirm": found.is_clean and not running,
        **_rows(found, request),
    }  # fmt: skip
    return render(request, "imports/sheet.html", context)


def _rows(found: Import, request: Any) -> dict[str, Any]:
    """A hundred rows of one finding, those that need attention first; the address says which and from where."""
    counts = {"errors": found.errors, "conflicts": found.conflicts, "changes": found.changes}
    first = next((name for name, count in counts.items() if count), "changes")
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else first
    rows = ImportRow.objects.visible_to(request.scope).filter(sheet=found, finding=SHOWN[shown]).order_by("number")
    after = request.GET.get("after", "")
    after = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    page = list(rows.filter(number__gt=after)[: PAGE + 1])
    labels = {"errors": _("Errors"), "conflicts": _("Conflicts"), "changes": _("Changes")}
    segs = [
        {"label": f"{labels[name]} {count:,}", "url": f"?show={name}", "current": name == shown}
        for name, count in counts.items()
        if count
    ]
    following = f"?show={shown}&after={page[PAGE - 1].number}" if len(page) > PAGE else ""
    return {
        "shown": shown,
        "rows": page[:PAGE],
        "next": following,
        "first": f"?show={shown}" if after else "",
        "segs": segs,
    }


@signed_in("POST")
def confirm(request: Any, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Import.objects.visible_to(request.scope), pk=pk)
    try:
        services.confirm(found, user=request.user.pk, actor=request.reader)
    except NotAllowed as error:
        messages.warning(request, str(error))
    return redirect("sheet", pk=pk)


@signed_in()
def original(request: Any, pk: UUID) -> HttpResponseBase:
    """The file as it was sent."""
    return hand_out(get_object_or_404(Import.objects.visible_to(request.scope), pk=pk))
