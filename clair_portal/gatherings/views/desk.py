"""Events on the desk: everybody signed in reads what is released, a host plans its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.gatherings import services
from clair_portal.gatherings.enums import MOVES, State
from clair_portal.gatherings.forms import EventForm, PlaceForm, as_typed
from clair_portal.gatherings.models import Booking, Event, Place, Registration, Series
from clair_portal.gatherings.presentation import city, parts, row, rows, written
from clair_portal.gatherings.rules import HOST, Refused, may_host, takes_registrations
from clair_portal.gatherings.views.calls import calls_for
from clair_portal.gatherings.views.registering import own_registration, shown
from clair_portal.network.models import Organisation

SHOWN = 100


def _path(event: Event) -> str:
    return f"/desk/events/{event.pk}/"


def _seen(request: Any, pk: UUID) -> Event:
    rows = Event.objects.visible_to(request.scope).select_related("organisation", "series", "posting__person")
    return get_object_or_404(rows, pk=pk)


def _ours(request: Any, pk: UUID) -> Event:
    """An event the reader's organisation holds, or 404."""
    return get_object_or_404(Event.objects.visible_to(request.scope).hosted_by(request.scope), pk=pk)


# --- Reading ------------------------------------------------------------------------------------------------------------
@signed_in()
def events(request: Any) -> HttpResponse:
    """What is to come, what my organisation holds, and what is over."""
    now, seen = timezone.now(), Event.objects.visible_to(request.scope).select_related("organisation")
    ours = seen.hosted_by(request.scope)
    context = {
        "ours": rows(ours.to_come(now)[:SHOWN]),
        "others": rows(seen.exclude(pk__in=ours.values("pk")).to_come(now)[:SHOWN]),
        "gone": rows(seen.gone_by(now)[:SHOWN]), "may_host": request.reader.can(HOST),
    }  # fmt: skip
    return render(request, "gatherings/list.html", context)


@signed_in()
def event(request: Any, pk: UUID) -> HttpResponse:
    return event_page(request, _seen(request, pk))


def event_page(request: Any, found: Event, status: int = 200) -> HttpResponse:
    booking = Booking.objects.visible_to(request.scope).filter(event=found).select_related("place").first()
    mine, own = may_host(found, request.reader), own_registration(request, found)
    context = {
        **row(found, booking.place if booking else None), **parts(request, found), 
        "mine": mine, "city": city(found.zone),
        "register_until": written(found.register_until, found.zone),
        "moves": _moves(found) if mine else [], "own": own, **shown(own),
        "may_register": own is None and takes_registrations(found, timezone.now()),
        "counts": _counts(request, found) if mine else {}, "calls": calls_for(request, found),
    }  # fmt: skip
    return render(request, "gatherings/event.html", context, status=status)


def _counts(request: Any, event: Event) -> dict[str, int]:
    rows = Registration.objects.visible_to(request.scope).filter(event=event).order_by().values("state")
    return {row["state"]: row["number"] for row in rows.annotate(number=Count("pk"))}


def _moves(event: Event) -> list[dict[str, Any]]:
    words = {
        State.OPEN: _("Open registration"), State.PLANNED: _("Close registration again"),
        State.OVER: _("It is over"), State.CANCELLED: _("Cancel the event"),
    }  # fmt: skip
    return [{"to": to, "label": words[State(to)], "stop": to == State.CANCELLED} for to in MOVES[event.state]]


# --- Planning -----------------------------------------------------------------------------------------------------------
def _event_form(request: Any, initial: dict[str, Any]) -> EventForm:
    return EventForm(
        request.POST or None, initial=initial, series=Series.objects.visible_to(request.scope).hosted_by(request.scope),
        places=Place.objects.visible_to(request.scope).kept_by(request.scope),
    )  # fmt: skip


@needs(HOST, "GET", "POST")
def new_event(request: Any) -> HttpResponse:
    host = Organisation.objects.get(pk=request.scope.organisation)
    form = _event_form(request, {"zone": host.time_zone, "kind": "seminar"})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan_event(
                values=form.values(), place=form.cleaned_data["place"], actor=request.reader, now=timezone.now()
            )
        except Refused as error:
            form.add_error("place", str(error))
        else:
            messages.success(
                request, _("The event is planned. Look at it, then show it to the public and open registration.")
            )
            return redirect(_path(made))
    return _form(request, form, {"heading": _("New event"), "button": _("Plan the event"), "back": "/desk/events/"})


def _form(request: Any, form: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, "gatherings/form.html", {"form": form, **context}, status=422 if form.is_bound else 200)


@needs(HOST, "GET", "POST")
def edit_event(request: Any, pk: UUID) -> HttpResponse:
    found = _ours(request, pk)
    form = _event_form(request, as_typed(found))
    if request.method == "POST" and form.is_valid():
        try:
            told = services.change_event(
                found, values=form.values(), place=form.cleaned_data["place"],
                version=form.cleaned_data["version"] or 0, actor=request.reader, now=timezone.now(),
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            said = _("Saved. Everybody who is registered is told of the new time or place.") if told else _("Saved.")
            messages.success(request, said)
            return redirect(_path(found))
    context = {"event": found, "heading": _("Change the event"), "button": _("Save"), "back": _path(found)}
    return _form(request, form, context)


@needs(HOST, "POST")
def move(request: Any, pk: UUID) -> HttpResponse:
    found = _ours(request, pk)
    to = request.POST.get("to", "")
    try:
        if to not in State.values:
            raise Refused(_("Choose what the event becomes. Nothing was changed."))
        services.move_event(found, to=to, actor=request.reader, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The event is now: %(state)s.") % {"state": State(to).label})
    return redirect(_path(found))


@needs(HOST, "POST")
def release(request: Any, pk: UUID) -> HttpResponse:
    found = _ours(request, pk)
    released = request.POST.get("released") == "on"
    services.release_event(found, released=released, actor=request.reader, now=timezone.now())
    done = (
        _("Everybody can read the event now.")
        if released
        else _("Only your organisation and headquarters read it now.")
    )
    messages.success(request, done)
    return redirect(_path(found))


# --- Places -------------------------------------------------------------------------------------------------------------
@needs(HOST)
def places(request: Any) -> HttpResponse:
    """Places of the organisation, with what they are taken for from today on."""
    kept = list(Place.objects.visible_to(request.scope).kept_by(request.scope).order_by("pk"))
    taken = Booking.objects.visible_to(request.scope).filter(place__in=kept, ends_at__gte=timezone.now())
    by_place: dict[int, list[dict[str, Any]]] = {}
    for booking in taken.select_related("event").order_by("begins_at"):
        by_place.setdefault(booking.place_id, []).append(row(booking.event))
    context = {"places": [{"place": place, "taken": by_place.get(place.pk, [])} for place in kept]}
    return render(request, "gatherings/places.html", context)


@needs(HOST, "GET", "POST")
def new_place(request: Any) -> HttpResponse:
    return _place(request, None)


@needs(HOST, "GET", "POST")
def edit_place(request: Any, pk: int) -> HttpResponse:
    kept = Place.objects.visible_to(request.scope).kept_by(request.scope)
    return _place(request, get_object_or_404(kept, pk=pk))


def _place(request: Any, place: Place | None) -> HttpResponse:
    form = PlaceForm(request.POST or None, instance=place)
    if request.method == "POST" and form.is_valid():
        services.keep_place(place, values=form.cleaned_data, actor=request.reader)
        messages.success(request, _("Saved."))
        return redirect("places")
    heading = _("Change the place") if place else _("New place")
    return _form(request, form, {"heading": heading, "button": _("Save"), "back": "/desk/events/places/"})
