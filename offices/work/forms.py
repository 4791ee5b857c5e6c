from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.forms import WrittenDateField
from clair_portal.casework.forms import VISIBILITY
from clair_portal.language.folding import to_ascii_digits
from offices.enums import Outcome, WorkKind

SCORES = [(5, _("5 very helpful")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 not helpful"))]


class HoursField(forms.Field):
    """Hours with halves: 1.5, 1,5 or １．５; empty is 0."""

    widget = forms.TextInput(attrs={"class": "w-4", "inputmode": "decimal"})

    def to_python(self, value: Any) -> Decimal:
        text = to_ascii_digits(str(value or "0")).strip().replace("．", ".").replace(",", ".")
        try:
            hours = Decimal(text)
        except InvalidOperation:
            hours = Decimal(-1)
        if not Decimal(0) <= hours <= Decimal(99) or hours != round(hours, 1):
            raise forms.ValidationError(gettext("Write hours from 0 to 99, with one place at most, for example 1.5."))
        return hours


class WorkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of work"), choices=WorkKind.choices)
    day = WrittenDateField(label=_("Day"))
    hours = HoursField(label=_("Hours"), required=False)
    summary = forms.CharField(label=_("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    visibility = forms.ChoiceField(
        label=_("Who can read it"), choices=VISIBILITY, widget=forms.RadioSelect, initial="internal"
    )

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        shared = data["visibility"] == "shared"
        return {name: data[name] for name in ("kind", "day", "hours", "summary")} | {"shared": shared}


class ReportDraftForm(forms.Form):
    body = forms.CharField(
        label=_("Report"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 14})
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("not said")), *Outcome.choices], required=False)


class FeedbackForm(forms.Form):
    score = forms.TypedChoiceField(label=_("How helpful was it?"), choices=SCORES, coerce=int, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
