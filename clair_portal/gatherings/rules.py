"""Who may do what with an event: nothing, or the sentence that says why not."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.gatherings.enums import SOON, CallState, State
from clair_portal.gatherings.models import Call, Event

HOST = "gatherings.host"
APPLY = "cases.file"  # whoever files requests for an organisation answers calls for it


class Refused(Exception):
    """The action is refused; the message is a sentence for the person."""


def may_host(event: Event | Call, reader: Reader) -> bool:
    """People of the organisation that holds the event, whose posting gives the right."""
    return reader.can(HOST) and event.organisation_id in reader.scope.organisations


def must_host(event: Event | Call, reader: Reader) -> None:
    if not may_host(event, reader):
        raise Refused(_("Only the organisation that holds the event can change it."))


def takes_registrations(event: Event, now: dt.datetime) -> bool:
    """The database says the same when somebody registers (queue_access.py)."""
    until = event.register_until
    in_time = now < event.begins_at and (until is None or now <= until)
    return event.state == State.OPEN and event.released_at is not None and in_time


def phase(call: Call, now: dt.datetime) -> str:
    """The state of a call, and of a published one what the clock says. Whether an application arrives in time the database
    decides (call_access.py)."""
    if call.state != CallState.OPEN:
        return call.state
    return SOON if now < call.opens_at else CallState.OPEN if now <= call.closes_at else CallState.CLOSED
