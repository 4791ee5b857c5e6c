"""People of the organisation: who holds which posting, ending one, and handing its open work over."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts import handover, services
from clair_portal.accounts.ending import zones_of
from clair_portal.accounts.forms import EndForm, SuccessorForm
from clair_portal.accounts.models import Posting
from clair_portal.accounts.rules import needs
from clair_portal.network.models import Organisation
from clair_portal.walls.roles import HEADQUARTERS

RIGHT = "organisation.administer"


def _kept_by(request: Any) -> QuerySet[Posting]:
    """Postings the reader administers: those of the chosen organisation; headquarters those of every organisation."""
    rows = Posting.objects.visible_to(request.scope).select_related("person", "organisation", "role")
    return rows if request.scope.role == HEADQUARTERS else rows.filter(organisation=request.scope.organisation)


def _organisation(request: Any) -> Organisation:
    wanted = request.GET.get("organisation", "")
    own = Organisation.objects.get(pk=request.scope.organisation)
    if request.scope.role != HEADQUARTERS or not wanted:
        return own
    return Organisation.objects.filter(code=wanted).first() or own


def _today_at(organisation: Organisation) -> dt.date:
    """The day it is where postings of the organisation begin and end."""
    return timezone.localdate(timezone=ZoneInfo(zones_of([organisation])[organisation.pk]))


@needs(RIGHT)
def postings(request: Any) -> HttpResponse:
    organisation = _organisation(request)
    today = _today_at(organisation)
    here = Q(organisation=organisation) | Q(organisation__parent=organisation, organisation__kind="division")
    rows = _kept_by(request).filter(here).order_by("person__name", "starts_on", "id")
    context = {
        "organisation": organisation,
        "now": [row for row in rows if row.in_force(today)],
        "coming": [row for row in rows if row.starts_on > today],
        "past": [row for row in rows if row.ends_on and row.ends_on < today],
        "anywhere": request.scope.role == HEADQUARTERS,
    }
    return render(request, "accounts/postings.html", context)


@needs(RIGHT, "GET", "POST")
def end(request: Any, pk: int) -> HttpResponse:
    posting = get_object_or_404(_kept_by(request), pk=pk)
    form = EndForm(request.POST or None, instance=posting)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["ends_on"]
        services.end_posting(posting, last_day=last_day, actor=request.reader, now=timezone.now())
        messages.success(request, _("The posting of %(name)s ends.") % {"name": posting.person.display_name()})
        return redirect("postings")
    context = {"form": form, "posting": Posting.objects.get(pk=posting.pk)}
    return render(request, "accounts/posting_end.html", context, status=422 if form.is_bound else 200)


@needs(RIGHT, "POST")
def sign_out(request: Any, pk: int) -> HttpResponse:
    """All devices of somebody who is posted here today."""
    posting = get_object_or_404(_kept_by(request), pk=pk)
    if not posting.in_force(_today_at(posting.organisation)):
        raise Http404
    ended = services.sign_out_everywhere(posting, actor=request.reader, now=timezone.now())
    words = {"name": posting.person.display_name(), "count": ended}
    messages.success(request, _("%(name)s is signed out of %(count)s devices.") % words)
    return redirect("postings")


@needs(RIGHT, "GET", "POST")
def successor(request: Any, pk: int) -> HttpResponse:
    """First who, then what would move and how much; confirmed, everything moves in one action."""
    posting = get_object_or_404(_kept_by(request), pk=pk)
    others = _kept_by(request).filter(organisation=posting.organisation_id).exclude(pk=posting.pk)
    candidates = others.filter(Q(ends_on=None) | Q(ends_on__gte=_today_at(posting.organisation)))
    form = SuccessorForm(request.POST or request.GET or None, candidates=candidates)
    context: dict[str, Any] = {"form": form, "posting": posting}
    if not form.is_bound or not form.is_valid():
        return render(request, "accounts/posting_successor.html", context, status=422 if form.is_bound else 200)
    pair = {"from_posting": posting, "to_posting": form.cleaned_data["to"]}
    if request.method == "POST":
        moved = handover.hand_over(**pair, actor=request.reader, now=timezone.now())
        messages.success(request, _("%(count)s open items were handed over.") % {"count": moved})
        return redirect("postings")
    context["to"] = form.cleaned_data["to"]
    context["counts"] = handover.counts(**pair, actor=request.reader, now=timezone.now())
    return render(request, "accounts/posting_successor.html", context)
