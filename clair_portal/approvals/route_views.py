"""Headquarters' administrators keep routes and proxies here, and ask who would be asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.approvals import keeping, posts, routes
from clair_portal.approvals.kinds import label_of
from clair_portal.approvals.models import Authority, RouteTemplate
from clair_portal.approvals.route_forms import AuthorityForm, RouteForm, WhoForm
from clair_portal.approvals.rules import Refused
from clair_portal.calendars.eras import in_words
from clair_portal.language.words import listed

MANAGE = "approvals.manage"


@needs(MANAGE)
def routes_page(request: Any) -> HttpResponse:
    """All routes, the table of proxies, and "who would be asked"."""
    today = request.reader.today
    asking = "kind" in request.GET
    form = WhoForm(request.GET if asking else None, initial={"day": today})
    found = RouteTemplate.objects.visible_to(request.scope).select_related("organisation").prefetch_related("steps")
    context = {
        "form": form, "routes": [_shown(route, today) for route in found],
        "proxies": [_shown_proxy(row, today) for row in Authority.objects.visible_to(request.scope)],
        "answer": _answer(request, form) if asking and form.is_valid() else None,
    }  # fmt: skip
    return render(request, "approvals/routes.html", context, status=422 if asking and form.errors else 200)


def _answer(request: Any, form: WhoForm) -> dict[str, Any]:
    kind, amount, day = (form.cleaned_data[name] for name in ("kind", "amount", "day"))
    organisation = request.scope.organisation
    route = routes.route_for(kind, organisation, amount, day)
    steps = routes.asked(route, amount) if route else []
    return {"route": route, "asked": routes.preview(steps, organisation, kind, amount, day)}


def _span(row: Any) -> str:
    return f"{in_words(row.starts_on)} – {in_words(row.ends_on) if row.ends_on else ''}"


def _in_force(row: Any, today: Any) -> bool:
    return bool(row.starts_on <= today and (row.ends_on is None or today <= row.ends_on))


def _shown(route: RouteTemplate, today: Any) -> dict[str, Any]:
    orders: dict[int, list[str]] = {}
    for step in route.steps.all():
        orders.setdefault(step.order, []).append(posts.in_words(step.post))
    return {
        "route": route, "kind": label_of(route.kind), "span": _span(route), "now": _in_force(route, today),
        "way": " → ".join(listed(names) for _order, names in sorted(orders.items())),
    }  # fmt: skip


def _shown_proxy(row: Authority, today: Any) -> dict[str, Any]:
    return {
        "row": row, "principal": posts.in_words(row.principal), "proxy": posts.in_words(row.proxy), "span": _span(row),
        "kinds": listed(label_of(kind) for kind in row.kinds), "now": _in_force(row, today),
    }  # fmt: skip


# --- Routes -------------------------------------------------------------------------------------------------------------
@needs(MANAGE, "GET", "POST")
def new_route(request: Any) -> HttpResponse:
    return _route(request, RouteTemplate())


@needs(MANAGE, "GET", "POST")
def edit_route(request: Any, pk: int) -> HttpResponse:
    return _route(request, get_object_or_404(RouteTemplate.objects.visible_to(request.scope), pk=pk))


def _route(request: Any, route: RouteTemplate) -> HttpResponse:
    new = route._state.adding
    organisation = request.scope.organisation if new else route.organisation_id
    initial = {"starts_on": request.reader.today, "amount_from": None} if new else {}
    form = RouteForm(
        request.POST if request.method == "POST" else None,
        instance=route,
        organisation=organisation,
        on=request.reader.today,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            keeping.keep_route(form.instance, steps=form.steps(), actor=request.reader, now=timezone.now())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Approvals under way keep the route they were drafted with."))
            return redirect("approval_routes")
    status = 422 if request.method == "POST" else 200
    return render(request, "approvals/route.html", {"form": form, "new": new}, status=status)


# --- Proxies ------------------------------------------------------------------------------------------------------------
@needs(MANAGE, "GET", "POST")
def new_authority(request: Any) -> HttpResponse:
    return _authority(request, Authority())


@needs(MANAGE, "GET", "POST")
def edit_authority(request: Any, pk: int) -> HttpResponse:
    return _authority(request, get_object_or_404(Authority.objects.visible_to(request.scope), pk=pk))


def _authority(request: Any, authority: Authority) -> HttpResponse:
    new = authority._state.adding
    organisation = request.scope.organisation if new else authority.organisation_id
    initial = {"starts_on": request.reader.today} if new else {}
    form = AuthorityForm(
        request.POST if request.method == "POST" else None,
        instance=authority,
        organisation=organisation,
        on=request.reader.today,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            keeping.keep_authority(form.instance, actor=request.reader)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("approval_routes")
    status = 422 if request.method == "POST" else 200
    return render(request, "approvals/authority.html", {"form": form, "new": new}, status=status)
