from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from clair_portal.accounts.models import Posting
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.staffing.models import HandoverPack, StaffChange, StaffLine  # noqa: F401 - named in strings

RIGHT = "organisation.administer"


def administers(scope: Scope) -> bool:
    return scope.role in (MEMBER, OFFICE, HEADQUARTERS) and scope.can(RIGHT)


class StaffChangeQuerySet(QuerySet["StaffChange"]):
    @first_wall
    def visible_to(self, scope: Scope) -> StaffChangeQuerySet:
        """Administrators only, before and after: those of headquarters every change, others their organisation's."""
        if scope.role == SYSTEM:
            return self.all()
        if not administers(scope):
            return self.none()
        return self.all() if scope.role == HEADQUARTERS else self.filter(organisation__in=scope.organisations)


class StaffLineQuerySet(QuerySet["StaffLine"]):
    @first_wall
    def visible_to(self, scope: Scope) -> StaffLineQuerySet:
        """As the change."""
        from clair_portal.staffing.models import StaffChange

        return self.filter(change__in=StaffChange.objects.visible_to(scope))


def desks(scope: Scope) -> QuerySet[Posting]:
    """Postings whose handover the reader may open: one's own, those one inherits, and those one administers."""
    rows = Posting.objects.visible_to(scope)
    if scope.role == SYSTEM:
        return rows
    if scope.role not in (MEMBER, OFFICE, HEADQUARTERS):
        return rows.none()
    return rows.filter(_readable(scope, "pk", "organisation"))


def _readable(scope: Scope, posting: str, organisation: str) -> Q:
    if administers(scope) and scope.role == HEADQUARTERS:
        return Q()
    inherited = RawSQL("select staffing_inherited(%s)", [scope.person])
    found = Q(person=scope.person) | Q(**{f"{posting}__in": inherited})
    return found | Q(**{f"{organisation}__in": scope.organisations}) if administers(scope) else found


class HandoverPackQuerySet(QuerySet["HandoverPack"]):
    @first_wall
    def visible_to(self, scope: Scope) -> HandoverPackQuerySet:
        """The leaver, the successor, and their administrators; nobody else of the organisation."""
        if scope.role == SYSTEM:
            return self.all()
        if scope.role not in (MEMBER, OFFICE, HEADQUARTERS):
            return self.none()
        return self.filter(_readable(scope, "posting", "organisation"))
