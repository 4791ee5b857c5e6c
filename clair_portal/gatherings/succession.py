"""What a successor takes over: events to come and calls not decided that somebody was in charge of; after a merger what the
former body applied for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import Names, record
from clair_portal.gatherings.calling import SIDE
from clair_portal.gatherings.enums import CallState, State
from clair_portal.gatherings.models import Application, Call, Event
from clair_portal.network.models import Succession
from clair_portal.network.services import names

GOING_ON = (State.PLANNED, State.OPEN)
UNDECIDED = (CallState.PLANNED, CallState.OPEN, CallState.CLOSED)


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


def hand_over_calls(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Returns how many calls the successor is in charge of from now on."""
    moved = list(Call.objects.filter(posting=from_posting, state__in=UNDECIDED))
    Call.objects.filter(pk__in=[call.pk for call in moved]).update(posting=to_posting)
    for call in moved:
        record("gatherings.call.in_charge", call, actor=actor.signature, title=call.titles, name=to_posting.person.name)
    return len(moved)


def waiting_calls(postings: Sequence[int]) -> Mapping[int, int]:
    rows = Call.objects.filter(posting__in=postings, state__in=UNDECIDED).order_by().values("posting")
    return {row["posting"]: row["number"] for row in rows.annotate(number=Count("pk"))}


def move_applications(succession: Succession, actor: Names, now: dt.datetime) -> int:
    """Applications that still count become those of the successor, unless it applied itself. Returns how many."""
    with connection.cursor() as cursor:
        pair = [succession.predecessor_id, succession.successor_id]
        cursor.execute("select id, title_ja, title_en from gatherings_move_applications(%s, %s)", pair)
        moved = cursor.fetchall()  # headquarters itself reads applications to its own calls only
    said: dict[str, Any] = {"predecessor": names(succession.predecessor), "successor": names(succession.successor)}
    for key, japanese, english in moved:
        title = {"ja": japanese or english, "en": english or japanese}
        record("gatherings.application.succeeded", Application(pk=key), actor=actor, side=SIDE, title=title, **said)
    return len(moved)
