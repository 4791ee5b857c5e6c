"""What pages and paper show of approvals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import routes, rules
from clair_portal.approvals.drawing import Stamp, stamp_of
from clair_portal.approvals.enums import BADGES, State
from clair_portal.approvals.kinds import KINDS, label_of
from clair_portal.approvals.models import Approval, ApprovalStep
from clair_portal.audit.sentences import in_language
from clair_portal.calendars.zones import in_both_zones
from clair_portal.language.words import listed


@dataclass(frozen=True)
class ShownStep:
    """A step on the page of an approval."""

    step: ApprovalStep
    stamp: Stamp
    now: bool
    when: str

    @property
    def name(self) -> str:
        return in_language(self.step.name)

    @property
    def post(self) -> str:
        return in_language(self.step.post_name)

    @property
    def stamped_as(self) -> str:
        return in_language(self.step.stamped_as)


def when(instant: Any) -> str:
    zone = timezone.get_current_timezone_name()
    return in_both_zones(instant, zone, zone, get_language() or "en").main if instant else ""


def steps_of(approval: Approval) -> tuple[list[list[ShownStep]], list[ShownStep]]:
    """Those that count, grouped by order; then those struck by a sending back, oldest first."""
    steps = list(ApprovalStep.objects.filter(approval=approval).order_by("order", "place", "decided_at"))
    shown = [ShownStep(s, stamp_of(s), rules.is_open(approval, s), when(s.decided_at)) for s in steps]
    counting = [each for each in shown if not each.step.struck]
    orders = list(dict.fromkeys(each.step.order for each in counting))
    struck = [each for each in shown if each.step.struck and each.step.decided_at]
    struck.sort(key=lambda each: each.step.decided_at)  # type: ignore[arg-type, return-value]
    return [[each for each in counting if each.step.order == order] for order in orders], struck


def stamps_of(approval: Approval) -> list[Stamp]:
    """In order, empty places with them."""
    steps = ApprovalStep.objects.filter(approval=approval, struck=False).order_by("order", "place")
    return [stamp_of(step) for step in steps]


def facts_of(approval: Approval) -> list[tuple[str, str]]:
    return [(in_language(fact["label"]), fact["value"]) for fact in approval.content["facts"]]


def waiting_for(reader: Reader) -> list[dict[str, Any]]:
    """Steps the reader may decide now, oldest first; `proxy`: only in the place of somebody else."""
    asked = ApprovalStep.objects.waiting().visible_to(reader.scope).select_related("approval")
    steps = list(asked.order_by("approval__created_at", "place"))
    authorities = routes.authorities_at(reader.scope.organisation, reader.today) if steps else []
    found = []
    for step in steps:
        way = rules.way_of(step.approval, step, reader, authorities)
        if way is not None and not rules.own_draft(step.approval, step, reader):
            found.append({**row(step.approval), "step": step, "post": in_language(step.post_name), "proxy": way.proxy})
    return sorted(found, key=lambda each: each["proxy"])


def row(approval: Approval) -> dict[str, Any]:
    """A line of a list."""
    return {
        "approval": approval, "kind": label_of(approval.kind), "badge": BADGES[approval.state],
        "drafter": in_language(approval.drafted_as), "when": when(approval.created_at),
    }  # fmt: skip


def with_asked(approvals: list[Approval]) -> list[dict[str, Any]]:
    """Lines with whom each waits for."""
    steps = ApprovalStep.objects.waiting().filter(approval__in=approvals).order_by("place")
    names: dict[Any, list[str]] = {}
    for step in steps:
        names.setdefault(step.approval_id, []).append(in_language(step.post_name))
    return [{**row(approval), "waits_for": listed(names.get(approval.pk, []))} for approval in approvals]


def about(subject_type: str, subject_id: str, reader: Reader) -> list[dict[str, Any]]:
    """Approvals of a subject, newest first, for the page of that subject."""
    found = Approval.objects.visible_to(reader.scope).of(subject_type, subject_id)
    return with_asked(list(found))


def beside(code: str, subject_id: str, reader: Reader) -> dict[str, Any]:
    """For the page of a subject that is approved in one way only (`code`). `approvals`: rows, newest first; `draft`: the
    address to draft one, where a route asks for it and none is under way."""
    kind = KINDS[code]
    found = about(kind.subject_type, subject_id, reader)
    standing = any(each["approval"].state in (State.CIRCULATING, State.APPROVED) for each in found)
    wanted = not standing and not kind.may_draft(subject_id, reader)
    route = wanted and routes.route_for(code, reader.scope.organisation, None, reader.today)
    return {"approvals": found, "draft": reverse("approval_draft", args=[code, subject_id]) if route else ""}
