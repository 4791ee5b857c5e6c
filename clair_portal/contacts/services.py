"""Itineraries: planned, changed and shared by the office that works on the case."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.enums import ALL_SIDES, Holder
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of, posts_of
from clair_portal.casework.rules import Conflict, NotAllowed, over, sides_of
from clair_portal.casework.shown import Shown, changed_values
from clair_portal.contacts.itinerary import begins_at, in_order
from clair_portal.contacts.models import Stop, Visit
from clair_portal.outbox.services import tell

DAYS = ("starts_on", "ends_on")


def may_plan(case: Case, reader: Reader) -> bool:
    """The office at work on the case, on its own part where it is split."""
    return Holder.OFFICE in sides_of(case, reader) and not case.split and case.holder != Holder.NOBODY


# --- The visit --------------------------------------------------------------------------------------------------------
@transaction.atomic
def plan_visit(case: Case, *, values: dict[str, Any], actor: Reader, now: dt.datetime) -> Visit:
    """An itinerary without stops. Raises NotAllowed for anybody but the office that works on the case."""
    if not may_plan(case, actor):
        raise NotAllowed(over(case) or _("Only the office that works on the case plans the visit."))
    visit = Visit(case=case, office_id=actor.scope.organisation, changed_at=now, **values)
    visit.save(force_insert=True)
    record("contacts.visit.planned", case, actor=actor.signature, side="office", title=visit.title)
    return visit


@transaction.atomic
def change_visit(
    visit: Visit, *, values: dict[str, Any], along: bool = False, shown: Shown | None = None, now: dt.datetime
) -> None:
    """Title, days, language. `along`: the trip was put off, so every stop moves by as many days as the first day.

    `shown`: what the page showed; Conflict when somebody changed the same since.
    """
    kept = _locked(visit)
    changes = changed_values(values, shown=shown, stored=kept, together=(DAYS,))
    moved = changes.get("starts_on", kept.starts_on) - kept.starts_on
    if along and moved:
        Stop.objects.filter(visit=visit).update(day=F("day") + moved, version=F("version") + 1)
    _touch(visit, now, **changes)


def _locked(visit: Visit) -> Visit:
    """As it is now. Whoever changes an itinerary or its stops waits here for the one before.

    Raises NotAllowed when the case has ended, or somebody removed the itinerary.
    """
    _must_go_on(visit)
    if (found := Visit.objects.select_for_update().filter(pk=visit.pk).first()) is None:
        raise NotAllowed(_("Somebody else removed this itinerary meanwhile."))
    return found


def _touch(visit: Visit, now: dt.datetime, **values: Any) -> None:
    """A new version: calendars take it for an update, and those who have seen the visit can be told.

    Raises NotAllowed when the case has ended: what was planned stays as it was read.
    """
    _must_go_on(visit)
    Visit.objects.filter(pk=visit.pk).update(version=F("version") + 1, changed_at=now, **values)


def _must_go_on(visit: Visit) -> None:
    if reason := over(Case.objects.get(pk=visit.case_id)):
        raise NotAllowed(reason)


@transaction.atomic
def remove_visit(visit: Visit) -> None:
    """Raises NotAllowed once others have seen it."""
    if _locked(visit).shared:
        raise NotAllowed(_("Others have seen this itinerary. It stays."))
    visit.delete()


@transaction.atomic
def share_visit(visit: Visit, *, actor: Reader, now: dt.datetime) -> None:
    """Everybody on the case sees the itinerary from now on, also later changes; told once a press."""
    event = "contacts.visit.changed" if _locked(visit).shared else "contacts.visit.shared"
    Stop.objects.filter(visit=visit).update(shared=True)
    Visit.objects.filter(pk=visit.pk).update(shared=True, told_version=F("version"))
    case = visit.case
    entry = record(event, case, actor=actor.signature, title=visit.title)
    params = {"number": case.number or "", "title": case.title, "visit": visit.title, "actor": actor.signature}
    tell(event, case, posts=posts_of(case, ALL_SIDES), params=params, path=path_of(case) + "#visits",
         occasion=str(entry.pk), but_not=actor.person)  # fmt: skip


# --- Its stops --------------------------------------------------------------------------------------------------------
@transaction.atomic
def save_stop(
    visit: Visit, *, values: dict[str, Any], stop: Stop | None = None, seen: int | None = None, now: dt.datetime
) -> Stop:
    """Adds or changes a stop. Everybody on the case reads copies of the names: the contact book itself is the offices'.

    `seen`: the version the person saw; another one raises Conflict.
    """
    values, kept = _with_names(values), _locked(visit)
    if stop is None:
        stop = Stop(visit=visit, case_id=visit.case_id, office_id=visit.office_id, shared=kept.shared, **values)
        stop.save(force_insert=True)
    else:
        _change_stop(stop, values, seen)
    _touch(visit, now)
    return stop


def _change_stop(stop: Stop, values: dict[str, Any], seen: int | None) -> None:
    same = Stop.objects.filter(pk=stop.pk) if seen is None else Stop.objects.filter(pk=stop.pk, version=seen)
    if not same.update(**values, version=F("version") + 1):
        raise Conflict(
            _(
                "Somebody else changed this stop meanwhile. What you wrote is below; save it again and it takes the place."
            )
        )


@transaction.atomic
def copy_day(visit: Visit, *, day: dt.date, to: dt.date, now: dt.datetime) -> int:
    """The stops of one day once more on another, as entries of their own in calendars; says how many."""
    _touch(visit, now)
    stops = list(Stop.objects.filter(visit=visit, day=day))
    for stop in stops:
        stop.pk, stop.uid, stop.day, stop.version, stop._state.adding = None, uuid.uuid4(), to, 1, True
        stop.save(force_insert=True)
    return len(stops)


def _with_names(values: dict[str, Any]) -> dict[str, Any]:
    """A host and a person chosen from the book lend their names, the host its telephone, where nothing was typed."""
    contact = values.get("contact")
    host = values.get("host") or (contact.host if contact else None)
    lent = {
        "host_name": host.name if host else "",
        "person": contact.name if contact else "",
        "telephone": host.telephone if host else "",
    }
    return values | {"host": host} | {name: values.get(name) or word for name, word in lent.items()}


@transaction.atomic
def remove_stop(stop: Stop, *, now: dt.datetime) -> None:
    """Calendars that took it up are told with the next download: what is gone keeps its key and its time, no words."""
    removed = Visit.objects.select_for_update().values_list("removed", flat=True).get(pk=stop.visit_id)
    gone = {"uid": str(stop.uid), "at": f"{stop.day} {stop.begins}", "zone": stop.zone}
    _touch(stop.visit, now, removed=[*removed, gone])
    stop.delete()


@transaction.atomic
def move_stop(stop: Stop, *, later: bool, now: dt.datetime) -> None:
    """Changes places with the stop after it (before it) on the same day: each begins when the other began, and takes as
    long as it took. The first and the last stay. Raises NotAllowed: other clocks, or past midnight.
    """
    _locked(stop.visit)
    day = in_order(Stop.objects.select_for_update().filter(visit=stop.visit_id, day=stop.day))
    if stop not in day:  # a colleague moved it to another day in this moment
        return
    first = day.index(stop) if later else day.index(stop) - 1
    if not 0 <= first < len(day) - 1:
        return
    _change_places(day, first)
    Stop.objects.bulk_update(day, ["begins", "ends", "turn", "version"])
    _touch(stop.visit, now)


def _change_places(day: list[Stop], place: int) -> None:
    """Of the stop there and the next one."""
    one, two = day[place], day[place + 1]
    if one.zone != two.zone:
        raise NotAllowed(_("The two stand on different clocks. Change their times by hand."))
    earlier, later = one.begins, two.begins
    _put(two, earlier)
    _put(one, later)
    day[place], day[place + 1] = two, one
    for number, each in enumerate(sorted(day, key=begins_at)):  # stable: of two at once the new order holds
        each.turn = number


def _put(stop: Stop, begins: dt.time) -> None:
    """At another hour, for as long as before."""
    if stop.ends:
        length = dt.datetime.combine(stop.day, stop.ends) - dt.datetime.combine(stop.day, stop.begins)
        ends = dt.datetime.combine(stop.day, begins) + length
        if ends.date() != stop.day:
            raise NotAllowed(_("It would go on after midnight. Change the times by hand."))
        stop.ends = ends.time()
    stop.begins, stop.version = begins, stop.version + 1
