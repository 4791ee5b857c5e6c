"""Itineraries: planned, changed and shared by the office that works on the case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of, posts_of
from clair_portal.casework.rules import NotAllowed, sides_of
from clair_portal.contacts.models import Stop, Visit
from clair_portal.outbox.services import tell


def may_plan(case: Case, reader: Reader) -> bool:
    """The office at work on the case, on its own part where it is split."""
    return Holder.OFFICE in sides_of(case, reader) and not case.split and case.holder != Holder.NOBODY


@transaction.atomic
def plan_visit(case: Case, *, values: dict[str, Any], actor: Reader, now: dt.datetime) -> Visit:
    if not may_plan(case, actor):
        raise NotAllowed(_("Only the office that works on the case plans the visit."))
    visit = Visit(case=case, office_id=actor.scope.organisation, changed_at=now, **values)
    visit.save(force_insert=True)
    record("contacts.visit.planned", case, actor=actor.signature, side="office", title=visit.title)
    return visit


def change_visit(visit: Visit, *, values: dict[str, Any], now: dt.datetime) -> None:
    Visit.objects.filter(pk=visit.pk).update(**values, version=F("version") + 1, changed_at=now)


@transaction.atomic
def save_stop(visit: Visit, *, values: dict[str, Any], stop: Stop | None = None, now: dt.datetime) -> Stop:
    """Adds or changes a stop. A host chosen without a name shown to the requester lends its own."""
    host = values.get("host")
    if host and not values.get("host_name"):
        values = {**values, "host_name": host.name}
    if stop is None:
        stop = Stop(visit=visit, case_id=visit.case_id, office_id=visit.office_id, shared=visit.shared, **values)
        stop.save(force_insert=True)
    else:
        Stop.objects.filter(pk=stop.pk).update(**values)
    change_visit(visit, values={}, now=now)
    return stop


@transaction.atomic
def remove_stop(stop: Stop, *, now: dt.datetime) -> None:
    change_visit(stop.visit, values={}, now=now)
    stop.delete()


@transaction.atomic
def share_visit(visit: Visit, *, actor: Reader, now: dt.datetime) -> None:
    """Everybody on the case sees the itinerary from now on, also later changes; told once a press."""
    change_visit(visit, values={"shared": True}, now=now)
    Stop.objects.filter(visit=visit).update(shared=True)
    case = visit.case
    entry = record("contacts.visit.shared", case, actor=actor.signature, title=visit.title)
    params = {"number": case.number or "", "title": case.title, "visit": visit.title, "actor": actor.signature}
    posts = posts_of(case, [Holder.APPLICANT, Holder.BRANCH, Holder.HEADQUARTERS, Holder.OFFICE])
    tell("contacts.visit.shared", case, posts=posts, params=params, path=path_of(case) + "#visits",
         occasion=str(entry.pk), but_not=actor.person)  # fmt: skip
