"""Calls for participants: lists and pages for everybody, and on the desk for whoever is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clair_portal.accounts.for_everybody import public_page
from clair_portal.accounts.rules import signed_in
from clair_portal.gatherings import call_presentation as shown
from clair_portal.gatherings.enums import CallState, Outcome
from clair_portal.gatherings.models import Application, Call, Event
from clair_portal.gatherings.rules import APPLY, HOST, may_host
from clair_portal.walls.roles import MEMBER

MOST = 100


def own_application(request: Any, call: Call) -> Application | None:
    """That of the reader's organisation."""
    if request.scope.role != MEMBER:
        return None
    rows = Application.objects.visible_to(request.scope).filter(call=call, organisation=request.scope.organisation)
    found: Application | None = rows.select_related("call").first()
    return found


def calls_for(request: Any, event: Event) -> list[dict[str, Any]]:
    """Lines of the published calls that belong to an event."""
    released = Call.objects.visible_to(request.scope).for_the_public().filter(event=event.pk)
    return shown.rows(released.select_related("organisation").order_by("closes_at", "pk"), timezone.now())


# --- Signed in ----------------------------------------------------------------------------------------------------------
@signed_in()
def calls(request: Any) -> HttpResponse:
    """What is open, closing soonest first; what my organisation applied for; what is over."""
    now = timezone.now()
    seen = Call.objects.visible_to(request.scope).select_related("organisation")
    context = {
        "open": shown.rows(seen.not_closed(now)[:MOST], now), "past": shown.rows(seen.past(now)[:MOST], now),
        "may_host": request.reader.can(HOST), "mine": _applied(request),
    }  # fmt: skip
    return render(request, "gatherings/calls/list.html", context)


def _applied(request: Any) -> dict[UUID, dict[str, Any]]:
    """Call → how the reader's organisation stands."""
    if request.scope.role != MEMBER:
        return {}
    rows = Application.objects.visible_to(request.scope).filter(organisation=request.scope.organisation)
    return {each.call_id: shown.outcome(each) for each in rows}


@signed_in()
def call(request: Any, pk: UUID) -> HttpResponse:
    seen = Call.objects.visible_to(request.scope).select_related("organisation", "event")
    found, now = get_object_or_404(seen, pk=pk), timezone.now()
    own, page = own_application(request, found), shown.page(found, now)
    context = {**page, "host": may_host(found, request.reader), "own": own, "may_apply": _may_apply(request, page, own)}
    if own:
        context |= {"own_badge": shown.outcome(own), "own_sentence": shown.own_sentence(own, found, now)}
        context["may_withdraw"] = own.state in _LIVE and found.state != CallState.CANCELLED
    if context["host"]:
        standing = Application.objects.visible_to(request.scope).filter(call=found).standing()
        context |= {"number": standing.count(), "closed": page["phase"] == CallState.CLOSED}
    return render(request, "gatherings/calls/call.html", context)


_LIVE = (Outcome.SENT, Outcome.SELECTED, Outcome.RESERVE)


def _may_apply(request: Any, page: dict[str, Any], own: Application | None) -> bool:
    return page["phase"] == CallState.OPEN and request.scope.role == MEMBER and request.reader.can(APPLY)


# --- Everybody ----------------------------------------------------------------------------------------------------------
@public_page
def public_calls(request: Any) -> HttpResponse:
    now = timezone.now()
    released = Call.objects.visible_to(request.scope).for_the_public().select_related("organisation")
    context = {
        "open": shown.rows(released.not_closed(now)[:MOST], now), "past": shown.rows(released.past(now)[:MOST], now),
    }  # fmt: skip
    return render(request, "gatherings/calls/public_list.html", context)


@public_page
def public_call(request: Any, pk: UUID) -> HttpResponse:
    released = Call.objects.visible_to(request.scope).for_the_public().select_related("organisation")
    found = released.filter(pk=pk).first()
    if found is None:
        raise Http404
    return render(request, "gatherings/calls/public_call.html", shown.page(found, timezone.now()))
