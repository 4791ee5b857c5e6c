"""An event that is moved to another time or place: what those who come were told before, in the words of each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.functional import lazy

from clair_portal.gatherings.enums import STANDING
from clair_portal.gatherings.models import Booking, Event, Place, Registration
from clair_portal.gatherings.presentation import span, when, where
from clair_portal.language import words


def when_and_where(event: Event) -> dict[str, Any]:
    """What somebody who comes has to know, as it stands now, to be kept on registrations."""
    booking = Booking.objects.filter(event=event).select_related("place").first()
    place = booking.place if booking else Place()
    return {
        "begins_at": event.begins_at.astimezone(dt.UTC).isoformat(), "ends_at": event.ends_at.astimezone(dt.UTC).isoformat(),
        "zone": event.zone, "online": event.online, "name_ja": place.name_ja, "name_en": place.name_en,
        "address": place.address,
    }  # fmt: skip


def keep_what_was_said(event: Event, before: dict[str, Any], now: dt.datetime) -> bool:
    """Marks those who were told of another time or place than holds now; False when there is nobody, or all is over.

    What somebody was told first stays: several changes before the turn of the schedule are one.
    """
    if before == when_and_where(event) or max(event.ends_at, _instant(before["ends_at"])) < now:
        return False
    there = Registration.objects.filter(event=event, state__in=STANDING)
    there.exclude(told="").filter(moved_from__isnull=True).update(moved_from=before)
    return there.exists()


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def in_words(kept: dict[str, Any]) -> str:
    """On the clock of the host and of Tokyo, with the place, in the active language."""
    event = Event(
        begins_at=_instant(kept["begins_at"]), ends_at=_instant(kept["ends_at"]), zone=kept["zone"], online=kept["online"]
    )  # fmt: skip
    place = Place(name_ja=kept["name_ja"], name_en=kept["name_en"]) if kept["name_ja"] or kept["name_en"] else None
    other = when(event).other
    time = span(event) + (f" ({other})" if other else "")
    return " / ".join(part for part in (time, where(event, place), kept["address"]) if part)


def in_both(kept: dict[str, Any]) -> dict[str, str]:
    """The same for a notice."""
    return words.in_both(lazy(in_words, str)(kept))
