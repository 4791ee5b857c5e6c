"""The preconditions of the offices as headquarters keeps them: a list, and a page for each."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.rules import needs
from clair_portal.calendars.forms import ClockField, WrittenDateField
from clair_portal.network.models import Organisation
from clair_portal.ui.fields import CountedField
from offices import services
from offices.enums import PreconditionCheck, SupportKind
from offices.filing.fields import long_text
from offices.forms import NumberField
from offices.models import Precondition


class PreconditionForm(forms.Form):
    office: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("Office"), queryset=Organisation.objects.none(), required=False, empty_label=_("every office")
    )
    kind = forms.ChoiceField(
        label=_("Kind of support"), choices=[("", _("every kind")), *SupportKind.choices], required=False
    )
    check_code = forms.ChoiceField(label=_("What is looked at"), choices=PreconditionCheck.choices)
    value = NumberField(
        label=pgettext_lazy("of a precondition", "Number"), required=False,
        error_messages={"invalid": _("Write the number in digits, from 1 to 9999, or leave it empty.")},
        help_text=_("For the number of questions or fields of exchange, and for days ahead. Empty: not known, so nobody is warned."),
    )  # fmt: skip
    hours_from = ClockField(label=_("Lunch hours from"), required=False)
    hours_until = ClockField(
        label=_("Lunch hours until"), required=False,
        help_text=_("On the clock of the office, for entries of itineraries. Empty: not known, so nobody is warned."),
    )  # fmt: skip
    text_ja = long_text(_("Text in Japanese"), rows=3, most=1000)
    text_en = long_text(_("Text in English"), rows=3, most=1000)
    source = CountedField(
        label=_("Source"), max_length=300, required=False, help_text=_("Where it is written, for example an address")
    )
    starts_on = WrittenDateField(label=_("Valid from"), required=False)
    ends_on = WrittenDateField(label=_("Valid until"), required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    blocks = forms.BooleanField(
        label=_("Must be settled before filing"), required=False,
        help_text=_("Without this it is a warning, and the request can be filed all the same."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Organisation.objects.offices().order_by("pk")  # type: ignore[attr-defined]
        for name in ("text_ja", "text_en"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day must not be before the first day."))
        self._look_at_hours(data)
        if data.get("blocks") and data.get("check_code") == PreconditionCheck.NOTE:
            self.add_error("blocks", gettext("Advice holds for every request, so no request could be filed."))
        return data

    def _look_at_hours(self, data: dict[str, Any]) -> None:
        if {"hours_from", "hours_until"} & self.errors.keys():
            return
        first, last = data.get("hours_from"), data.get("hours_until")
        if (first is None) != (last is None) or (first and last and last <= first):
            self.add_error("hours_until", gettext("Write both hours, the later one second, or leave both empty."))


@needs("network.edit")
def preconditions(request: Any) -> HttpResponse:
    """Everything offices ask requesters to think of, office by office; those out of use last."""
    rows = Precondition.objects.select_related("office").order_by(F("office").asc(nulls_first=True), "-active", "key")
    groups = [(office, list(each)) for office, each in groupby(rows, key=lambda row: row.office)]
    return render(request, "offices/filing/preconditions.html", {"groups": groups, "today": timezone.localdate()})


@needs("network.edit", "GET", "POST")
def precondition_new(request: Any) -> HttpResponse:
    return _page(request, Precondition(), PreconditionForm(request.POST or None))


@needs("network.edit", "GET", "POST")
def precondition_edit(request: Any, pk: int) -> HttpResponse:
    row = get_object_or_404(Precondition, pk=pk)
    initial = {name: getattr(row, name) for name in PreconditionForm.base_fields}
    return _page(request, row, PreconditionForm(request.POST or None, initial=initial))


def _page(request: Any, row: Precondition, form: PreconditionForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        services.keep_precondition(row, values=form.cleaned_data, actor=request.reader)
        messages.success(request, gettext("Kept. It holds for every draft from now on."))
        return redirect("preconditions")
    context = {"form": form, "row": row}
    return render(request, "offices/filing/precondition.html", context, status=422 if form.is_bound else 200)
