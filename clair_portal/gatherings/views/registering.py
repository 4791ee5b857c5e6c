"""Registering with an account, and what the host does with registrations: list, attendance, cancelling."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.gatherings import registering
from clair_portal.gatherings.enums import SEAT_BADGES, STANDING, Seat
from clair_portal.gatherings.models import Event, Registration
from clair_portal.gatherings.people_files import registrations_as
from clair_portal.gatherings.presentation import row, written
from clair_portal.gatherings.rules import HOST, Refused


def _path(event: Event) -> str:
    return f"/desk/events/{event.pk}/"


@signed_in("POST")
def register(request: Any, pk: UUID) -> HttpResponse:
    """One press: name, address and organisation are known."""
    found = get_object_or_404(Event.objects.visible_to(request.scope), pk=pk)
    reader = request.reader
    try:
        seat, number = registering.register(
            found, email=reader.email, body=reader.chosen.organisation_name, actor=reader, now=timezone.now()
        )
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, registering.sentence(seat, number, found.capacity))
    return redirect(_path(found))


@signed_in("POST")
def leave(request: Any, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Event.objects.visible_to(request.scope), pk=pk)
    mine = own_registration(request, found)
    if mine is None:
        messages.warning(request, registering.refusal("unknown"))
        return redirect(_path(found))
    registering.cancel(mine, actor=request.reader, now=timezone.now())
    messages.success(request, _("Your registration is cancelled. Whoever waits longest moves up."))
    return redirect(_path(found))


def own_registration(request: Any, event: Event) -> Registration | None:
    rows = Registration.objects.visible_to(request.scope).filter(event=event, person=request.reader.person)
    found: Registration | None = rows.filter(state__in=STANDING).select_related("event").first()
    return found


# --- The host -----------------------------------------------------------------------------------------------------------
def _ours(request: Any, pk: UUID) -> Event:
    return get_object_or_404(Event.objects.visible_to(request.scope).hosted_by(request.scope), pk=pk)


@needs(HOST)
def registrations(request: Any, pk: UUID) -> HttpResponse:
    """Who comes, in the order they came; at the door each is ticked with one press."""
    found = _ours(request, pk)
    rows = _confirmed(request, found)
    groups = [
        {"badge": SEAT_BADGES[seat], "seat": seat.value, "rows": [each for each in rows if each.state == seat]}
        for seat in (Seat.IN, Seat.WAITING, Seat.CANCELLED)
    ]
    came = sum(1 for each in rows if each.attended_at)
    context = {**row(found), "groups": groups, "counts": Counter(each.state for each in rows), "came": came}
    return render(request, "gatherings/registrations.html", context)


def _confirmed(request: Any, event: Event) -> list[Registration]:
    rows = Registration.objects.visible_to(request.scope).filter(event=event).exclude(state=Seat.ASKED)
    return list(rows.in_order())


@needs(HOST)
def registrations_file(request: Any, pk: UUID, kind: str) -> HttpResponse:
    """The same people as a file, for the door or the badges."""
    found = _ours(request, pk)
    return registrations_as(kind, found, _confirmed(request, found), made_at=timezone.now())


def _one(request: Any, pk: UUID, registration_pk: UUID) -> Registration:
    rows = Registration.objects.visible_to(request.scope).filter(event=_ours(request, pk)).select_related("event")
    return get_object_or_404(rows, pk=registration_pk)


def _back(pk: UUID) -> HttpResponse:
    return redirect(f"/desk/events/{pk}/registrations/")


@needs(HOST, "POST")
def attendance(request: Any, pk: UUID, registration_pk: UUID) -> HttpResponse:
    found, came = _one(request, pk, registration_pk), request.POST.get("came") == "on"
    try:
        registering.note_attendance(found, came=came, actor=request.reader, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error))
    return redirect(f"/desk/events/{pk}/registrations/#r-{registration_pk}")


@needs(HOST, "POST")
def cancel(request: Any, pk: UUID, registration_pk: UUID) -> HttpResponse:
    found = _one(request, pk, registration_pk)
    registering.cancel(found, actor=request.reader, now=timezone.now())
    messages.success(request, _("Cancelled. Whoever waits longest moves up, and both are told."))
    return _back(pk)


def shown(registration: Registration | None) -> dict[str, Any]:
    """How the reader's own registration stands."""
    if registration is None:
        return {}
    return {"mine_badge": SEAT_BADGES[registration.state], "since": written(registration.entered_at)}
