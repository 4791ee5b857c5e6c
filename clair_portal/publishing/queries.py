from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from clair_portal.publishing.enums import State
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.publishing.models import Publication  # noqa: F401 - name in quotes


class PublicationQuerySet(QuerySet["Publication"]):
    @first_wall
    def visible_to(self, scope: Scope) -> PublicationQuerySet:
        """Everybody: what was released. Headquarters: all. An office: also its own drafts."""
        if scope.role in (HEADQUARTERS, SYSTEM):
            return self.all()
        released = ~Q(state=State.DRAFT)
        return self.filter(released | Q(office__in=scope.organisations) if scope.role == OFFICE else released)

    def published(self) -> PublicationQuerySet:
        return self.filter(state=State.PUBLISHED)

    def newest(self) -> PublicationQuerySet:
        return self.published().select_related("office").order_by("-published_on", "-pk")
