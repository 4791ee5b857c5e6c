from __future__ import annotations

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from clair_portal.ui.fields import CountedField

VISIBILITY = [("shared", _("Everybody on the case")), ("internal", _("Only our side"))]


class NoteForm(forms.Form):
    body = CountedField(label=_("Message"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))
    shared = forms.ChoiceField(
        label=_("Who can read it"), choices=VISIBILITY, widget=forms.RadioSelect, initial="shared"
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Paper"), help_text=_("Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV, at most 20 MB.")
    )
    visibility = forms.ChoiceField(
        label=_("Who can read it"), choices=VISIBILITY, widget=forms.RadioSelect, initial="shared", required=False
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or "shared"

    def clean_next(self) -> str:
        """Only a page of the portal itself."""
        address: str = self.cleaned_data["next"]
        return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


class EmergencyForm(forms.Form):
    reason = CountedField(
        label=_("Reason"),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody on the case can read who opened the papers and why."),
    )
