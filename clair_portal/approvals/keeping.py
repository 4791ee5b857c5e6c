"""Writing routes and proxies. Approvals under way keep the steps they were drafted with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import posts
from clair_portal.approvals.models import Authority, RouteStep, RouteTemplate
from clair_portal.approvals.rules import Refused
from clair_portal.audit.services import record


@transaction.atomic
def keep_route(route: RouteTemplate, *, steps: list[dict[str, Any]], actor: Reader, now: dt.datetime) -> RouteTemplate:
    """A new route or a changed one, with all its steps. Raises Refused where it overlaps with another."""
    new = route._state.adding
    route.changed_at = now
    route.version = 1 if new else route.version + 1
    try:
        route.full_clean(exclude=["organisation"])
        with transaction.atomic():
            route.save()
    except (ValidationError, IntegrityError) as error:
        raise Refused(_sentence(error)) from error
    RouteStep.objects.filter(template=route).delete()
    for step in steps:
        RouteStep.objects.create(template=route, **step)
    event = "approvals.route.begun" if new else "approvals.route.changed"
    record(event, route, actor=actor.signature, name=route.name)
    return route


def _sentence(error: ValidationError | IntegrityError) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("There is a route for this kind already on some of these days for some of these amounts.")


@transaction.atomic
def keep_authority(authority: Authority, *, actor: Reader) -> Authority:
    """A new proxy or a changed one. Raises Refused with the sentence of the constraint."""
    new = authority._state.adding
    try:
        authority.full_clean(exclude=["organisation"])
        authority.save()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    event, day = "approvals.authority.given", authority.starts_on
    if not new and authority.ends_on is not None:
        event, day = "approvals.authority.ended", authority.ends_on
    words: dict[str, Any] = {"proxy": posts.label(authority.proxy), "principal": posts.label(authority.principal)}
    record(event, authority, actor=actor.signature, day=day.isoformat(), **words)
    return authority
