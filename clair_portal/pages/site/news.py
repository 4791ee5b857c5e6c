"""What is new, for the front page: releases, stories, events to come and open calls, at most three of each, in one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.urls import reverse

from clair_portal.gatherings import call_presentation, presentation
from clair_portal.gatherings.enums import CallState, State
from clair_portal.gatherings.models import Call, Event
from clair_portal.language.words import page_language
from clair_portal.publishing.content.public import version_for
from clair_portal.publishing.models import Publication, PublishedText
from clair_portal.walls.scope import Scope

MOST = 3
_COLUMNS = ("what", "key", "ja", "en", "text", "on", "begins", "ends", "at", "sample")


@dataclass(frozen=True)
class Entry:
    """A line. `day`: of publication; `iso` and `when`: of an event or a closing; `left`: how long one can still apply."""

    url: str
    title: str
    lang: str
    sample: bool
    day: dt.date | None = None
    iso: str = ""
    when: str = ""
    left: str = ""


@dataclass
class News:
    releases: list[Entry] = field(default_factory=list)
    stories: list[Entry] = field(default_factory=list)
    events: list[Entry] = field(default_factory=list)
    calls: list[Entry] = field(default_factory=list)

    @property
    def latest(self) -> Entry | None:
        """The newest release or story, for the top of the page; of one day a release before a story."""
        return max((*self.releases, *self.stories), key=lambda each: each.day or dt.date.min, default=None)


def newest(scope: Scope, now: dt.datetime, language: str) -> News:
    """What the reader may see, releases and stories newest first, events and closings soonest first."""
    asked = _releases(scope, language).union(
        _stories(scope, language), _events(scope, now), _calls(scope, now), all=True
    )
    found = News()
    for row in asked:
        of = dict(zip(_COLUMNS, row, strict=True))
        if of["what"] == "event":
            found.events.append(_event(of))
        elif of["what"] == "call":
            found.calls.append(_call(of, now))
        else:
            (found.releases if of["what"] == "release" else found.stories).append(_written(of))
    return found


# --- Asking: columns of one shape -----------------------------------------------------------------------------------------
def _shaped(found: QuerySet[Any], **given: Any) -> QuerySet[Any]:
    """The columns every kind of news has, empty where a kind has none of its own."""
    nothing = {
        "ja": Value("", CharField()), "en": Value("", CharField()), "text": Cast(Value(None), JSONField()),
        "on": Cast(Value(None), DateField()), "begins": Cast(Value(None), DateTimeField()), "ends": Cast(Value(None), DateTimeField()),
        "at": Value("", CharField()),
    }  # fmt: skip
    return found.annotate(**nothing | given).values_list(*_COLUMNS)


def _releases(scope: Scope, language: str) -> QuerySet[Any]:
    """By their source versions: a text is public in its own language before it is in another."""
    sources = (
        PublishedText.objects.visible_to(scope).for_the_public().filter(kind="release", language=F("source_language"))
    )
    rows = sources.order_by("-published_on", "-item")
    versions = PublishedText.objects.for_the_public().filter(item=OuterRef("item"))
    text = version_for(versions, language, "title")
    return _shaped(
        rows, what=F("kind"), key=Cast("slug", CharField()), on=F("published_on"), text=text
    )[:MOST]  # fmt: skip


def _stories(scope: Scope, language: str) -> QuerySet[Any]:
    """Stories and research results; translated where they are not written in the language of the page."""
    rows = Publication.objects.visible_to(scope).for_the_public()
    texts = PublishedText.objects.for_the_public().filter(kind=OuterRef("kind"), slug=OuterRef("slug"))
    text: Any = version_for(texts, language, "title")
    if language in ("ja", "en"):
        text = Case(When(_lacks(language), then=text), output_field=JSONField())
    return _shaped(
        rows, what=F("kind"), key=Cast("slug", CharField()), ja=_title("ja", "en"),
        en=_title("en", "ja"), on=F("published_on"), text=text,
    )[:MOST]  # fmt: skip


def _lacks(language: str) -> Q:
    return Q(**{f"title_{language}": ""}) | Q(**{f"body_{language}": ""})


def _title(language: str, other: str) -> Case:
    """Empty where the text is there in the other language only: the page behind it shows that one (Publication.shown_in)."""
    only_other = Q(**{f"body_{language}": ""}) & ~_lacks(other)
    return Case(When(only_other, then=Value("")), default=Cast(f"title_{language}", CharField()))


def _events(scope: Scope, now: dt.datetime) -> QuerySet[Any]:
    rows = Event.objects.visible_to(scope).for_the_public().exclude(state=State.CANCELLED).to_come(now)
    return _shaped(
        rows, what=Value("event", CharField()), key=Cast("pk", CharField()), ja=F("title_ja"), en=F("title_en"),
        begins=F("begins_at"), ends=F("ends_at"), at=F("zone"),
    )[:MOST]  # fmt: skip


def _calls(scope: Scope, now: dt.datetime) -> QuerySet[Any]:
    """Those that take applications now."""
    rows = (
        Call.objects.visible_to(scope).for_the_public().filter(state=CallState.OPEN, opens_at__lte=now).not_closed(now)
    )
    return _shaped(
        rows, what=Value("call", CharField()), key=Cast("pk", CharField()), ja=F("title_ja"), en=F("title_en"),
        ends=F("closes_at"),
    )[:MOST]  # fmt: skip


# --- Writing --------------------------------------------------------------------------------------------------------------
def _titled(of: dict[str, Any]) -> dict[str, Any]:
    """The title in the language of the page, else in the other one of the two."""
    wanted = page_language()
    lang = wanted if of[wanted] else "en" if wanted == "ja" else "ja"
    return {"title": of[lang], "lang": lang, "sample": of["sample"]}


def _written(of: dict[str, Any]) -> Entry:
    said = of["text"]
    title = {"title": said["title"], "lang": said["language"], "sample": of["sample"]} if said else _titled(of)
    return Entry(url=reverse(of["what"], args=[of["key"]]), day=of["on"], **title)


def _event(of: dict[str, Any]) -> Entry:
    event = Event(begins_at=of["begins"], ends_at=of["ends"], zone=of["at"])
    when, span = presentation.when(event), presentation.span(event)
    return Entry(url=reverse("public_event", args=[of["key"]]), iso=when.main_iso, when=span, **_titled(of))


def _call(of: dict[str, Any], now: dt.datetime) -> Entry:
    closes = call_presentation.clocks(of["ends"])
    return Entry(
        url=reverse("public_call", args=[of["key"]]), iso=closes.main_iso, when=closes.main,
        left=call_presentation.left(of["ends"], now), **_titled(of),
    )  # fmt: skip
