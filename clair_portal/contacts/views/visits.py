"""Itineraries on a case: the office builds them, everybody on the case reads them once they are shared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.casework.models import Case
from clair_portal.casework.rules import NotAllowed
from clair_portal.contacts import itinerary, services
from clair_portal.contacts.forms import StopForm, VisitForm
from clair_portal.contacts.models import Stop, Visit


# --- Itineraries ------------------------------------------------------------------------------------------------------
@needs("cases.work", "GET", "POST")
def new_visit(request: Any, pk: int) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.scope).for_list(), pk=pk)
    form = VisitForm(request.POST or None, initial={"title": case.title})
    if request.method == "POST" and form.is_valid():
        try:
            visit = services.plan_visit(case, values=form.cleaned_data, actor=request.reader, now=timezone.now())
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            return redirect("visit", pk=visit.pk)
    context = {"case": case, "form": form, "heading": _("Plan a visit"), "button": _("Go on to the stops")}
    return render(request, "casework/form.html", context, status=422 if form.is_bound else 200)


def _visit(request: Any, pk: int) -> Visit:
    visits = Visit.objects.visible_to(request.scope).select_related("case", "office")
    return get_object_or_404(visits, pk=pk)


def _stops(request: Any, visit: Visit) -> list[Stop]:
    return list(Stop.objects.visible_to(request.scope).filter(visit=visit).order_by("day", "begins", "pk"))


@signed_in()
def visit(request: Any, pk: int) -> HttpResponse:
    """The itinerary as everybody on the case reads it; its office changes it."""
    found = _visit(request, pk)
    stops = _stops(request, found)
    context = {
        "visit": found, "case": found.case, "days": itinerary.days_of(stops),
        "warnings": itinerary.warnings_of(found, stops), "mine": found.office_id in request.scope.organisations,
    }  # fmt: skip
    return render(request, "contacts/visit.html", context)


def _mine(request: Any, pk: int) -> Visit:
    return get_object_or_404(
        Visit.objects.visible_to(request.scope).select_related("case", "office"), pk=pk,
        office__in=request.scope.organisations,
    )  # fmt: skip


@needs("cases.work", "GET", "POST")
def stop(request: Any, pk: int, stop_pk: int | None = None) -> HttpResponse:
    """Adds a stop, or changes one; a new one begins on the day and in the zone of the last."""
    found = _mine(request, pk)
    known = get_object_or_404(Stop.objects.visible_to(request.scope), pk=stop_pk, visit=found) if stop_pk else None
    last = known or Stop.objects.visible_to(request.scope).filter(visit=found).order_by("day", "begins").last()
    initial = {"day": found.starts_on, "zone": found.office.time_zone}
    if last is not None:
        initial |= {"day": last.day, "zone": last.zone}
    if known is not None:
        initial |= {name: getattr(known, name) for name in StopForm.base_fields}
    form = StopForm(request.POST or None, initial=initial, countries=found.case.countries)
    if request.method == "POST" and form.is_valid():
        services.save_stop(found, values=form.cleaned_data, stop=known, now=timezone.now())
        return redirect("stop_new", pk=pk) if request.POST.get("then") == "more" else redirect("visit", pk=pk)
    context = {"form": form, "visit": found, "known": known}
    return render(request, "contacts/stop.html", context, status=422 if form.is_bound else 200)


@needs("cases.work", "POST")
def stop_remove(request: Any, pk: int, stop_pk: int) -> HttpResponse:
    found = _mine(request, pk)
    services.remove_stop(
        get_object_or_404(Stop.objects.select_related("visit").filter(visit=found), pk=stop_pk), now=timezone.now()
    )
    return redirect("visit", pk=pk)


@needs("cases.work", "POST")
def share(request: Any, pk: int) -> HttpResponse:
    services.share_visit(_mine(request, pk), actor=request.reader, now=timezone.now())
    messages.success(request, _("Everybody on the case sees the itinerary now, and is told."))
    return redirect("visit", pk=pk)


@signed_in()
def calendar(request: Any, pk: int) -> HttpResponse:
    """The itinerary for a calendar program."""
    found = _visit(request, pk)
    response = HttpResponse(
        itinerary.calendar_file(found, _stops(request, found)), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="itinerary-{pk}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
