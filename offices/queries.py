from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from clair_portal.casework.models import Case
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from offices.models import OfficeReport, WorkEntry  # noqa: F401 - names in quotes


class OnWholeQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> OnWholeQuerySet:
        """What hangs on a case the reader sees."""
        return self.filter(case__in=Case.objects.visible_to(scope))


class WorkEntryQuerySet(QuerySet["WorkEntry"]):
    @first_wall
    def visible_to(self, scope: Scope) -> WorkEntryQuerySet:
        """Headquarters reads every entry, an office its own and shared ones, requesters and branches what is shared."""
        entries = self.filter(case__in=Case.objects.visible_to(scope))
        if scope.role in (SYSTEM, HEADQUARTERS):
            return entries
        if scope.role == OFFICE:
            return entries.filter(Q(shared=True) | Q(author__in=scope.organisations))
        return entries.filter(shared=True)


class OfficeReportQuerySet(QuerySet["OfficeReport"]):
    @first_wall
    def visible_to(self, scope: Scope) -> OfficeReportQuerySet:
        """Sent reports on a case the reader sees; a draft is seen by the office that writes it."""
        sent = Q(sent_at__isnull=False) | Q(office__in=scope.organisations)
        return self.filter(sent, case__in=Case.objects.visible_to(scope))
