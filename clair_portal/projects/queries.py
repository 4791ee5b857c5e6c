from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet

from clair_portal.casework.models import Case
from clair_portal.gatherings.models import Event
from clair_portal.language.lookups import holds_every_word
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.projects.models import Project  # noqa: F401 - name in quotes

READ_ALL = (HEADQUARTERS, OFFICE, SYSTEM)


class ProjectQuerySet(QuerySet["Project"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ProjectQuerySet:
        """Headquarters and offices: all. Members: those their organisation is a party of."""
        from clair_portal.projects.models import ProjectParty

        if scope.role in READ_ALL:
            return self.all()
        if scope.role != MEMBER:
            return self.none()
        return self.filter(
            Exists(ProjectParty.objects.filter(project=OuterRef("pk"), organisation__in=scope.organisations))
        )

    def written_by(self, scope: Scope) -> ProjectQuerySet:
        """An office writes its own."""
        return self.filter(office__in=scope.organisations) if scope.role == OFFICE else self.none()

    def named(self, text: str) -> ProjectQuerySet:
        """Projects whose title or parties hold every word, however it is typed."""
        return self.filter(holds_every_word(text))


class OfProjectQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> OfProjectQuerySet:
        """What hangs on a project is seen by those who see the project."""
        from clair_portal.projects.models import Project

        return self.filter(project__in=Project.objects.visible_to(scope))


class ProjectCaseQuerySet(OfProjectQuerySet):
    @first_wall
    def visible_to(self, scope: Scope) -> ProjectCaseQuerySet:
        """The link is seen by those who see both of its ends."""
        from clair_portal.projects.models import Project

        seen = self.filter(project__in=Project.objects.visible_to(scope))
        return seen.filter(case__in=Case.objects.visible_to(scope))


class ProjectEventQuerySet(OfProjectQuerySet):
    @first_wall
    def visible_to(self, scope: Scope) -> ProjectEventQuerySet:
        """The link is seen by those who see both of its ends."""
        from clair_portal.projects.models import Project

        seen = self.filter(project__in=Project.objects.visible_to(scope))
        return seen.filter(event__in=Event.objects.visible_to(scope))
