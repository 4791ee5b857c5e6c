"""Saving a view of a list, and keeping those one has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import signed_in
from clair_portal.audit.sentences import in_language
from clair_portal.casework import saved_views
from clair_portal.casework.list_pages import roles_of
from clair_portal.casework.listing import LISTINGS, Asked, Listing, asked_of
from clair_portal.casework.models import SavedView


def _listing(key: str) -> Listing:
    if key not in LISTINGS:
        raise Http404
    return LISTINGS[key]


def _asked(request: Any) -> dict[str, Any]:
    given = request.POST
    return {
        "name": given.get("name", ""), "shared": "shared" in given, "first": "first" in given,
        "first_for": given.get("first_for", "")[:40],
    }  # fmt: skip


@signed_in("GET", "POST")
def views(request: Any, key: str) -> HttpResponse:
    """Those one may use here, with what one may change of them; POST saves what the list asks for now."""
    listing = _listing(key)
    refusal, typed = "", _asked(request) if request.method == "POST" else {}
    query = str(request.POST.get("query", ""))
    if request.method == "POST":
        try:
            saved = saved_views.save(listing, query=query, actor=request.reader, now=timezone.now(), **typed)
        except saved_views.Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("The view is saved."))
            return redirect(f"{listing.path}?{saved.query}")
    found, asked = saved_views.views_of(listing, request.scope), asked_of(listing, QueryDict(), request.reader)
    context = {
        "listing": listing, "rows": [_row(each, asked) for each in found], "refusal": refusal,
        "typed": typed, "query": query, "roles": roles_of(request.reader),
    }  # fmt: skip
    return render(request, "casework/views.html", context, status=422 if refusal else 200)


def _row(view: SavedView, asked: Asked) -> dict[str, Any]:
    return {
        "view": view, "url": f"{asked.listing.path}{saved_views.address_of(view, asked)}",
        "own": view.posting_id == asked.reader.scope.posting, "by": in_language(view.signature),
        "may_change": saved_views.may_change(view, asked.reader),
    }  # fmt: skip


@signed_in("POST")
def change_view(request: Any, pk: UUID) -> HttpResponse:
    """Another name, other readers; or gone."""
    view = get_object_or_404(SavedView.objects.visible_to(request.scope), pk=pk)
    if view.listing not in LISTINGS:
        raise Http404
    try:
        if "delete" in request.POST:
            saved_views.delete(view, actor=request.reader)
            messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
        else:
            saved_views.change(view, actor=request.reader, **_asked(request))
            messages.success(request, _("The view is saved."))
    except saved_views.Refused as error:
        messages.error(request, str(error))
    return redirect("saved_views", view.listing)
