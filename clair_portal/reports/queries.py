from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.reports.models import Report, Snapshot  # noqa: F401 - named in strings


class ReportQuerySet(QuerySet["Report"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ReportQuerySet:
        """What was made for one's own organisation; what only its asker may see stays with the asker."""
        if scope.role == SYSTEM:
            return self.all()
        own = self.filter(organisation__in=scope.organisations)
        return own.filter(Q(personal=False) | Q(person=scope.person)) if scope.person else own.none()

    def kept(self, now: dt.datetime) -> ReportQuerySet:
        return self.filter(expires_at__gt=now)


class SnapshotQuerySet(QuerySet["Snapshot"]):
    @first_wall
    def visible_to(self, scope: Scope) -> SnapshotQuerySet:
        """Everybody: what is published. Headquarters: all."""
        return self.all() if scope.role in (HEADQUARTERS, SYSTEM) else self.published()

    def published(self) -> SnapshotQuerySet:
        return self.filter(published_at__isnull=False)

    def of(self, collection: str, year: int | None = None) -> SnapshotQuerySet:
        """Newest year and edition first."""
        found = self.filter(collection=collection).order_by("-year", "-edition")
        return found if year is None else found.filter(year=year)
