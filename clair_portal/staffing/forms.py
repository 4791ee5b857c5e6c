from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.models import PostingTerms
from clair_portal.staffing.packs import MOST_LETTERS

MOST_BYTES = 5 * 1024 * 1024


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=_("Sheet of changes"),
        help_text=_("Excel (.xlsx) or CSV, up to 5 MB. It is checked first; nothing changes before you confirm."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_sheet(self) -> Any:
        sheet = self.cleaned_data["sheet"]
        if sheet.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Split it into several."))
        return sheet


class TermsForm(forms.Form):
    zone = forms.CharField(
        label=_("Time zone whose midnight counts"),
        required=False,
        help_text=_("Such as Asia/Tokyo or Europe/London. Empty: the organisation's own."),
        max_length=40,
    )
    weeks = forms.IntegerField(
        label=_("Weeks for the handover"),
        min_value=1,
        max_value=26,
        initial=PostingTerms.WEEKS,
        help_text=_("So many weeks before a posting ends, the desk asks for the handover."),
    )

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone and zone not in available_timezones():
            raise ValidationError(_("There is no time zone “%(zone)s”. Write it like Europe/London.") % {"zone": zone})
        return zone


class NotesForm(forms.Form):
    body = forms.CharField(
        label=_("Notes for the successor"),
        help_text=_(
            "What is not in the cases: agreements, who is easy to reach and how, what comes every year, what you would do next. "
            "An empty line begins a new paragraph."
        ),
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=MOST_LETTERS,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
