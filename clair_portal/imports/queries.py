from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.imports.models import Import, ImportRow  # noqa: F401 - names in quotes


class ImportQuerySet(QuerySet["Import"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ImportQuerySet:
        """Each organisation its own."""
        return self.all() if scope.role == SYSTEM else self.filter(organisation__in=scope.organisations)


class ImportRowQuerySet(QuerySet["ImportRow"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ImportRowQuerySet:
        """Each organisation its own."""
        return self.all() if scope.role == SYSTEM else self.filter(organisation__in=scope.organisations)
