"""Events as the tests plan them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from clair_portal.gatherings.models import Event, Place
from clair_portal.gatherings.services import move_event, plan_event, release_event
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader

BEGINS = dt.datetime(2027, 2, 10, 14, 0, tzinfo=dt.UTC)


def a_place(cast: SimpleNamespace, at: str = "london") -> Place:
    return Place.objects.create(organisation=cast.places[at], name_ja="会議室", name_en="Meeting room", seats=40)


def planned(cast: SimpleNamespace, who: str = "london", place: Place | None = None, **changed: Any) -> Event:
    values = {"title_ja": "地方行政セミナー", "title_en": "Local administration seminar", "kind": "seminar",
              "begins_at": BEGINS, "ends_at": BEGINS + dt.timedelta(hours=2), "zone": "Europe/London"}  # fmt: skip
    actor = reader(cast, who)
    with acting(actor.scope):
        return plan_event(values=values | changed, place=place, actor=actor, now=NOW)


def opened(cast: SimpleNamespace, who: str = "london", **changed: Any) -> Event:
    """Released and open for registration."""
    event, actor = planned(cast, who, **changed), reader(cast, who)
    with acting(actor.scope):
        release_event(event, released=True, actor=actor, now=NOW)
        move_event(event, to="open", actor=actor, now=NOW)
    return Event.objects.get(pk=event.pk)
