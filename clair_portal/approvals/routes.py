"""Who would be asked: the route that holds for a kind, an amount and a day, and its steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from clair_portal.approvals import posts
from clair_portal.approvals.models import Authority, RouteStep, RouteTemplate
from clair_portal.audit.sentences import in_language


@dataclass(frozen=True)
class Asked:
    """A step as it would be asked. `final`: it decides alone for this amount, so nobody is asked after it (専決)."""

    order: int
    post: str
    own_draft: bool = False
    final: bool = False


def route_for(kind: str, organisation: int, amount: int | None, on: dt.date) -> RouteTemplate | None:
    """The one route that holds; the database lets no two overlap. Things without an amount count as 0 yen."""
    routes = RouteTemplate.objects.in_force(on).filter(kind=kind, organisation=organisation)
    value = amount or 0
    fits = Q(amount_from__lte=value) & (Q(amount_to=None) | Q(amount_to__gte=value))
    found: RouteTemplate | None = routes.filter(fits).first()
    return found


def asked(route: RouteTemplate, amount: int | None) -> list[Asked]:
    """Its steps in order, up to the first that decides alone for the amount. Without an amount nobody does."""
    found: list[Asked] = []
    for step in RouteStep.objects.filter(template=route).order_by("order", "pk"):
        if found and step.order > found[-1].order and any(each.final for each in found):
            break
        final = amount is not None and step.final_up_to is not None and amount <= step.final_up_to
        found.append(Asked(step.order, step.post, step.own_draft, final))
    return found


def proxies_of(post: str, organisation: int, kind: str, amount: int | None, on: dt.date) -> list[Authority]:
    """Who may stamp in the place of a post."""
    rows = authorities_at(organisation, on)
    return [row for row in rows if row.principal == post and covers(row, kind, amount)]


def authorities_at(organisation: int, on: dt.date) -> list[Authority]:
    return list(Authority.objects.in_force(on).filter(organisation=organisation))


def covers(authority: Authority, kind: str, amount: int | None) -> bool:
    within = amount is None or authority.limit is None or amount <= authority.limit
    return within and (not authority.kinds or kind in authority.kinds)


def preview(steps: list[Asked], organisation: int, kind: str, amount: int | None, on: dt.date) -> list[dict[str, Any]]:
    """For a page: each step with the people who hold the post that day and their proxies."""
    shown = []
    for step in steps:
        stand_ins = proxies_of(step.post, organisation, kind, amount, on)
        shown.append(
            {
                "step": step,
                "post": in_language(posts.label(step.post)),
                "people": [posting.person for posting in posts.holders(step.post, organisation, on)],
                "proxies": [in_language(posts.label(row.proxy)) for row in stand_ins],
                "together": sum(other.order == step.order for other in steps) > 1,
            }
        )
    return shown
