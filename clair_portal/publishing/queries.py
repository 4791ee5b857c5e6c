from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q, QuerySet

from clair_portal.publishing.enums import State
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.publishing.models import Publication  # noqa: F401 - name in quotes

# What editors read and nobody else (publishing/access.py grants the public the other columns).
FOR_EDITORS = ("consent", "consent_on", "released_by", "released_at", "subject_type", "subject_id", "signature")


class PublicationQuerySet(QuerySet["Publication"]):
    @first_wall
    def visible_to(self, scope: Scope) -> PublicationQuerySet:
        """Everybody: what is published. Headquarters: all. An office: also its own drafts and what was withdrawn of it."""
        if scope.role in (HEADQUARTERS, SYSTEM):
            return self.all()
        published = Q(state=State.PUBLISHED)
        return self.filter(published | Q(office__in=scope.organisations) if scope.role == OFFICE else published)

    def for_the_public(self) -> PublicationQuerySet:
        """Published ones, newest first, with the columns a public page may read."""
        return self.filter(state=State.PUBLISHED).defer(*FOR_EDITORS).order_by("-published_on", "-pk")


def was_withdrawn(kind: str, slug: str) -> bool:
    """Whether something stood at this address once. It reads past the walls: the public sees no withdrawn text."""
    with connection.cursor() as cursor:
        cursor.execute("select publishing_withdrawn(%s, %s)", [kind, slug])
        return bool(cursor.fetchone()[0])
