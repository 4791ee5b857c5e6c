"""Approvals of a case beside it on its page, and the way to draft one where a move needs it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import presentation, routes, voiding
from clair_portal.approvals.enums import State
from clair_portal.approvals.kinds import KINDS, Kind, content_of
from clair_portal.approvals.models import Approval
from clair_portal.casework.models import Case
from clair_portal.casework.panels import Panel, register
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.language.words import page_language
from clair_portal.walls.scope import Scope

READ = "approvals_of_case"
RIGHT = "approvals.take_part"
SUBJECT = "casework.case"


def read(cases: CaseQuerySet, scope: Scope) -> CaseQuerySet:
    about = Approval.objects.visible_to(scope).filter(
        subject_type=SUBJECT, subject_id=Cast(OuterRef("pk"), CharField())
    )
    return cases.annotate(
        **{READ: ArraySubquery(about.order_by("-created_at").values(json=JSONObject(pk="pk", state="state")))}
    )


def gather(case: Case, reader: Reader) -> dict[str, Any] | None:
    """`approvals`: those of the case, newest first; `missing`: kinds that have to be approved before the next move."""
    if not reader.can(RIGHT):
        return None
    if not hasattr(case, READ):
        case = read(Case.objects.visible_to(reader.scope), reader.scope).get(pk=case.pk)
    found = [Approval.objects.get(pk=UUID(each["pk"])) for each in vars(case)[READ]]
    rows = presentation.with_asked([voiding.look_again(each, now=timezone.now()) for each in found]) if found else []
    standing = {each["approval"].kind for each in rows if each["approval"].state in (State.CIRCULATING, State.APPROVED)}
    missing = [kind for kind in KINDS.values() if kind.code not in standing and _is_asked_for(kind, case, reader)]
    return {"approvals": rows, "missing": missing} if rows or missing else None


def _is_asked_for(kind: Kind, case: Case, reader: Reader) -> bool:
    """Whether a route holds for what the case could do next."""
    if kind.subject_type != SUBJECT or not kind.offers(case) or kind.may_draft(str(case.pk), reader):
        return False
    content = content_of(kind.code, str(case.pk), page_language())
    amount = content.amount if content else None
    return routes.route_for(kind.code, reader.scope.organisation, amount, reader.today) is not None


register(Panel("casework/approval_panel.html", read, gather))
