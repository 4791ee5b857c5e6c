"""Series of events, and who is in charge of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.accounts.rules import needs
from clair_portal.gatherings import services
from clair_portal.gatherings.forms import SeriesForm
from clair_portal.gatherings.models import Event, Series
from clair_portal.gatherings.rules import HOST
from clair_portal.gatherings.views.charging import charge_page

SERIES = "/desk/events/series/"
TEXTS = ("title_ja", "title_en", "summary_ja", "summary_en")


def _form(request: Any, form: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, "gatherings/form.html", {"form": form, **context}, status=422 if form.is_bound else 200)


@needs(HOST)
def series(request: Any) -> HttpResponse:
    """Those of the organisation, with how many editions each has."""
    kept = Series.objects.visible_to(request.scope).hosted_by(request.scope)
    rows = kept.annotate(number=Count("editions")).order_by("-created_at", "pk")
    return render(request, "gatherings/series.html", {"rows": rows})


@needs(HOST, "GET", "POST")
def new_series(request: Any) -> HttpResponse:
    form = SeriesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.begin_series(values=form.cleaned_data, actor=request.reader, now=timezone.now())
        messages.success(request, _("The series is there. Choose it when you plan an edition."))
        return redirect("event_new")
    return _form(request, form, {"heading": pgettext("events", "New series"), "button": _("Save"), "back": SERIES})


@needs(HOST, "GET", "POST")
def edit_series(request: Any, pk: int) -> HttpResponse:
    rows = Series.objects.visible_to(request.scope).hosted_by(request.scope)
    found = get_object_or_404(rows, pk=pk)
    form = SeriesForm(request.POST or None, initial={name: getattr(found, name) for name in TEXTS})
    if request.method == "POST" and form.is_valid():
        services.change_series(found, values=form.cleaned_data, actor=request.reader)
        messages.success(request, _("Saved. Editions keep their own titles."))
        return redirect("event_series")
    return _form(request, form, {"heading": _("Change the series"), "button": _("Save"), "back": SERIES})


@needs(HOST, "GET", "POST")
def charge(request: Any, pk: UUID) -> HttpResponse:
    """Puts a colleague in charge of an event."""
    found = get_object_or_404(Event.objects.visible_to(request.scope).hosted_by(request.scope), pk=pk)
    said = _("%(name)s is in charge of the event now.")
    back = f"/desk/events/{pk}/"
    return charge_page(request, found, put=services.put_in_charge, said=said, back=back, event=found)
