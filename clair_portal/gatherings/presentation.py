"""What pages show of events: the time on the host's clock and on the reader's, the place, how full it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Value
from django.db.models.functions import JSONObject
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


# What pages show of the rows of an event, by their models.
_SHOWN: dict[Any, tuple[str, ...]] = {
    Speaker: ("id", "name", "affiliation"),
    Partner: ("id", "name", "role"),
    ProgrammeItem: ("id", "begins_at", "ends_at", "title_ja", "title_en", "speaker_id"),
    Material: ("id", "name", "size", "audience", "uploaded_at"),
}


def parts(request: Any, event: Event) -> dict[str, Any]:
    """Programme by day, speakers, partners, and those materials the reader may read; in one statement."""
    found = _together(event, Material.objects.visible_to(request.scope))
    speakers = {each.pk: each for each in sorted(found[Speaker], key=lambda each: each.pk)}
    return {
        "programme": _programme(event, found[ProgrammeItem], speakers), "speakers": list(speakers.values()),
        "several_days": event.local_begin.date() != event.local_end.date(),
        "partners": sorted(found[Partner], key=lambda each: (each.role, each.pk)),
        "materials": sorted(found[Material], key=lambda each: (each.uploaded_at, each.pk)),
    }  # fmt: skip


def _together(event: Event, materials: Any) -> dict[Any, list[Any]]:
    by_name = {model.__name__: model for model in _SHOWN}
    asked = [
        (materials if model is Material else model.objects.all())
        .filter(event=event)
        .order_by()
        .annotate(what=Value(model.__name__), row=JSONObject(**{name: name for name in fields}))
        .values_list("what", "row")
        for model, fields in _SHOWN.items()
    ]
    found: dict[Any, list[Any]] = {model: [] for model in _SHOWN}
    for name, row in asked[0].union(*asked[1:], all=True):
        model = by_name[name]
        values = {key: model._meta.get_field(key).to_python(value) for key, value in row.items()}
        found[model].append(model(**values))
    return found


def _programme(event: Event, items: list[ProgrammeItem], speakers: dict[Any, Speaker]) -> list[dict[str, Any]]:
    zone, lines = ZoneInfo(event.zone), []
    for item in sorted(items, key=lambda each: (each.begins_at, each.pk)):
        item.speaker = speakers.get(item.speaker_id)
        begins, ends = item.begins_at.astimezone(zone), item.ends_at and item.ends_at.astimezone(zone)
        clock = f"{begins:%H:%M}" + (f"–{ends:%H:%M}" if ends else "")  # a template would put it on the reader's clock
        lines.append({"item": item, "day": f"{begins.month}/{begins.day}", "clock": clock})
    return lines
