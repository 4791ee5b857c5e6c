"""A project over the years: its dated sentences, its cases and the visits they led to, its events, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.reader import Reader
from clair_portal.audit.sentences import in_language
from clair_portal.calendars.eras import in_words
from clair_portal.casework.models import Case
from clair_portal.casework.moments import known
from clair_portal.casework.presentation import Row, ShownState, rows_of
from clair_portal.contacts.models import Visit
from clair_portal.gatherings.models import Event
from clair_portal.language.words import in_japanese
from clair_portal.projects.enums import BADGES
from clair_portal.projects.models import Project, ProjectCase, ProjectEvent, ProjectNote


@dataclass(frozen=True)
class Item:
    """One line of the story. `day` None: the source names none. `note`: the sentence, for those who may correct it."""

    day: dt.date | None
    words: str
    text: str
    kind: str  # sentence, case, visit, event
    lang: str = ""
    badge: ShownState | dict[str, Any] | None = None
    url: str = ""
    by: str = ""
    source: str = ""
    note: ProjectNote | None = None


@dataclass(frozen=True)
class Year:
    label: str
    items: list[Item] = field(default_factory=list)


def cases_of(project: Project, reader: Reader, now: dt.datetime) -> list[Row]:
    """The cases of a project the reader sees, newest first."""
    linked = ProjectCase.objects.visible_to(reader.scope).filter(project=project).values("case")
    seen = Case.objects.visible_to(reader.scope).filter(pk__in=linked).for_list()
    return rows_of(seen.order_by("-filed_at", "-pk"), reader, now)


def events_of(project: Project, reader: Reader) -> list[Event]:
    """The events of a project the reader sees, newest first."""
    linked = ProjectEvent.objects.visible_to(reader.scope).filter(project=project).values("event")
    seen = Event.objects.visible_to(reader.scope).filter(pk__in=linked)
    return list(seen.select_related("organisation").order_by("-begins_at", "pk"))


def story_of(project: Project, rows: Sequence[Row], reader: Reader, events: Sequence[Event] = ()) -> list[Year]:
    """Everything with a day, by calendar year, then what has none."""
    notes = ProjectNote.objects.visible_to(reader.scope).filter(project=project).select_related("author")
    wholes = [row.case.pk for row in rows]
    visits = Visit.objects.visible_to(reader.scope).filter(case__in=wholes) | Visit.objects.visible_to(
        reader.scope
    ).filter(case__parent__in=wholes)
    items = [*map(_of_note, notes), *map(_of_case, rows), *map(_of_visit, visits), *map(_of_event, events)]
    items.sort(key=lambda item: item.day or dt.date.min, reverse=True)
    return [Year(label, list(found)) for label, found in groupby(items, key=_year)]


def _year(item: Item) -> str:
    if item.day is None:
        return _("Year not stated")
    japanese = in_japanese()
    return f"{item.day.year}年" if japanese else str(item.day.year)


def _of_note(note: ProjectNote) -> Item:
    text, lang = note.text()
    by = in_language(note.signature) or str(note.author)
    return Item(
        note.day,
        in_words(note.day),
        text,
        "sentence",
        lang,
        BADGES.get(note.state),
        by=by,
        source=note.source,
        note=note,
    )


def _of_case(row: Row) -> Item:
    case = row.case
    filed = known(case.filed_at)
    day = timezone.localdate(filed) if filed else None
    text = f"{case.number} {case.title}"
    return Item(day, in_words(day) if day else "", text, "case", badge=row.badge, url=row.url, by=str(case.applicant))


def _of_visit(visit: Visit) -> Item:
    words = " – ".join(dict.fromkeys(in_words(day) for day in (visit.starts_on, visit.ends_on)))
    text = pgettext("in a story", "Visit: %(title)s") % {"title": visit.title}
    return Item(visit.starts_on, words, text, "visit", url=f"/desk/visits/{visit.pk}/")


def _of_event(event: Event) -> Item:
    days = (event.local_begin.date(), event.local_end.date())
    words = " – ".join(dict.fromkeys(in_words(day) for day in days))
    text = pgettext("in a story", "Event: %(title)s") % {"title": event}
    return Item(days[0], words, text, "event", url=reverse("event", args=[event.pk]), by=str(event.organisation))
