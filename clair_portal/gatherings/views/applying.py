"""An organisation applies to a call, changes its application, withdraws it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.gatherings import calling
from clair_portal.gatherings.call_forms import ApplicationForm, application_as_typed
from clair_portal.gatherings.call_presentation import page
from clair_portal.gatherings.enums import SOON, CallState, Selection
from clair_portal.gatherings.models import Call
from clair_portal.gatherings.rules import APPLY, Refused
from clair_portal.gatherings.views.calls import own_application

LATE = {SOON: "early", CallState.CANCELLED: "cancelled"}


def _call(request: Any, pk: UUID) -> Call:
    published = Call.objects.visible_to(request.scope).filter(released_at__isnull=False).select_related("organisation")
    return get_object_or_404(published, pk=pk)


@needs(APPLY, "GET", "POST")
def apply(request: Any, pk: UUID) -> HttpResponse:
    """One page. What was typed stays on it, also when the call closed meanwhile."""
    found, reader = _call(request, pk), request.reader
    own = own_application(request, found)
    initial = application_as_typed(own) if own else {"contact": reader.name_as_written, "email": reader.email}
    form = ApplicationForm(request.POST or None, initial=initial, most=found.most_people)
    if request.method == "POST" and form.is_valid() and (lot := _sent(request, form, found)):
        messages.success(request, _arrived(found, lot, changed=own is not None))
        return redirect("call", pk)
    context = {**page(found, timezone.now()), "form": form, "own": own}
    if form.is_bound and context["phase"] != CallState.OPEN:
        context["late"] = calling.refusal(LATE.get(context["phase"], "closed"), found)
    return render(request, "gatherings/calls/apply.html", context, status=422 if form.is_bound else 200)


def _arrived(call: Call, lot: int, *, changed: bool) -> str:
    """Lots are named where lots are drawn."""
    if call.selection != Selection.LOTTERY:
        return _("The change has arrived.") if changed else _("Your application has arrived.")
    if changed:
        return _("The change has arrived. Your lot number stays %(lot)s.") % {"lot": lot}
    return _("Your application has arrived. Its lot number is %(lot)s.") % {"lot": lot}


def _sent(request: Any, form: ApplicationForm, found: Call) -> int:
    try:
        return calling.apply(
            found, values=form.cleaned_data, version=form.cleaned_data["version"] or 0, actor=request.reader
        )
    except Refused as error:
        form.add_error(None, str(error))
        return 0


@needs(APPLY, "POST")
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    found = _call(request, pk)
    own = own_application(request, found)
    try:
        if own is None:
            raise Refused(_("Your organisation has not applied to this call. Nothing was changed."))
        calling.withdraw(own, actor=request.reader)
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The application is withdrawn."))
    return redirect("call", pk)
