"""Registering without an account. A GET looks; only a button confirms or cancels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from clair_portal.accounts.rules import everybody
from clair_portal.accounts.same_site import filled_in, public_form, shown, taken
from clair_portal.accounts.signed_links import LinkError, look_at_link
from clair_portal.accounts.strangers import Refusal, within_the_hour, wrong_link
from clair_portal.gatherings import registering
from clair_portal.gatherings.enums import SEAT_BADGES, STANDING
from clair_portal.gatherings.forms import RegistrationForm
from clair_portal.gatherings.models import Event
from clair_portal.gatherings.presentation import row
from clair_portal.gatherings.queue_access import CONFIRM
from clair_portal.gatherings.rules import takes_registrations
from clair_portal.gatherings.views.public import gone

FOLDER = "gatherings/forms"


def _event(request: Any, pk: Any) -> Event | None:
    return Event.objects.visible_to(request.scope).for_the_public().select_related("organisation").filter(pk=pk).first()


@public_form
def register(request: Any, pk: UUID) -> HttpResponse:
    found, form = _event(request, pk), RegistrationForm(**filled_in(request))
    if found is None:
        return gone(request, pk)
    if taken(request, form) and _kept(request, form, found):
        return redirect("registration_sent")
    context = {**row(found), "form": form, "open": found.for_public and takes_registrations(found, timezone.now())}
    return shown(request, f"{FOLDER}/register.html", context)


def _kept(request: Any, form: RegistrationForm, found: Event) -> bool:
    try:
        within_the_hour(request.META["REMOTE_ADDR"], "gatherings.register", settings.REGISTRATIONS_AN_HOUR)
        registering.ask(found, given=form.cleaned_data, language=get_language() or "en", now=timezone.now())
    except Refusal as error:
        form.add_error(None, str(error))
    return form.is_valid()


@everybody()
@never_cache
def sent(request: Any) -> HttpResponse:
    return render(request, f"{FOLDER}/sent.html")


@public_form
def confirm(request: Any, token: str) -> HttpResponse:
    """The page of the mail: looking changes nothing, so that a scanner of mail confirms nothing."""
    try:
        if not taken(request):
            look_at_link(token, purpose=CONFIRM, now=timezone.now())
            return shown(request, f"{FOLDER}/confirm.html", {})
        found = registering.confirm(token, now=timezone.now())
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)
    return render(request, f"{FOLDER}/confirm.html", _confirmed(request, found))


def _confirmed(request: Any, found: dict[str, Any]) -> dict[str, Any]:
    event = Event.objects.visible_to(request.scope).for_the_public().filter(pk=found["event"]).first()
    capacity = event.capacity if event else None
    said = registering.sentence(found["went"], found["number"], capacity)
    return {"done": found["went"] in STANDING, "sentence": said, "event": event}


@public_form
def seat(request: Any, token: str) -> HttpResponse:
    """How one's registration stands; the button gives the place back."""
    act = registering.give_back if taken(request) else registering.seat_of
    try:
        found = act(token, now=timezone.now())
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)
    event = Event.objects.visible_to(request.scope).for_the_public().select_related("organisation")
    public = event.filter(pk=found["event"]).first()
    context = {"found": found, "seat_badge": SEAT_BADGES[found["seat"]], **(row(public) if public else {})}
    if request.not_taken:
        return shown(request, f"{FOLDER}/seat.html", context)
    return render(request, f"{FOLDER}/seat.html", context)
