from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.search.models import Miss  # noqa: F401 - name in quotes


class MissQuerySet(QuerySet["Miss"]):
    @first_wall
    def visible_to(self, scope: Scope) -> MissQuerySet:
        """Headquarters, which writes the pages people looked for."""
        return self.all() if scope.role in (HEADQUARTERS, SYSTEM) else self.none()
