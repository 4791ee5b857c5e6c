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
    from clair_portal.outbox.models import Email, Job, Notification  # noqa: F401 - named in a string

DISPATCH_AGAIN = dt.timedelta(seconds=10)


class WorkQuerySet(QuerySet[Any]):
    def undone(self, now: dt.datetime) -> WorkQuerySet:
        return self.filter(state__in=UNDONE, due_at__lte=now)

    def to_dispatch(self, now: dt.datetime) -> WorkQuerySet:
        """Due, nobody's, and not on its way: never dispatched, or so long ago that the message must be lost."""
        return self.free(now).filter(Q(dispatched_at=None) | Q(dispatched_at__lt=now - DISPATCH_AGAIN))

    def free(self, now: dt.datetime) -> WorkQuerySet:
        """Due, and nobody holds it: waiting, or in flight with a lease that ran out."""
        nobodys = Q(state__in=WAITING) | Q(state=State.IN_FLIGHT, lease_until__lt=now)
        return self.undone(now).filter(nobodys)

    def oldest_free(self, now: dt.datetime) -> dt.datetime | None:
        """When the longest-waiting piece of work fell due; what somebody works on does not wait."""
        found: dt.datetime | None = self.free(now).aggregate(oldest=Min("due_at"))["oldest"]
        return found


class EmailQuerySet(WorkQuerySet):
    @first_wall
    def visible_to(self, scope: Scope) -> QuerySet[Email]:
        """Headquarters keeps the post room; others see mails in their own mailbox."""
        return self.all() if scope.role in (HEADQUARTERS, SYSTEM) else self.none()


class JobQuerySet(WorkQuerySet):
    @first_wall
    def visible_to(self, scope: Scope) -> JobQuerySet:
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(person=scope.person) if scope.person else self.none()

    def under_way(self, kind: str, **params: Any) -> JobQuerySet:
        """Not done, and nobody asked to stop them; `params`: values they were started with."""
        return self.filter(kind=kind, state__in=UNDONE, cancel_asked_at=None, params__contains=params)


class NotificationQuerySet(QuerySet["Notification"]):
    @first_wall
    def visible_to(self, scope: Scope) -> NotificationQuerySet:
        if scope.role == SYSTEM:
            return self.all()
        return self.filter(person=scope.person) if scope.person else self.none()


def unread(request: HttpRequest) -> int:
    """How many notices the reader has not opened, counted to a hundred, once a request; only inside a scope."""
    known: int | None = getattr(request, "unread_notices", None)
    if known is None:
        known = _count_unread(request)
        request.unread_notices = known  # type: ignore[attr-defined]
    return known


def _count_unread(request: HttpRequest) -> int:
    from clair_portal.outbox.models import Notification

    scope: Scope | None = getattr(request, "scope", None)
    if scope is None or scope.role not in (MEMBER, OFFICE, HEADQUARTERS):
        return 0
    return Notification.objects.visible_to(scope).filter(read_at=None)[:100].count()
