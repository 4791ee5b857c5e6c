"""What a successor takes over: events to come and calls not decided that somebody was in charge of; after a merger what the
former body applied for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import Names, record
from clair_portal.gatherings.calling import SIDE
from clair_portal.gatherings.enums import GOING_ON, CallState
from clair_portal.gatherings.models import Application, Call, Event
from clair_portal.network.models import Succession
from clair_portal.network.services import names

UNDECIDED = (CallState.PLANNED, CallState.OPEN, CallState.CLOSED)


def hand_over(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Returns how many events the successor is in charge of from now on."""
    return _hand_over(_events([from_posting.pk]), "gatherings.event.in_charge", to_posting, actor)


def waiting(postings: Sequence[int]) -> Mapping[int, int]:
    return _waiting(_events(postings))


def hand_over_calls(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Returns how many calls the successor is in charge of from now on."""
    return _hand_over(_calls([from_posting.pk]), "gatherings.call.in_charge", to_posting, actor)


def waiting_calls(postings: Sequence[int]) -> Mapping[int, int]:
    return _waiting(_calls(postings))


def _events(postings: Sequence[int]) -> QuerySet[Any]:
    return Event.objects.filter(posting__in=postings, state__in=GOING_ON)


def _calls(postings: Sequence[int]) -> QuerySet[Any]:
    return Call.objects.filter(posting__in=postings, state__in=UNDECIDED)


def _hand_over(rows: QuerySet[Any], entry: str, to_posting: Posting, actor: Reader) -> int:
    moved = list(rows)
    rows.filter(pk__in=[each.pk for each in moved]).update(posting=to_posting)
    for each in moved:
        record(entry, each, actor=actor.signature, title=each.titles, name=to_posting.person.name)
    return len(moved)


def _waiting(rows: QuerySet[Any]) -> Mapping[int, int]:
    """How many, by posting."""
    counted = rows.order_by().values("posting").annotate(number=Count("pk"))
    return {row["posting"]: row["number"] for row in counted}


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
