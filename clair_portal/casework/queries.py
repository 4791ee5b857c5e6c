from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clair_portal.casework.enums import Side
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.casework.models import Case, Referral

SIDES = {MEMBER: Side.APPLICANT, OFFICE: Side.OFFICE, HEADQUARTERS: Side.HEADQUARTERS}


class CaseQuerySet(QuerySet["Case"]):
    @first_wall
    def visible_to(self, scope: Scope) -> CaseQuerySet:
        """Members: their own and those they pass on. Offices: what is referred to them. Headquarters: all that is filed."""
        from clair_portal.casework.models import Referral

        if scope.role == SYSTEM:
            return self.all()
        if scope.role == HEADQUARTERS:
            return self.exclude(filed_at=None)
        if scope.role == MEMBER:
            return self.filter(Q(applicant__in=scope.organisations) | Q(branch__in=scope.organisations))
        if scope.role == OFFICE:
            standing = Referral.objects.filter(case=OuterRef("pk"), office__in=scope.organisations, standing=True)
            return self.filter(Exists(standing))
        return self.none()


class ReferralQuerySet(QuerySet["Referral"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ReferralQuerySet:
        from clair_portal.casework.models import Case

        if scope.role == OFFICE:
            return self.filter(office__in=scope.organisations)
        return self.filter(case__in=Case.objects.visible_to(scope))


class PaperQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> PaperQuerySet:
        """Of a visible case: what is shared, and what is internal to one's own side."""
        from clair_portal.casework.models import Case

        papers = self.filter(case__in=Case.objects.visible_to(scope))
        if scope.role == SYSTEM:
            return papers
        if scope.role == OFFICE:
            return papers.filter(Q(shared=True) | Q(author__in=scope.organisations))
        side = SIDES.get(scope.role)
        return papers.filter(Q(shared=True) | Q(side=side)) if side else papers.none()
