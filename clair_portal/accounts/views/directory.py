"""The directory: organisations and people, searched by any form of their names, and one page for each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clair_portal.accounts import directory as lists
from clair_portal.accounts.models import Person
from clair_portal.accounts.queries import PersonQuerySet
from clair_portal.accounts.rules import signed_in
from clair_portal.audit.models import Entry, Reading
from clair_portal.audit.sentences import in_language, sentence
from clair_portal.audit.services import record_reading
from clair_portal.calendars.eras import DateError, parse_date
from clair_portal.calendars.zones import in_both_zones
from clair_portal.network.claims import side_by_side
from clair_portal.network.clock import Clock, clock_of
from clair_portal.network.enums import Kind
from clair_portal.network.history import Change, changes_of
from clair_portal.network.models import Organisation
from clair_portal.walls.roles import HEADQUARTERS

READINGS_SHOWN = 50
ENTRIES_SHOWN = 30
READ_IN_DIRECTORY = "directory"
# How a recorded reading is called; apps further up that show personal records add theirs in ready().
READ_AS: dict[str, Any] = {READ_IN_DIRECTORY: gettext_lazy("Page in the directory")}


@signed_in()
def directory(request: Any, show: str = "") -> HttpResponse:
    """Two lists behind one search: organisations, and people. An empty list gives way to the other one."""
    asked, today = lists.Asked.read(request.GET), request.reader.today
    asked = replace(asked, show=asked.show or show)
    rows = {
        lists.ORGANISATIONS: lists.organisations(asked, today),
        lists.PEOPLE: lists.people(asked, request.scope, today),
    }
    counts = {name: lists.counted(found) for name, found in rows.items()}
    show = asked.show or (
        lists.PEOPLE if not counts[lists.ORGANISATIONS] and counts[lists.PEOPLE] else lists.ORGANISATIONS
    )
    shown = list(rows[show][asked.offset : asked.offset + lists.SIZE + 1])
    found = lists.Found(shown[: lists.SIZE], len(shown) > lists.SIZE, counts[show])
    context = {
        "asked": asked,
        "show": show,
        "found": found,
        "tabs": _tabs(asked, show, counts),
        "kinds": Kind.choices,
        "prefectures": lists.prefectures(),
        "countries": lists.countries(),
        "first": asked.offset + 1,
        "last": asked.offset + len(found.rows),
        "size": lists.SIZE,
        "more_than": lists.COUNTED if found.total is None else 0,
        "previous_url": asked.url(page=asked.page - 1, show=show) if asked.page > 1 else "",
        "file_at": reverse(f"{show}_file") + asked.url(show=""),
        "next_url": asked.url(page=asked.page + 1, show=show) if found.more else "",
    }
    return render(request, "accounts/directory/list.html", context)


def _tabs(asked: lists.Asked, show: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {lists.ORGANISATIONS: _("Organisations"), lists.PEOPLE: _("People")}
    return [_tab(labels[name], counts[name], asked.url(show=name), name == show) for name in labels]


def _tab(label: str, number: int, url: str, current: bool) -> dict[str, Any]:
    if number > lists.COUNTED:  # counting stopped there
        return {"label": f"{label} {lists.COUNTED:,}+", "url": url, "current": current}
    return {"label": label, "count": number, "url": url, "current": current}


# --- One organisation -------------------------------------------------------------------------------------------------


@signed_in()
def organisation(request: Any, pk: int) -> HttpResponse:
    row: Organisation = get_object_or_404(Organisation.objects.select_related("parent", "branch", "country"), pk=pk)
    today = request.reader.today
    context = {
        "organisation": row,
        "facts": lists.facts_of(row),
        "clock": _clock(row),
        "postings": lists.postings_of(row, request.scope, today),
        "successions": row.successions.select_related("successor"),
        "origins": row.origins.select_related("predecessor"),
        "claims": side_by_side(row.claims.all()),
        "children": Organisation.objects.filter(parent=row, kind=Kind.DIVISION).order_by("code")
        if row.is_headquarters
        else (),
        "in_being": row.in_being(today),
        "may_edit": request.reader.can("network.edit"),
        "may_read_brief": lists.may_read_brief(row, request.reader),
        **_municipalities(request, row, today),
        **_jurisdictions(request, row, today),
        **_history(request, row),
    }
    return render(request, "accounts/directory/organisation.html", context)


def _clock(row: Organisation) -> Clock | None:
    if row.kind not in (Kind.HEADQUARTERS, Kind.OFFICE):
        return None
    return clock_of(row, now=timezone.now(), language=get_language() or "en")


def _municipalities(request: HttpRequest, row: Organisation, on: dt.date) -> dict[str, Any]:
    if not lists.has_municipalities(row):
        return {}
    asked = lists.Asked.read(request.GET)
    found = lists.page_of(lists.municipalities_of(row, on), asked)
    return {
        "municipalities": found,
        "municipalities_first": asked.offset + 1,
        "municipalities_last": asked.offset + len(found.rows),
        "previous_url": f"?page={asked.page - 1}#municipalities" if asked.page > 1 else "",
        "next_url": f"?page={asked.page + 1}#municipalities" if found.more else "",
        "size": lists.SIZE,
    }


def _jurisdictions(request: HttpRequest, row: Organisation, today: dt.date) -> dict[str, Any]:
    """The countries of an office on the day asked for (`?on=`, era dates too), and those of other days."""
    if not row.is_office:
        return {}
    on, error = today, ""
    if text := request.GET.get("on", "").strip():
        try:
            on = parse_date(text)
        except DateError as refused:
            error = str(refused)
    rows = list(row.jurisdictions.select_related("country").order_by("country__name", "starts_on"))
    now = [each for each in rows if (each.starts_on or on) <= on <= (each.ends_on or on)]
    others = [each for each in rows if each not in now]
    return {"jurisdictions": now, "other_days": others, "on": on, "on_text": text or on.isoformat(), "on_error": error}


def _history(request: Any, row: Organisation) -> dict[str, Any]:
    """Former values and log entries; for headquarters only (the database would show nobody else any)."""
    if request.scope.role != HEADQUARTERS:
        return {}
    changes = changes_of(row)
    people = Person.objects.visible_to(request.scope).in_bulk({change.person for change in changes if change.person})
    entries = Entry.objects.visible_to(request.scope).about(row).order_by("-at", "-id")[:ENTRIES_SHOWN]
    return {
        "changes": [_change(change, people) for change in changes],
        "entries": [_entry(entry) for entry in entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    at = timezone.localtime(entry.at) if entry.at else None
    return {
        "kind": "event",
        "text": sentence(entry.event, entry.actor, entry.params),
        "iso": at.isoformat(timespec="minutes") if at else "",
        "when": f"{at:%Y-%m-%d %H:%M}" if at else "",
    }


def _change(change: Change, people: dict[int, Person]) -> dict[str, Any]:
    person = people.get(change.person or 0)
    who = person.display_name() if person else _("reference data")
    return {"change": change, "who": who}


# --- One person -------------------------------------------------------------------------------------------------------


@signed_in()
def person(request: Any, pk: int) -> HttpResponse:
    """The record of a person. Showing it to somebody else is itself recorded, and shown to the person."""
    visible: PersonQuerySet = Person.objects.visible_to(request.scope)
    row = get_object_or_404(visible, pk=pk)
    own = row.pk == request.reader.person
    if request.method == "GET" and not own:
        record_reading(row, what=READ_IN_DIRECTORY, reader=request.reader.signature)
    context = {
        "person": row,
        "own": own,
        "now_there": in_both_zones(
            timezone.now(), row.time_zone, "Asia/Tokyo", get_language() or "en", now=timezone.now()
        ),
        "readings": _readings(row) if own else (),
        **_postings(request, row),
    }
    return render(request, "accounts/directory/person.html", context)


def _postings(request: Any, row: Person) -> dict[str, Any]:
    today = request.reader.today
    rows = list(
        row.postings.visible_to(request.scope)
        .select_related("organisation", "role", "sending_body")
        .order_by("-starts_on", "pk")
    )
    now = [each for each in rows if each.in_force(today)]
    return {"now": now, "others": [each for each in rows if each not in now], "today": today}


def _readings(row: Person) -> list[dict[str, Any]]:
    found = Reading.objects.of(row)[:READINGS_SHOWN]
    return [
        {"at": each.at, "reader": in_language(each.reader), "what": READ_AS.get(each.what, each.what)} for each in found
    ]
