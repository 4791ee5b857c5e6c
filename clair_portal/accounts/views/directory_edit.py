"""Keeping the directory: organisations, successions, jurisdictions, holidays."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clair_portal.accounts.directory import may_edit_holidays
from clair_portal.accounts.rules import needs, signed_in
from clair_portal.calendars.business_days import ZONES
from clair_portal.calendars.models import Holiday
from clair_portal.language.folding import whole_number
from clair_portal.network import services
from clair_portal.network.enums import SuccessionKind
from clair_portal.network.forms import (
    EndJurisdictionForm,
    HolidayForm,
    JurisdictionForm,
    OrganisationForm,
    SuccessionForm,
)
from clair_portal.network.history import version_of
from clair_portal.network.models import Jurisdiction, Organisation

RIGHT = "network.edit"
UNPROCESSABLE = 422


def _status(*forms: BaseForm) -> int:
    return UNPROCESSABLE if any(form.is_bound for form in forms) else 200


@needs(RIGHT, "GET", "POST")
def organisation_add(request: Any) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_organisation(organisation=form.save(commit=False), actor=request.reader.signature)
        except ValidationError as error:
            form.add_error(None, error.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("%(name)s is in the directory now.") % {"name": row})
            return redirect("organisation", row.pk)
    return render(request, "accounts/directory/organisation_edit.html", {"form": form}, status=_status(form))


@needs(RIGHT, "GET", "POST")
def organisation_edit(request: Any, pk: int) -> HttpResponse:
    row = get_object_or_404(Organisation, pk=pk)
    name = str(row)  # the form writes into the row before it knows whether the values are good
    form = OrganisationForm(request.POST or None, instance=row, version=version_of(row))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.change_organisation(
                organisation=row, fields=form.changed_fields, version=version, actor=request.reader.signature
            )
        except ValidationError as error:
            form.add_error(None, error.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The changes to %(name)s are saved.") % {"name": row})
            return redirect("organisation", row.pk)
    context = {"form": form, "organisation": row, "name": name}
    return render(request, "accounts/directory/organisation_edit.html", context, status=_status(form))


@needs(RIGHT, "GET", "POST")
def succession_add(request: Any, pk: int) -> HttpResponse:
    row = get_object_or_404(Organisation, pk=pk)
    form = SuccessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            succession = services.declare_succession(
                predecessor=row,
                successor=values["successor"],
                kind=SuccessionKind(values["kind"]),
                on=values["on"],
                source=values["source"],
                actor=request.reader.signature,
            )
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The succession is recorded. %(name)s keeps its history.") % {"name": row})
            return redirect("succession_work", succession.pk)
    context = {"form": form, "organisation": row}
    return render(request, "accounts/directory/succession.html", context, status=_status(form))


def _add_errors(form: BaseForm, error: ValidationError) -> None:
    """Puts each sentence beside its field, or on top where the form has no such field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in by_field.items():
        form.add_error(name if name in form.fields else None, sentences)  # type: ignore[arg-type]


# --- Jurisdictions ----------------------------------------------------------------------------------------------------


@needs(RIGHT, "GET", "POST")
def jurisdiction_edit(request: Any, pk: int) -> HttpResponse:
    """One page: a country is added, or a jurisdiction gets its last day (`end` names which one)."""
    office = get_object_or_404(Organisation.objects.offices(), pk=pk)
    ending = request.POST.get("end", "")
    adding = request.method == "POST" and not ending
    form = JurisdictionForm(request.POST if adding else None)
    if adding and _added(office, form, request):
        return redirect("jurisdiction_edit", office.pk)
    rows = list(office.jurisdictions.select_related("country").order_by("country__name", "starts_on"))
    if ending and not any(str(row.pk) == ending for row in rows):
        raise Http404
    ends = [
        (row, EndJurisdictionForm(request.POST if str(row.pk) == ending else None, prefix=str(row.pk))) for row in rows
    ]
    if any(end.is_bound and _ended(row, end, request) for row, end in ends):
        return redirect("jurisdiction_edit", office.pk)
    context = {"organisation": office, "form": form, "ends": ends}
    return render(
        request, "accounts/directory/jurisdiction.html", context, status=_status(form, *(end for _row, end in ends))
    )


def _added(office: Organisation, form: JurisdictionForm, request: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        row = services.add_jurisdiction(
            jurisdiction=Jurisdiction(office=office, **form.cleaned_data), actor=request.reader.signature
        )
    except ValidationError as error:
        _add_errors(form, error)
        return False
    words = {"office": row.office, "country": row.country}
    messages.success(request, _("%(office)s is responsible for %(country)s.") % words)
    return True


def _ended(row: Jurisdiction, form: EndJurisdictionForm, request: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        services.end_jurisdiction(
            jurisdiction=row, ends_on=form.cleaned_data["ends_on"], actor=request.reader.signature
        )
    except ValidationError as error:
        _add_errors(form, error)
        return False
    messages.success(request, _("The last day for %(country)s is written.") % {"country": row.country})
    return True


# --- Holidays ---------------------------------------------------------------------------------------------------------


@signed_in("GET", "POST")
def holidays(request: Any, calendar: str) -> HttpResponse:
    """The days off of a calendar in one year. Everybody reads them; headquarters and the office that keeps it change them."""
    country = services.country_of(calendar)
    if calendar not in ZONES and country is None:
        raise Http404
    keeper = services.keeper_of(calendar)
    may_edit = may_edit_holidays(request.reader, keeper)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(_("Only headquarters and the office that looks after it change these days."))
    year = _year(request.GET.get("year", ""), request.reader.today)
    action = request.POST.get("action", "")
    adding = request.method == "POST" and not action
    form = HolidayForm(request.POST if adding else None, instance=Holiday(calendar=calendar))
    if adding and (holiday := _added_holiday(form, request)):
        return redirect(f"{request.path}?year={holiday.date.year}")
    if action:
        _act_on_holiday(request, calendar, action)
        return redirect(f"{request.path}?year={year}")
    context = {
        "calendar": calendar,
        "keeper": keeper,
        "country": country,
        "place": country or keeper,
        "year": year,
        "years": [
            {"label": str(each), "url": f"?year={each}", "current": each == year} for each in range(year - 1, year + 3)
        ],
        "rows": Holiday.objects.filter(calendar=calendar, date__year=year).order_by("date"),
        "own": services.ENTERED_HERE,
        "form": form if may_edit else None,
    }
    return render(request, "accounts/directory/holidays.html", context, status=_status(form))


def _year(text: str, today: dt.date) -> int:
    return whole_number(text, 1990, 2100) or today.year


def _added_holiday(form: HolidayForm, request: Any) -> Holiday | None:
    if not form.is_valid():
        return None
    try:
        holiday = services.add_holiday(holiday=form.save(commit=False), actor=request.reader.signature)
    except ValidationError:
        form.add_error("date", _("There is already an entry for this day. Change that one."))
        return None
    messages.success(request, _("%(day)s is entered.") % {"day": holiday.date.isoformat()})
    return holiday


def _act_on_holiday(request: Any, calendar: str, action: str) -> None:
    act = {"remove": services.remove_holiday, "restore": services.restore_holiday}.get(action)
    key = request.POST.get("holiday", "")
    if act is None or (number := whole_number(key, 1, 2**63 - 1)) is None:
        raise Http404
    holiday = get_object_or_404(Holiday, pk=number, calendar=calendar)
    act(holiday=holiday, actor=request.reader.signature)
    messages.success(request, _("%(day)s is changed.") % {"day": holiday.date.isoformat()})
