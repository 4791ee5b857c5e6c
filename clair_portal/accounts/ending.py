"""Where and when postings end: the midnight that counts at each organisation, and what ends with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clair_portal.accounts.models import ApiToken, Person, Posting, PostingTerms
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.services import end_sessions
from clair_portal.audit.services import record
from clair_portal.network.models import Organisation
from clair_portal.walls.scope import LOGIN_SCOPE, Scope, acting

LOOKS_BACK = dt.timedelta(days=31)


def zones_of(organisations: Iterable[Organisation]) -> dict[int, str]:
    """The zone whose midnight begins and ends postings, by organisation; one query."""
    own = {row.pk: row.time_zone for row in organisations}
    rows = PostingTerms.objects.filter(organisation__in=list(own)).exclude(zone="")
    return own | dict(rows.values_list("organisation", "zone"))


def begins_at(day: dt.date, zone: str) -> dt.datetime:
    """The first instant of a day there."""
    return dt.datetime.combine(day, dt.time.min, ZoneInfo(zone)).astimezone(dt.UTC)


def ends_at(last_day: dt.date, zone: str) -> dt.datetime:
    """The instant from which a posting that held until `last_day` gives nothing any more."""
    return begins_at(last_day + dt.timedelta(days=1), zone)


def set_terms(*, organisation: Organisation, zone: str, weeks: int, actor: Reader, now: dt.datetime) -> PostingTerms:
    """`zone`: "" for the organisation's own. ValueError: no such zone, or weeks outside 1 to 26."""
    if zone:
        ZoneInfo(zone)
    if not 1 <= weeks <= 26:
        raise ValueError("between 1 and 26 weeks")
    with transaction.atomic():
        values = {"zone": zone, "weeks": weeks, "changed_at": now}
        terms, _made = PostingTerms.objects.update_or_create(organisation=organisation, defaults=values)
        record(
            "accounts.terms.changed",
            organisation,
            actor=actor.signature,
            zone=zone or organisation.time_zone,
            weeks=weeks,
        )
    return terms


def end_access(now: dt.datetime) -> int:
    """Schedule: whoever holds no posting any more is signed out everywhere, and their tokens are revoked. Returns how many.

    What they may see is decided by the dates at every request; this takes away what is left lying.
    """
    ended = 0
    for person in _without_posting(now):
        with acting(Scope(LOGIN_SCOPE.role, person.pk)):
            sessions = end_sessions(person.user_id) if person.user_id else 0
        tokens = ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
        if sessions or tokens:
            record("accounts.access.ended", person, name=person.name, sessions=sessions, tokens=tokens)
            ended += 1
    return ended


def _without_posting(now: dt.datetime) -> list[Person]:
    """People with something left lying one of whose postings ended lately and who hold none at this instant."""
    day = now.date()
    recent = Posting.objects.filter(ends_on__gte=day - LOOKS_BACK, ends_on__lte=day + dt.timedelta(days=1))
    left = Q(user__in=UserSession.objects.values("user")) | Q(
        pk__in=ApiToken.objects.filter(revoked_at=None, expires_at__gt=now).values("person")
    )
    people = Person.objects.filter(left, pk__in=recent.values("person"))
    postings = list(Posting.objects.filter(person__in=people).select_related("organisation").order_by("person", "pk"))
    zones = zones_of(posting.organisation for posting in postings)
    holding = {
        posting.person_id
        for posting in postings
        if posting.in_force(timezone.localdate(now, ZoneInfo(zones[posting.organisation_id])))
    }
    return list(Person.objects.filter(pk__in={posting.person_id for posting in postings} - holding).order_by("pk"))
