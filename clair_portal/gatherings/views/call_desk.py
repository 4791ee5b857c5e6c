"""The host of a call: plans and publishes it, reads the applications, decides, draws."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.approvals.presentation import beside
from clair_portal.calendars.fiscal import tokyo_date
from clair_portal.gatherings import calling, deciding
from clair_portal.gatherings.call_forms import CallForm, ChoiceForm, SeedForm, call_as_typed
from clair_portal.gatherings.call_presentation import outcome, page, row
from clair_portal.gatherings.enums import CallState, Selection
from clair_portal.gatherings.models import Application, Call, Event
from clair_portal.gatherings.people_files import applications_as
from clair_portal.gatherings.rules import HOST, Refused
from clair_portal.gatherings.views.charging import charge_page

FOLDER = "gatherings/calls"


def _ours(request: Any, pk: UUID) -> Call:
    """A call of the reader's organisation, or 404."""
    rows = (
        Call.objects.visible_to(request.scope)
        .hosted_by(request.scope)
        .select_related("organisation", "event", "posting__person")
    )
    return get_object_or_404(rows, pk=pk)


def _form(request: Any, found: Call | None, initial: dict[str, Any]) -> CallForm:
    events = Event.objects.visible_to(request.scope).hosted_by(request.scope)
    return CallForm(request.POST or None, initial=initial, events=events, published=bool(found and found.released_at))


def _rendered(request: Any, form: CallForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, f"{FOLDER}/form.html", {"form": form, **context}, status=status)


@needs(HOST, "GET", "POST")
def new_call(request: Any) -> HttpResponse:
    now = timezone.now()
    today = tokyo_date(now)
    initial = {
        "opens_on": today, "closes_on": today + dt.timedelta(days=28), "closes_clock": dt.time(17), "most_people": 1,
        "selection": Selection.APPROVAL,
    }  # fmt: skip
    form = _form(request, None, initial)
    if request.method == "POST" and form.is_valid():
        made = calling.plan_call(values=form.values(), actor=request.reader, now=now)
        messages.success(request, _("The call is planned. Look at it, then publish it."))
        return redirect("call", made.pk)
    return _rendered(
        request, form, heading=_("New call for participants"), button=_("Plan the call"), back="/desk/calls/"
    )


@needs(HOST, "GET", "POST")
def charge(request: Any, pk: UUID) -> HttpResponse:
    """Puts a colleague in charge of a call."""
    said = _("%(name)s is in charge of the call now.")
    return charge_page(request, _ours(request, pk), put=calling.put_in_charge, said=said, back=f"/desk/calls/{pk}/")


@needs(HOST, "GET", "POST")
def edit_call(request: Any, pk: UUID) -> HttpResponse:
    found = _ours(request, pk)
    form = _form(request, found, call_as_typed(found))
    if request.method == "POST" and form.is_valid():
        try:
            calling.change_call(
                found, values=form.values(), version=form.cleaned_data["version"] or 0, actor=request.reader,
                now=timezone.now(),
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("call", pk)
    return _rendered(
        request, form, call=found, heading=_("Change the call"), button=_("Save"), back=f"/desk/calls/{pk}/"
    )  # fmt: skip


@needs(HOST, "POST")
def publish(request: Any, pk: UUID) -> HttpResponse:
    try:
        calling.publish_call(_ours(request, pk), actor=request.reader, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Everybody can read the call now, and organisations can apply in its window."))
    return redirect("call", pk)


@needs(HOST, "POST")
def cancel(request: Any, pk: UUID) -> HttpResponse:
    try:
        calling.cancel_call(_ours(request, pk), actor=request.reader, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The call is cancelled. Whoever applied is told within a minute."))
    return redirect("call", pk)


# --- Applications -------------------------------------------------------------------------------------------------------
def _applications(request: Any, call: Call) -> list[Application]:
    rows = Application.objects.visible_to(request.scope).filter(call=call).select_related("organisation")
    decided = ("rank", "reserve", "lot") if call.state == CallState.DECIDED else ("lot",)
    return list(rows.order_by(*decided))


@needs(HOST)
def applications(request: Any, pk: UUID) -> HttpResponse:
    found = _ours(request, pk)
    rows = [{"application": each, "badge": outcome(each)} for each in _applications(request, found)]
    return render(request, f"{FOLDER}/applications.html", {**row(found, timezone.now()), "rows": rows})


@needs(HOST)
def applications_file(request: Any, pk: UUID, kind: str) -> HttpResponse:
    found = _ours(request, pk)
    return applications_as(kind, found, _applications(request, found), made_at=timezone.now())


# --- Deciding -----------------------------------------------------------------------------------------------------------
@needs(HOST, "GET", "POST")
def draw(request: Any, pk: UUID) -> HttpResponse:
    """The number is typed once; the page says before what happens then."""
    found, now = _ours(request, pk), timezone.now()
    form = SeedForm(request.POST or None, closes=tokyo_date(found.closes_at), today=tokyo_date(now))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            deciding.draw(
                found, seed=given["seed"], source=given["source"], day=given["day"], actor=request.reader, now=now
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Drawn. Everybody who applied is told within a minute."))
            return redirect("call", pk)
    context = {**page(found, now), "form": form, "number": len(_standing(request, found))}
    return render(request, f"{FOLDER}/draw.html", context, status=422 if form.is_bound else 200)


def _standing(request: Any, call: Call) -> list[Application]:
    rows = Application.objects.visible_to(request.scope).filter(call=call).standing()
    return list(rows.select_related("organisation"))


@needs(HOST, "GET", "POST")
def choose(request: Any, pk: UUID) -> HttpResponse:
    """Who is selected and who is a reserve: kept here, and decided by the button below."""
    found, now = _ours(request, pk), timezone.now()
    standing = _standing(request, found)
    form = ChoiceForm(request.POST or None, applications=standing)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.choose(found, choice=form.choice(), actor=request.reader, now=now)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The choice is kept. Nobody is told before you decide."))
            return redirect("call_choose", pk)
    lines = [{"application": each, "field": form[f"a{each.lot}"]} for each in standing]
    context = {
        **page(found, now), "form": form, "lines": lines, "refusal": deciding.refusal(found, request.reader, now),
        **beside(deciding.SELECT, str(found.pk), request.reader), "chosen": [each for each in standing if each.proposed == 0],
        "reserves": sorted((each for each in standing if each.proposed), key=lambda each: each.proposed or 0),
    }  # fmt: skip
    return render(request, f"{FOLDER}/choose.html", context, status=422 if form.is_bound else 200)


@needs(HOST, "POST")
def decide(request: Any, pk: UUID) -> HttpResponse:
    try:
        deciding.confirm(_ours(request, pk), actor=request.reader, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("call_choose", pk)
    messages.success(request, _("Decided. Everybody who applied is told within a minute."))
    return redirect("call", pk)
