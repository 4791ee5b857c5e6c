"""Itineraries on a case: the office builds them, everybody on the case reads them once they are shared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.casework.kinds import KINDS
from clair_portal.casework.lookup import visible_case
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import Conflict, NotAllowed, over
from clair_portal.casework.shown import both, differing, shown_in, to_send_back
from clair_portal.contacts import itinerary, services
from clair_portal.contacts.forms import CopyDayForm, StopForm, VisitChangeForm, VisitForm
from clair_portal.contacts.models import HostUse, Stop, Visit
from clair_portal.network.models import Organisation

VISIT = ("title", "title_foreign", "language", "starts_on", "ends_on")


# --- The visit --------------------------------------------------------------------------------------------------------
@needs("cases.work", "GET", "POST")
def new_visit(request: Any, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    form = VisitForm(request.POST or None, initial=_as_asked_for(request, case))
    if request.method == "POST" and form.is_valid():
        try:
            visit = services.plan_visit(case, values=form.cleaned_data, actor=request.reader, now=timezone.now())
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            return redirect("visit", pk=visit.pk)
    context = {"case": case, "form": form, "heading": _("Plan a visit"), "button": _("Go on to the stops")}
    return render(request, "casework/form.html", context, status=422 if form.is_bound else 200)


def _as_asked_for(request: Any, case: Case) -> dict[str, Any]:
    kind = KINDS[case.kind]
    first, last = kind.days(case, kind.detail(case))
    return {"title": case.title, "language": _language_at(request), "starts_on": first, "ends_on": last or first}


def _language_at(request: Any) -> str:
    """What is spoken where the office is: the first of its working languages that is not Japanese."""
    spoken = (
        Organisation.objects.filter(pk=request.scope.organisation).values_list("working_languages", flat=True).first()
    )
    return next((code for code in spoken or () if not code.startswith("ja")), "en")


def _visit(request: Any, pk: int) -> Visit:
    visits = Visit.objects.visible_to(request.scope).select_related("case__applicant", "office")
    return get_object_or_404(visits, pk=pk)


def _mine(request: Any, pk: int) -> Visit:
    visits = Visit.objects.visible_to(request.scope).filter(office__in=request.scope.organisations)
    return get_object_or_404(visits.select_related("case", "office"), pk=pk)


def _stops(request: Any, visit: Visit) -> list[Stop]:
    return itinerary.in_order(Stop.objects.visible_to(request.scope).filter(visit=visit))


@signed_in()
def visit(request: Any, pk: int) -> HttpResponse:
    """The itinerary as everybody on the case reads it; its office changes it."""
    return _page(request, _visit(request, pk))


def _page(request: Any, found: Visit, copying: tuple[dt.date, CopyDayForm] | None = None) -> HttpResponse:
    """`copying`: the day whose copy could not be made, and the form that says why."""
    stops, mine = _stops(request, found), found.office_id in request.scope.organisations and not over(found.case)
    context = {
        "visit": found, "case": found.case, "mine": mine,
        "days": _with_copies(stops, copying) if mine else [(day, None) for day in itinerary.days_of(stops)],
        "warnings": itinerary.warnings_of(found, stops) if mine else (),
        "to_note": _to_note(request, found, stops) if mine else (),
        "days_in_words": dict.fromkeys(itinerary.written(day) for day in (found.starts_on, found.ends_on)),
    }  # fmt: skip
    return render(request, "contacts/visit.html", context, status=422 if copying else 200)


def _with_copies(
    stops: list[Stop], copying: tuple[dt.date, CopyDayForm] | None
) -> list[tuple[itinerary.Day, CopyDayForm]]:
    """Each day with the form that copies it, which proposes the next day."""
    found = []
    for day in itinerary.days_of(stops):
        form = copying[1] if copying and copying[0] == day.date else _copy_form(day)
        found.append((day, form))
    return found


def _copy_form(day: itinerary.Day) -> CopyDayForm:
    initial = {"to": day.date + dt.timedelta(days=1)}
    return CopyDayForm(initial=initial, stops=[line.stop for line in day.lines], auto_id=f"copy-{day.date}-%s")


def _to_note(request: Any, visit: Visit, stops: list[Stop]) -> list[Stop]:
    """Stops with a host that are over, of which nobody has said how it went."""
    noted = HostUse.objects.visible_to(request.scope).filter(case=visit.case_id).values_list("host", flat=True)
    over = (stop for stop in stops if stop.host_id and stop.day <= timezone.localdate())
    first = {stop.host_id: stop for stop in over}
    return [stop for host, stop in first.items() if host not in set(noted)]


@needs("cases.work", "GET", "POST")
def edit_visit(request: Any, pk: int) -> HttpResponse:
    found, shown = _mine(request, pk), shown_in(request.POST)
    form = VisitChangeForm(request.POST or None, initial={name: getattr(found, name) for name in VISIT})
    more = {"shown": to_send_back(request, found, VISIT)}
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in VISIT}
        try:
            services.change_visit(
                found, values=values, along=form.cleaned_data["along"], shown=shown, now=timezone.now()
            )
        except Conflict as error:
            more = both(form, shown=shown, stored=_mine(request, pk), together=(services.DAYS,))
            form.add_error(None, str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            return redirect("visit", pk=pk)
    context = {"visit": found, "form": form, "instead": request.path, **more}
    return render(request, "contacts/visit_form.html", context, status=422 if form.is_bound else 200)


@needs("cases.work", "POST")
def remove_visit(request: Any, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    try:
        services.remove_visit(found)
    except NotAllowed as error:
        messages.warning(request, str(error))
        return redirect("visit", pk=pk)
    return redirect(path_of(found.case) + "#visits")


@needs("cases.work", "POST")
def copy_day(request: Any, pk: int, day: str) -> HttpResponse:
    """`day` as in 2027-06-01; what is wrong with the other day is said beside it."""
    found = _mine(request, pk)
    stops = [stop for stop in _stops(request, found) if stop.day.isoformat() == day]
    if not stops:
        raise Http404
    form = CopyDayForm(request.POST, stops=stops, auto_id=f"copy-{day}-%s")
    if not form.is_valid():
        return _page(request, found, (stops[0].day, form))
    to = form.cleaned_data["to"]
    try:
        services.copy_day(found, day=stops[0].day, to=to, now=timezone.now())
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Copied to %(day)s.") % {"day": itinerary.written(to)})
    return redirect(f"{reverse('visit', args=[pk])}#d-{to.isoformat()}")


@needs("cases.work", "POST")
def share(request: Any, pk: int) -> HttpResponse:
    try:
        services.share_visit(_mine(request, pk), actor=request.reader, now=timezone.now())
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
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


# --- Its stops --------------------------------------------------------------------------------------------------------
@needs("cases.work", "GET", "POST")
def new_stop(request: Any, pk: int) -> HttpResponse:
    """A stop that begins where and when the last one ended; with `?from=` a copy of another one."""
    found = _mine(request, pk)
    stops = _stops(request, found)
    copied = next((stop for stop in stops if str(stop.pk) == request.GET.get("from")), None)
    return _stop(request, found, None, _copy_of(copied) if copied else _after(found, stops))


def _after(visit: Visit, stops: list[Stop]) -> dict[str, Any]:
    if not stops:
        return {"day": visit.starts_on, "zone": visit.office.time_zone}
    last = stops[-1]
    return {"day": last.day, "zone": last.zone, "begins": last.ends, "interpreter": last.interpreter}


def _copy_of(stop: Stop) -> dict[str, Any]:
    """As long as the one it is copied from, and right after it."""
    values = {name: getattr(stop, name) for name in StopForm.base_fields}
    if stop.ends is None:
        return values
    begins, ends = (dt.datetime.combine(stop.day, each) for each in (stop.begins, stop.ends))
    until = ends + (ends - begins)
    return values | {"begins": stop.ends, "ends": until.time() if until.date() == stop.day else None}


@needs("cases.work", "GET", "POST")
def stop(request: Any, pk: int, stop_pk: int) -> HttpResponse:
    found = _mine(request, pk)
    known = Stop.objects.visible_to(request.scope).filter(pk=stop_pk, visit=found).first()
    if known is not None:
        return _stop(request, found, known, {name: getattr(known, name) for name in StopForm.base_fields})
    if request.method == "POST":
        return _removed_stop(request, found)
    raise Http404


def _removed_stop(request: Any, visit: Visit) -> HttpResponse:
    """What was typed for a stop that is gone by now; saved from here it becomes a new one."""
    form = StopForm(request.POST, countries=visit.case.countries)
    form.add_error(
        None, _("Somebody else removed this stop meanwhile. What you wrote is below; saving it makes a new stop.")
    )
    context = {
        "form": form,
        "visit": visit,
        "case": visit.case,
        "known": None,
        "to": reverse("stop_new", args=[visit.pk]),
    }
    return render(request, "contacts/stop.html", context, status=422)


def _stop(request: Any, visit: Visit, known: Stop | None, initial: dict[str, Any]) -> HttpResponse:
    form, more = StopForm(request.POST or None, initial=initial, countries=visit.case.countries), {}
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_stop(
                visit, values=form.cleaned_data, stop=known, seen=_seen(request), now=timezone.now()
            )
        except Conflict as error:
            more = {"differing": differing(form, known), "instead": request.path}
            form.add_error(None, str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            if request.POST.get("then") == "more":
                return redirect("stop_new", pk=visit.pk)
            return redirect(f"{reverse('visit', args=[visit.pk])}#s-{saved.pk}")
    context = {"form": form, "visit": visit, "case": visit.case, "known": known, **more}
    return render(request, "contacts/stop.html", context, status=422 if form.is_bound else 200)


def _seen(request: Any) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


@needs("cases.work", "POST")
def move_stop(request: Any, pk: int, stop_pk: int) -> HttpResponse:
    """Changes places with the one before it, or with the one after it."""
    found = _mine(request, pk)
    known = get_object_or_404(Stop.objects.select_related("visit"), pk=stop_pk, visit=found)
    try:
        services.move_stop(known, later=request.POST.get("to") == "later", now=timezone.now())
    except NotAllowed as error:
        messages.warning(request, str(error))
    return redirect(f"{reverse('visit', args=[pk])}#s-{stop_pk}")


@needs("cases.work", "POST")
def remove_stop(request: Any, pk: int, stop_pk: int) -> HttpResponse:
    found = _mine(request, pk)
    known = get_object_or_404(Stop.objects.select_related("visit"), pk=stop_pk, visit=found)
    try:
        services.remove_stop(known, now=timezone.now())
    except NotAllowed as error:
        messages.warning(request, str(error))
    return redirect("visit", pk=pk)
