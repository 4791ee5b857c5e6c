from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest

from clair_portal.outbox.enums import UNDONE, WAITING, State
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.outbox.models import Email, Job, Notification

DISPATCH_AGAIN = dt.timedelta(seconds=10)


class WorkQuerySet(QuerySet[Any]):
    def undone(self, now: dt.datetime) -> WorkQuerySet:
        return self.filter(state__in=UNDONE, due_at__lte=now)

    def to_dispatch(self, now: dt.datetime) -> WorkQuerySet:
        """Due, and not on its way: never dispatched, dispatched long ago without being claimed, or its lease ran out."""
        waits = Q(state__in=WAITING) & (Q(dispatched_at=None) | Q(dispatched_at__lt=now - DISPATCH_AGAIN))
        orphaned = Q(state=State.IN_FLIGHT, lease_until__lt=now)
        return self.filter(waits | orphaned, due_at__lte=now)

    def oldest_undone(self, now: dt.datetime) -> dt.datetime | None:
        """When the longest-waiting piece of work fell due."""
        found: dt.datetime | None = self.undone(now).aggregate(oldest=Min("due_at"))["oldest"]
        return found


class EmailQuerySet(WorkQuerySet):
    @first_wall
    def visible_to(self, scope: Scope) -> QuerySet[Email]:
        """Headquarters keeps the post room; others see mails in their own mailbox."""
        return self.all() if scope.role in (HEADQUARTERS, SYSTEM) else self.none()


class JobQuerySet(WorkQuerySet):
    @first_wall
    def visible_to(self, scope: Scope) -> QuerySet[Job]:
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(person=scope.person) if scope.person else self.none()


class NotificationQuerySet(QuerySet["Notification"]):
    @first_wall
    def visible_to(self, scope: Scope) -> NotificationQuerySet:
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(person=scope.person) if scope.person else self.none()


def unread(request: HttpRequest) -> int:
    """How many notices the reader has not opened, counted to a hundred; only inside a scope (staff pages)."""
    from clair_portal.outbox.models import Notification

    scope: Scope | None = getattr(request, "scope", None)
    if scope is None or scope.role not in (MEMBER, OFFICE, HEADQUARTERS):
        return 0
    return Notification.objects.visible_to(scope).filter(read_at=None)[:100].count()
