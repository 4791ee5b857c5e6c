from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.gatherings.models import Call, Event  # noqa: F401 - names in quotes

# What hosts read and the public does not (access.py grants the public the other columns).
FOR_HOSTS = ("posting", "withdrawn_at", "questionnaire_at", "version", "created_at")
SIGNED_IN = (MEMBER, OFFICE, HEADQUARTERS, SYSTEM)


class EventQuerySet(QuerySet["Event"]):
    @first_wall
    def visible_to(self, scope: Scope) -> EventQuerySet:
        """Everybody: what is released. A host: its own. Headquarters: all."""
        if scope.role in (HEADQUARTERS, SYSTEM):
            return self.all()
        return self.filter(Q(released_at__isnull=False) | Q(organisation__in=scope.organisations))

    def hosted_by(self, scope: Scope) -> EventQuerySet:
        """What the reader's organisation holds itself."""
        return self.filter(organisation__in=scope.organisations)

    def for_the_public(self) -> EventQuerySet:
        """Released ones, with the columns a public page may read."""
        return self.filter(released_at__isnull=False).defer(*FOR_HOSTS)

    def ever_public(self) -> EventQuerySet:
        """Released ones, and those that were: their addresses say so."""
        return self.filter(Q(released_at__isnull=False) | Q(withdrawn_at__isnull=False))

    def to_come(self, now: dt.datetime) -> EventQuerySet:
        """Those that are not over yet, the next one first."""
        return self.filter(ends_at__gte=now).order_by("begins_at", "pk")

    def gone_by(self, now: dt.datetime) -> EventQuerySet:
        """Those that are over, the latest first."""
        return self.filter(ends_at__lt=now).order_by("-begins_at", "pk")


def was_withdrawn(pk: UUID) -> bool:
    """Whether everybody could read the event once. It reads past the walls: the public sees no withdrawn event."""
    with connection.cursor() as cursor:
        cursor.execute("select gatherings_event_withdrawn(%s)", [pk])
        return bool(cursor.fetchone()[0])


class OfEventQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> OfEventQuerySet:
        """What belongs to an event is seen by those who see the event."""
        from clair_portal.gatherings.models import Event

        return self.filter(event__in=Event.objects.visible_to(scope))


class AnswerSheetQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> AnswerSheetQuerySet:
        """The host reads what was answered about its events."""
        return self.all() if scope.role == SYSTEM else self.filter(event__organisation__in=scope.organisations)


class MaterialQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> MaterialQuerySet:
        """Public ones of events one sees; others with a place at the event; the host all."""
        from clair_portal.gatherings.models import Event, Registration

        if scope.role == SYSTEM:
            return self.all()
        public = Q(audience="public", event__in=Event.objects.visible_to(scope))
        if scope.role not in SIGNED_IN:
            return self.filter(public)
        with_a_place = Registration.objects.filter(person=scope.person, state="in").values("event")
        mine = Q(event__in=with_a_place) | Q(event__organisation__in=scope.organisations)
        return self.filter(public | mine)


class OfHostQuerySet(QuerySet[Any]):
    """Names of series are open: an edition that is released names its series."""

    @first_wall
    def visible_to(self, scope: Scope) -> OfHostQuerySet:
        """Those who are signed in: all. Others: series with a released edition."""
        return self.all() if scope.role in SIGNED_IN else self.filter(editions__released_at__isnull=False).distinct()

    def hosted_by(self, scope: Scope) -> OfHostQuerySet:
        return self.filter(organisation__in=scope.organisations)


class PlaceQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> PlaceQuerySet:
        """Those who are signed in: all. Others: places of released events."""
        if scope.role in SIGNED_IN:
            return self.all()
        return self.filter(bookings__event__released_at__isnull=False).distinct()

    def kept_by(self, scope: Scope) -> PlaceQuerySet:
        return self.filter(organisation__in=scope.organisations)


class RegistrationQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> RegistrationQuerySet:
        """Those of events one's organisation holds, and one's own."""
        if scope.role == SYSTEM:
            return self.all()
        if scope.role not in SIGNED_IN:
            return self.none()
        own = Q(person=scope.person)
        return self.filter(own if scope.role == MEMBER else own | Q(event__organisation__in=scope.organisations))

    def in_order(self) -> RegistrationQuerySet:
        """As they came."""
        return self.order_by("entered_at", "pk")


class CallQuerySet(QuerySet["Call"]):
    @first_wall
    def visible_to(self, scope: Scope) -> CallQuerySet:
        """Everybody: what is published. A host: its own. Headquarters: all."""
        if scope.role in (HEADQUARTERS, SYSTEM):
            return self.all()
        return self.filter(Q(released_at__isnull=False) | Q(organisation__in=scope.organisations))

    def hosted_by(self, scope: Scope) -> CallQuerySet:
        return self.filter(organisation__in=scope.organisations)

    def for_the_public(self) -> CallQuerySet:
        """Published ones, with the columns a public page may read."""
        return self.filter(released_at__isnull=False).defer("version", "created_at", "posting")

    def not_closed(self, now: dt.datetime) -> CallQuerySet:
        """What takes applications now or will, closing soonest first."""
        return self.filter(state__in=("planned", "open"), closes_at__gte=now).order_by("closes_at", "pk")

    def past(self, now: dt.datetime) -> CallQuerySet:
        """What takes no applications any more, the latest first."""
        return self.exclude(state__in=("planned", "open"), closes_at__gte=now).order_by("-closes_at", "pk")


class ApplicationQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> ApplicationQuerySet:
        """A member organisation: its own. A host: those to its calls. Nobody else, headquarters neither."""
        if scope.role == SYSTEM:
            return self.all()
        if scope.role == MEMBER:
            return self.filter(organisation__in=scope.organisations)
        return self.filter(call__organisation__in=scope.organisations) if scope.role in SIGNED_IN else self.none()

    def standing(self) -> ApplicationQuerySet:
        """Those that are not withdrawn, as they came."""
        return self.exclude(state="withdrawn").order_by("lot")
