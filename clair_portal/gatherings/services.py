"""Planning events. Each call is one action: check, change, log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.gatherings import held
from clair_portal.gatherings.enums import MOVES, State
from clair_portal.gatherings.held import save
from clair_portal.gatherings.models import Booking, Event, Partner, Place, ProgrammeItem, Series, Speaker
from clair_portal.gatherings.moved import keep_what_was_said, when_and_where
from clair_portal.gatherings.registering import move_up
from clair_portal.gatherings.rules import HOST, Refused, must_host

ONE_PLACE_ONCE = "booking_no_place_twice"


@transaction.atomic
def plan_event(*, values: dict[str, Any], place: Place | None, actor: Reader, now: dt.datetime) -> Event:
    """A new event of the actor's organisation, in the actor's charge. Raises Refused for a place that is taken."""
    event = Event(
        **values,
        organisation_id=actor.scope.organisation,
        posting_id=actor.scope.posting,
        created_at=now,
        changed_at=now,
    )
    event.save(force_insert=True)
    _book(event, place)
    record("gatherings.event.planned", event, actor=actor.signature, title=event.titles)
    return event


@transaction.atomic
def change_event(
    event: Event, *, values: dict[str, Any], place: Place | None, version: int, actor: Reader, now: dt.datetime
) -> bool:
    """Whether somebody is told of another time or place.

    Raises Refused for a stranger, for a place that is taken, and when somebody else saved meanwhile.
    """
    must_host(event, actor)
    locked = _locked(event, version)
    before = when_and_where(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    save(locked, now, *values)
    _book(locked, place if locked.state != State.CANCELLED else None)
    told = locked.state != State.CANCELLED and keep_what_was_said(locked, before, now)
    move_up(locked)
    record("gatherings.event.changed", locked, actor=actor.signature, title=locked.titles)
    return told


def _locked(event: Event, version: int | None = None) -> Event:
    locked = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if version is not None and locked.version != version:
        raise Refused(_("Somebody else saved this event meanwhile. Load the page again; copy what you typed first."))
    return locked


def _book(event: Event, place: Place | None) -> None:
    """The place of the event is this one, for as long as the event lasts."""
    Booking.objects.filter(event=event).delete()
    if place is None:
        return
    try:
        with transaction.atomic():
            Booking.objects.create(place=place, event=event, begins_at=event.begins_at, ends_at=event.ends_at)
    except IntegrityError as error:
        if ONE_PLACE_ONCE not in str(error):
            raise
        raise Refused(_taken(event, place)) from error


def _taken(event: Event, place: Place) -> str:
    rows = Booking.objects.filter(place=place, begins_at__lt=event.ends_at, ends_at__gt=event.begins_at)
    other = rows.select_related("event").first()
    words = {"place": place, "other": other.event if other else _("another event")}
    return _("%(place)s is taken by “%(other)s” at that time. Choose another place or time; nothing was saved.") % words


@transaction.atomic
def move_event(event: Event, *, to: str, actor: Reader, now: dt.datetime) -> None:
    """Opens, ends, cancels. A cancelled event gives its place back. Raises Refused for a move there is not."""
    must_host(event, actor)
    locked = _locked(event)
    if to not in MOVES[locked.state]:
        raise Refused(
            _("The event is “%(state)s”; it cannot become “%(to)s”. Nothing was changed.")
            % {"state": locked.get_state_display(), "to": State(to).label}
        )
    locked.state = to
    save(locked, now, "state")
    if to == State.CANCELLED:
        _book(locked, None)
    record("gatherings.event.moved", locked, actor=actor.signature, title=locked.titles, state=_state_names(to))


def _state_names(state: str) -> dict[str, str]:
    from django.utils import translation

    found = {}
    for language in ("ja", "en"):
        with translation.override(language):
            found[language] = str(State(state).label)
    return found


@transaction.atomic
def release_event(event: Event, *, released: bool, actor: Reader, now: dt.datetime) -> None:
    """Shows the event to everybody, or takes it back from the public pages: its address answers 410 from now on."""
    must_host(event, actor)
    locked = _locked(event)
    if released:
        locked.withdrawn_at = None
    elif locked.released_at:
        locked.withdrawn_at = now
    locked.released_at = (locked.released_at or now) if released else None
    save(locked, now, "released_at", "withdrawn_at")
    done = "gatherings.event.released" if released else "gatherings.event.withdrawn"
    record(done, locked, actor=actor.signature, title=locked.titles)


@transaction.atomic
def put_in_charge(event: Event, *, posting: Posting, actor: Reader, now: dt.datetime) -> None:
    """A colleague of the actor; who is put in charge by somebody else is told."""
    must_host(event, actor)
    refusal = _("Choose somebody of the organisation that holds the event. Nothing was changed.")
    held.put_in_charge(_locked(event), kind="event", refusal=refusal, posting=posting, actor=actor, now=now)


@transaction.atomic
def keep_place(place: Place | None, *, values: dict[str, Any], actor: Reader) -> Place:
    """A new place of the actor's organisation, or the changed one."""
    kept = place or Place(organisation_id=actor.scope.organisation)
    if not actor.can(HOST) or kept.organisation_id not in actor.scope.organisations:
        raise Refused(_("Only the organisation that keeps the place can change it."))
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(values) if place else None)
    record(
        "gatherings.place.kept",
        kept,
        actor=actor.signature,
        name={"ja": kept.name_ja or kept.name_en, "en": kept.name_en or kept.name_ja},
    )
    return kept


@transaction.atomic
def begin_series(*, values: dict[str, Any], actor: Reader, now: dt.datetime) -> Series:
    series = Series.objects.create(**values, organisation_id=actor.scope.organisation, created_at=now)
    record("gatherings.series.begun", series, actor=actor.signature, title=series.titles)
    return series


@transaction.atomic
def change_series(series: Series, *, values: dict[str, Any], actor: Reader) -> None:
    """Its editions keep their own titles."""
    if not actor.can(HOST) or series.organisation_id not in actor.scope.organisations:
        raise Refused(_("Only the organisation that began the series can change it."))
    for name, value in values.items():
        setattr(series, name, value)
    series.save(update_fields=list(values))
    record("gatherings.series.changed", series, actor=actor.signature, title=series.titles)


@transaction.atomic
def add_part(event: Event, part: Speaker | ProgrammeItem | Partner, *, actor: Reader) -> None:
    """A line of the programme, a speaker or a partner of the event."""
    must_host(event, actor)
    part.event = event
    part.save(force_insert=True)
    record("gatherings.programme.changed", event, actor=actor.signature, title=event.titles)


@transaction.atomic
def remove_part(event: Event, part: Speaker | ProgrammeItem | Partner, *, actor: Reader) -> None:
    must_host(event, actor)
    part.delete()
    record("gatherings.programme.changed", event, actor=actor.signature, title=event.titles)
