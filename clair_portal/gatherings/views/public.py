"""Released events for everybody: list, one event, and both as files for calendar programs."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clair_portal.accounts.for_everybody import public_page
from clair_portal.gatherings.calendar_file import calendar_file
from clair_portal.gatherings.call_presentation import rows as call_rows
from clair_portal.gatherings.enums import State
from clair_portal.gatherings.models import Booking, Call, Event
from clair_portal.gatherings.presentation import city, parts, row, rows, written
from clair_portal.gatherings.queries import CallQuerySet, EventQuerySet, was_withdrawn
from clair_portal.gatherings.rules import takes_registrations
from clair_portal.gatherings.views.calls import calls_for

MOST = 200  # events of a page, and of a feed
KEPT = dt.timedelta(days=365)  # how long the feed still names what is over


def _released(request: Any) -> EventQuerySet:
    return Event.objects.visible_to(request.scope).for_the_public().select_related("organisation")


def _calls(request: Any) -> CallQuerySet:
    return Call.objects.visible_to(request.scope).for_the_public().select_related("organisation")


@public_page
def events(request: Any) -> HttpResponse:
    """Those to come first, then those that are over."""
    now = timezone.now()
    released = _released(request)
    coming = released.exclude(state=State.CANCELLED).to_come(now)[:MOST]
    calls = call_rows(_calls(request).not_closed(now)[:MOST], now)
    context = {"coming": rows(coming), "gone": rows(released.gone_by(now)[:50]), "calls": calls}
    return render(request, "gatherings/public_list.html", context)


def _one(request: Any, pk: UUID) -> Event | None:
    return _released(request).select_related("organisation", "series").filter(pk=pk).first()


def gone(request: Any, pk: UUID) -> HttpResponse:
    """Where no event is to be read: 410 for one that was taken off. Raises Http404."""
    if not was_withdrawn(pk):
        raise Http404
    return render(request, "gatherings/withdrawn.html", status=410)


@public_page
def event(request: Any, pk: UUID) -> HttpResponse:
    found = _one(request, pk)
    if found is None:
        return gone(request, pk)
    booking = Booking.objects.visible_to(request.scope).filter(event=found).select_related("place").first()
    context = {
        **row(found, booking.place if booking else None), **parts(request, found), 
        "city": city(found.zone),
        "register_until": written(found.register_until, found.zone),
        "open": takes_registrations(found, timezone.now()), "calls": calls_for(request, found),
    }  # fmt: skip
    return render(request, "gatherings/public_event.html", context)


@public_page
def event_file(request: Any, pk: UUID) -> HttpResponse:
    found = _one(request, pk)
    return _file(calendar_file([found]), f"event-{pk}.ics") if found else gone(request, pk)


@public_page
def feed(request: Any) -> HttpResponse:
    """What calendar programs subscribe to: all that is to come, and what was within a year; of very many the latest."""
    shown = _released(request).filter(ends_at__gte=timezone.now() - KEPT).order_by("-begins_at", "-pk")[:MOST]
    closing = _calls(request).filter(closes_at__gte=timezone.now() - KEPT).order_by("-closes_at", "-pk")[:MOST]
    return _file(calendar_file(list(shown)[::-1], list(closing)[::-1]), "events.ics")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
