"""What a successor takes over: the events that somebody was in charge of and that are still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import Count

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.gatherings.enums import State
from clair_portal.gatherings.models import Event

GOING_ON = (State.PLANNED, State.OPEN)


def hand_over(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Returns how many events the successor is in charge of from now on."""
    moved = list(Event.objects.filter(posting=from_posting, state__in=GOING_ON))
    Event.objects.filter(pk__in=[event.pk for event in moved]).update(posting=to_posting)
    for event in moved:
        record(
            "gatherings.event.in_charge", event, actor=actor.signature, title=event.titles, name=to_posting.person.name
        )
    return len(moved)


def waiting(postings: Sequence[int]) -> Mapping[int, int]:
    rows = Event.objects.filter(posting__in=postings, state__in=GOING_ON).order_by().values("posting")
    return {row["posting"]: row["number"] for row in rows.annotate(number=Count("pk"))}
