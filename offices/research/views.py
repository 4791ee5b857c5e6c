"""The research library: the shared list, one research on it, asking for the full result and releasing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.casework.list_pages import as_file, list_page
from clair_portal.casework.listing import asked_of
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Case
from clair_portal.casework.rules import NotAllowed
from offices.drafts import draft_page
from offices.models import ResearchCopy, ResearchResult, SharedResearch
from offices.research import services
from offices.research.drafting import RESULT
from offices.research.library import LIBRARY, yearly
from offices.research.workflow import KIND


@signed_in()
def library(request: Any) -> HttpResponse:
    """Everything headquarters has put on the list, for all who are signed in."""
    asked = asked_of(LIBRARY, request.GET, request.reader)
    waiting: Any = ResearchCopy.objects.none()
    if request.reader.can("cases.triage"):
        waiting = ResearchCopy.objects.visible_to(request.scope).filter(released_at=None)
    waiting = waiting.select_related("research", "organisation").order_by("asked_at")
    return list_page(request, LIBRARY, "offices/research/library.html", yearly=yearly(asked), waiting=waiting)


@signed_in("POST")
def library_file(request: Any) -> HttpResponse:
    return as_file(request, asked_of(LIBRARY, request.GET, request.reader))


def _shared(request: Any, pk: int) -> SharedResearch:
    return get_object_or_404(SharedResearch.objects.visible_to(request.scope).select_related("office"), pk=pk)


@signed_in()
def shared(request: Any, pk: int) -> HttpResponse:
    """Title, office, year and summary; the full result for those who may read it."""
    research = _shared(request, pk)
    copies = ResearchCopy.objects.visible_to(request.scope).filter(research=research).select_related("organisation")
    result = ResearchResult.objects.visible_to(request.scope).sent_on(research.case_id).first()
    context = {
        "research": research, "copies": list(copies.order_by("asked_at")), "result": result,
        "asked": copies.filter(organisation__in=request.scope.organisations).first(),
        "may_ask": services.may_ask(research, request.reader), "may_release": request.reader.can("cases.triage"),
        "sees_case": Case.objects.visible_to(request.scope).filter(pk=research.case_id).exists(),
    }  # fmt: skip
    return render(request, "offices/research/shared.html", context)


@needs("cases.work", "GET", "POST")
def result_draft(request: Any, pk: int) -> HttpResponse:
    """The result grows over days; it is sent by the move of the case."""
    return draft_page(request, visible_case(request, pk, kind=KIND), RESULT)


@needs("cases.file", "POST")
def ask(request: Any, pk: int) -> HttpResponse:
    """One click asks for the full result."""
    try:
        services.ask_for_copy(_shared(request, pk), actor=request.reader, now=timezone.now())
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Headquarters was told that your organisation asks for the full result."))
    return redirect("research_shared", pk=pk)


@needs("cases.triage", "POST")
def release(request: Any, pk: UUID) -> HttpResponse:
    """The organisation that asked may read the full result."""
    found = ResearchCopy.objects.visible_to(request.scope).select_related("research", "organisation")
    copy = get_object_or_404(found, pk=pk)
    services.release_copy(copy, actor=request.reader, now=timezone.now())
    messages.success(request, _("Released to %(organisation)s.") % {"organisation": copy.organisation})
    return redirect("research_shared", pk=copy.research_id)
