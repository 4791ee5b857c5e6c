"""Many rows of a list at once: what will happen, then it is done, then it can be taken back once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.casework import bulk
from clair_portal.casework.listing import LISTINGS, Listing, asked_of
from clair_portal.casework.models import BulkAction


def _listing(key: str) -> Listing:
    if key not in LISTINGS or key not in bulk.KINDS:
        raise Http404
    return LISTINGS[key]


def _chosen(request: Any, listing: Listing) -> list[Any]:
    """The ticked rows, or all that the filters show; one more than may be, so that too many is seen."""
    if "everything" in request.POST:
        rows = asked_of(listing, request.GET, request.reader).found.order_by("pk")
    else:
        seen = [each.partition("~")[0] for each in request.POST.getlist("seen")]
        rows = bulk.rows_named(listing, [*request.POST.getlist("row"), *seen][: bulk.MOST + 1], request.reader)
    return list(rows[: bulk.MOST + 1])


@signed_in("GET", "POST")
def bulk_page(request: Any, key: str) -> HttpResponse:
    """GET: what was done lately. POST: the preview; with `confirm` it is done."""
    listing = _listing(key)
    if request.method == "GET":
        return _lately(request, listing)
    action, back = request.POST.get("action", ""), f"{listing.path}?{request.GET.urlencode()}"
    kind = bulk.kinds_for(listing, request.reader).get(action)
    if kind is None:
        messages.error(request, _("Tick the rows you mean first."))
        return redirect(back)
    form = kind.form(request.POST if "confirm" in request.POST else None, request.reader) if kind.form else None
    values = form.cleaned_data if form is not None and form.is_valid() else {}
    try:
        if "confirm" in request.POST and (form is None or form.is_valid()):
            made = bulk.carry_out(
                listing, action, request.POST.getlist("seen"), values=values, actor=request.reader, now=timezone.now()
            )
            return redirect("bulk_done", made.pk)
        lines = bulk.preview(kind, _chosen(request, listing), values, request.reader)
    except bulk.Refused as error:
        messages.error(request, str(error))
        return redirect(back)
    context = {
        "kind": kind, "action": action, "listing": listing, "back": back, "form": form, "query": request.GET.urlencode(),
        "lines": [(line, bulk.NAMES[key](line.row)) for line in lines], "fit": sum(not line.why_not for line in lines),
    }  # fmt: skip
    return render(request, "casework/bulk.html", context, status=422 if form is not None and form.is_bound else 200)


def _lately(request: Any, listing: Listing) -> HttpResponse:
    kinds, now = bulk.KINDS[listing.key], timezone.now()
    rows = [
        {"made": made, "label": kinds[made.action].label, "may_undo": not bulk.may_undo(made, now)}
        for made in bulk.lately(listing, request.reader, now)
    ]  # fmt: skip
    return render(request, "casework/bulk_lately.html", {"rows": rows, "listing": listing})


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
            messages.success(request, _("Taken back for %(count)s rows.") % {"count": count})
        return redirect("bulk_done", pk)
    listing = _listing(made.listing)
    rows = bulk.rows_named(listing, [row["row"] for row in made.rows], request.reader)
    context = {
        "made": made, "kind": bulk.KINDS[listing.key][made.action], "rows": [bulk.NAMES[listing.key](row) for row in rows],
        "listing": listing, "refusal": bulk.may_undo(made, timezone.now()),
    }  # fmt: skip
    return render(request, "casework/bulk_done.html", context)
