"""The public pages of events and calls, as files (publishing/tree)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clair_portal.gatherings.models import Call, Event
from clair_portal.publishing.tree.families import Family, declare, moments, rows

_PARTS = ("booking", "speaker", "partner", "programmeitem", "material")
_LISTS = ("gatherings_event", "gatherings_booking", "gatherings_place", "gatherings_call", "network_organisation")
_EVENT = ("gatherings_event:{pk}", "gatherings_place", "gatherings_series", "network_organisation", "day")
_YEAR = "interval '8760 hours'"  # 365 days whatever the clocks do (views/public.py: KEPT)


def events() -> Iterator[dict[str, Any]]:
    """What is public, and what was: its address says so."""
    for pk in Event.objects.ever_public().values_list("pk", flat=True):
        yield {"pk": pk}


def calls() -> Iterator[dict[str, Any]]:
    """What was published stays: a call is cancelled, never taken off."""
    for pk in Call.objects.for_the_public().values_list("pk", flat=True):
        yield {"pk": pk}


def declare_pages() -> None:
    rows("gatherings_event", "id")
    rows("gatherings_call", "id")
    rows("gatherings_call", "event_id", of="gatherings_event")  # pages of events name their calls
    for part in _PARTS:
        rows(f"gatherings_{part}", "event_id", of="gatherings_event")
    moments("gatherings_event", "begins_at", "ends_at", "register_until", f"ends_at + {_YEAR}")
    moments("gatherings_call", "opens_at", "closes_at", f"closes_at + {_YEAR}")
    declare(
        Family("public_events", reads=(*_LISTS, "day")),
        Family("public_event", events, _EVENT),
        Family("public_event_file", events, _EVENT),
        Family("events_feed", reads=_LISTS),
        Family("public_calls", reads=("gatherings_call", "network_organisation", "day")),
        Family("public_call", calls, ("gatherings_call:{pk}", "network_organisation", "day")),
    )
