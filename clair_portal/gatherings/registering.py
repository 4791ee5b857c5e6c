"""Registering and cancelling: by people who are signed in, by hosts, and by strangers through a form and links."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.accounts.strangers import Refusal, call, through_link
from clair_portal.audit.services import record
from clair_portal.gatherings.enums import STANDING, Seat
from clair_portal.gatherings.models import Event, Registration
from clair_portal.gatherings.queue_access import CONFIRM, SEAT
from clair_portal.gatherings.rules import Refused, must_host


def sentence(seat: str, number: int, capacity: int | None) -> str:
    """What somebody reads who has just registered."""
    if seat == Seat.IN:
        return _("You have a place.")
    if seat == Seat.WAITING:
        return _(
            "All %(capacity)s places are taken. You are number %(number)s on the waiting list, and you move up by yourself "
            "when somebody cancels; you are told by mail."
        ) % {"capacity": capacity, "number": number}
    return refusal(seat)


def refusal(why: str) -> str:
    return {
        "twice": _("You are registered for this event already. Nothing was changed."),
        "closed": _("Registration for this event is closed. Nothing was saved."),
        "cancelled": _("This registration was cancelled. Register again if you want to come after all."),
    }.get(why, _("There is no such registration. Nothing was changed."))


@transaction.atomic
def register(event: Event, *, email: str, body: str, actor: Reader, now: dt.datetime) -> tuple[str, int]:
    """Whoever is signed in wants to come. Returns how they stand (Seat) and their number on the waiting list.

    Raises Refused for a second registration, and for an event that takes none.
    """
    given = {"name": actor.name_as_written, "body": body, "email": email, "language": actor.language}
    answer: dict[str, Any] = call("gatherings_register", event.pk, json.dumps(given), now) or {"seat": "unknown"}
    if answer["seat"] not in STANDING:
        raise Refused(refusal(answer["seat"]))
    record("gatherings.registration.made", event, actor=actor.signature, title=event.titles)
    return answer["seat"], answer["number"]


@transaction.atomic
def cancel(registration: Registration, *, actor: Reader, now: dt.datetime) -> None:
    """One's own registration, or one at an event of one's organisation. Whoever waits longest moves up."""
    if registration.person != actor.person:
        must_host(registration.event, actor)
    if call("gatherings_cancel", registration.pk, now) != Seat.CANCELLED:
        raise Refused(refusal("unknown"))
    record(
        "gatherings.registration.cancelled", registration.event, actor=actor.signature, title=registration.event.titles
    )


@transaction.atomic
def note_attendance(registration: Registration, *, came: bool, actor: Reader, now: dt.datetime) -> None:
    """Ticked at the door. Raises Refused for somebody without a place."""
    must_host(registration.event, actor)
    if registration.state != Seat.IN:
        raise Refused(_("%(name)s has no place at this event. Nothing was changed.") % {"name": registration.name})
    registration.attended_at = now if came else None
    registration.save(update_fields=["attended_at"])
    done = "gatherings.attendance.noted" if came else "gatherings.attendance.taken_back"
    record(done, registration.event, actor=actor.signature, title=registration.event.titles)


def move_up(event: Event) -> None:
    """After the capacity grew."""
    call("gatherings_fill", event.pk)


# --- Strangers ----------------------------------------------------------------------------------------------------------
def ask(event: Event, *, given: dict[str, Any], language: str, now: dt.datetime) -> None:
    """Keeps a registration until its address is confirmed. It says nothing about who else is registered. Raises Refusal."""
    values = {name: given[name] for name in ("name", "body", "email")} | {"language": language}
    answer = call("gatherings_ask", event.pk, json.dumps(values), now)
    if answer == "closed":
        raise Refusal(refusal("closed"))
    if answer == "many":
        raise Refusal(
            _(
                "Several registrations of this mail address wait for confirmation. Follow the link in one of the mails first."
            )
        )


def confirm(token: str, *, now: dt.datetime) -> dict[str, Any]:
    """The address is confirmed: a place, or one on the waiting list. Raises LinkError."""
    return through_link("gatherings_confirm", token, now, purpose=CONFIRM)


def seat_of(token: str, *, now: dt.datetime) -> dict[str, Any]:
    """How the registration of the link stands. Raises LinkError."""
    return through_link("gatherings_seat", token, now, purpose=SEAT)


def give_back(token: str, *, now: dt.datetime) -> dict[str, Any]:
    """The registration of the link is cancelled. Raises LinkError."""
    return through_link("gatherings_give_back", token, now, purpose=SEAT)
