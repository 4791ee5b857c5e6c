from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from clair_portal.approvals.enums import Result, State
from clair_portal.network.queries import in_force
from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.approvals.models import Approval, ApprovalStep  # noqa: F401 - names in quotes


class ApprovalQuerySet(QuerySet["Approval"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ApprovalQuerySet:
        """An approval is the affair of the organisation that decides, and of nobody else."""
        return self.all() if scope.role == SYSTEM else self.filter(organisation__in=scope.organisations)

    def of(self, subject_type: str, *keys: object) -> ApprovalQuerySet:
        """About one subject, or several of a type, newest first."""
        return self.filter(subject_type=subject_type, subject_id__in=[str(key) for key in keys]).order_by("-created_at")

    def standing(self) -> ApprovalQuerySet:
        """Those an edit would void: under way, or approved and not yet carried out."""
        return self.filter(Q(state=State.CIRCULATING) | Q(state=State.APPROVED, carried_out_at=None))


class OfApprovalQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> OfApprovalQuerySet:
        from clair_portal.approvals.models import Approval

        return self.filter(approval__in=Approval.objects.visible_to(scope))


class ApprovalStepQuerySet(OfApprovalQuerySet):
    def waiting(self) -> ApprovalStepQuerySet:
        """Those somebody is asked to decide now."""
        from django.db.models import F

        return self.filter(  # type: ignore[return-value]
            approval__state=State.CIRCULATING, result=Result.OPEN, struck=False, order=F("approval__at_order")
        )


class RouteQuerySet(QuerySet[Any]):
    """Routes and proxies: headquarters keeps them for all, each organisation reads its own."""

    @first_wall
    def visible_to(self, scope: Scope) -> RouteQuerySet:
        return self.all() if scope.role in (HEADQUARTERS, SYSTEM) else self.filter(organisation__in=scope.organisations)

    def in_force(self, on: Any) -> RouteQuerySet:
        return self.filter(in_force(on))


class RouteStepQuerySet(QuerySet[Any]):
    @first_wall
    def visible_to(self, scope: Scope) -> RouteStepQuerySet:
        from clair_portal.approvals.models import RouteTemplate

        return self.filter(template__in=RouteTemplate.objects.visible_to(scope))
