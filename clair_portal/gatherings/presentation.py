"""What pages show of events: the time on the host's clock and on the reader's, the place, how full it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.calendars.zones import TwoZones, city_name, in_both_zones
from clair_portal.gatherings.enums import BADGES, EventKind
from clair_portal.gatherings.models import Booking, Event, Material, Partner, ProgrammeItem, Speaker
from clair_portal.language.words import page_language

TOKYO = "Asia/Tokyo"


def when(event: Event, there: str = TOKYO) -> TwoZones:
    """The beginning on the clock of the place and, where it differs, on another one."""
    return in_both_zones(event.begins_at, event.zone, there, get_language() or "en")


def until(event: Event) -> str:
    """When it ends, on the host's clock: the hour, with the day where it is another one."""
    begin, end = event.local_begin, event.local_end
    if begin.date() == end.date():
        return f"{end:%H:%M}"
    return in_both_zones(event.ends_at, event.zone, event.zone, get_language() or "en").main


def span(event: Event) -> str:
    """From when until when on the clock of the host: 1月25日(月)14:00–16:00 ロンドン."""
    here = f" {city(event.zone)}"
    return f"{when(event).main.removesuffix(here)}–{until(event).removesuffix(here)}{here}"


def written(instant: dt.datetime | None, zone: str = "") -> str:
    """One instant on one clock."""
    if instant is None:
        return ""
    zone = zone or timezone.get_current_timezone_name()
    return in_both_zones(instant, zone, zone, get_language() or "en").main


def row(event: Event, place: Any = None) -> dict[str, Any]:
    """A line of a list, in the language of the page; `other`: whether the title is in the other one."""
    title, lang = event.in_language("title", page_language())
    summary, of_summary = event.in_language("summary", page_language())
    return {
        "event": event, "title": title, "lang": lang, "other": lang != page_language(), "summary": summary,
        "summary_lang": of_summary, "when": when(event), "span": span(event), "badge": BADGES[event.state],
        "kind": EventKind(event.kind).label, "place": place, "where": where(event, place),
        "edition": event.edition if event.edition.isascii() or page_language() == "ja" else "",
    }  # fmt: skip


def where(event: Event, place: Any) -> str:
    parts = [str(place)] if place else []
    return " / ".join([*parts, *([_("online")] if event.online else [])]) or _("place not fixed yet")


def rows(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Lines of a list with their places, in one query for all."""
    shown = list(events)
    booked = Booking.objects.filter(event__in=[event.pk for event in shown]).select_related("place")
    places = {booking.event_id: booking.place for booking in booked}
    return [row(event, places.get(event.pk)) for event in shown]


def city(zone: str) -> str:
    return city_name(zone, get_language() or "en")


def materials_of(request: Any, event: Event) -> list[Material]:
    """Those the reader may read."""
    return list(Material.objects.visible_to(request.scope).filter(event=event).order_by("uploaded_at", "pk"))


def parts(event: Event) -> dict[str, Any]:
    """Programme by day, speakers and partners."""
    zone = ZoneInfo(event.zone)
    items = ProgrammeItem.objects.filter(event=event).select_related("speaker").order_by("begins_at", "pk")
    lines = []
    for item in items:
        begins, ends = item.begins_at.astimezone(zone), item.ends_at and item.ends_at.astimezone(zone)
        clock = f"{begins:%H:%M}" + (f"–{ends:%H:%M}" if ends else "")  # a template would put it on the reader's clock
        lines.append({"item": item, "day": f"{begins.month}/{begins.day}", "clock": clock})
    several = event.local_begin.date() != event.local_end.date()
    return {
        "programme": lines, "several_days": several, "speakers": list(Speaker.objects.filter(event=event).order_by("pk")),
        "partners": list(Partner.objects.filter(event=event).order_by("role", "pk")),
    }  # fmt: skip
