from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.forms import WrittenDateField
from clair_portal.casework.forms import VISIBILITY
from clair_portal.language.folding import to_ascii_digits
from clair_portal.ui.fields import CountedField
from offices.enums import Outcome, WorkKind

FIRST = zoneinfo.ZoneInfo("Pacific/Kiritimati")
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
        if not hours.is_finite() or not Decimal(0) <= hours <= Decimal(99) or hours != round(hours, 1):
            raise forms.ValidationError(gettext("Write hours from 0 to 99, with one place at most, for example 1.5."))
        return hours


class WorkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of work"), choices=WorkKind.choices)
    day = WrittenDateField(label=_("Day"))
    hours = HoursField(label=_("Hours"), required=False)
    summary = CountedField(label=_("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    visibility = forms.ChoiceField(
        label=_("Who can read it"), choices=VISIBILITY, widget=forms.RadioSelect, initial="internal"
    )

    def clean_day(self) -> dt.date:
        """Today where the day has come first: offices and headquarters do not turn the page at the same hour."""
        day: dt.date = self.cleaned_data["day"]
        if day > timezone.now().astimezone(FIRST).date():
            raise forms.ValidationError(gettext("This day has not come yet. Write the day on which it was done."))
        return day

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        shared = data["visibility"] == "shared"
        return {name: data[name] for name in ("kind", "day", "hours", "summary")} | {"shared": shared}


class ReportDraftForm(forms.Form):
    body = CountedField(label=_("Report"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 14}))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("not said")), *Outcome.choices], required=False)


class FeedbackForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How helpful was it?"), choices=SCORES, coerce=int, widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose how helpful it was, from 1 to 5.")),
    )  # fmt: skip
    comment = CountedField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
