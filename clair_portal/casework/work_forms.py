"""What people type on a case besides moving it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.calendars.forms import WrittenDateField
from clair_portal.casework.extension import MOST_EXTENDED
from clair_portal.language.folding import to_ascii_digits
from clair_portal.ui.fields import CountedField


class TaskForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Task"), max_length=200)
    due_on = WrittenDateField(label=gettext_lazy("To be done by"), required=False)


class ExtensionForm(forms.Form):
    """`version`: that of the case the page showed, so that two colleagues do not add up their days."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    days = forms.CharField(
        label=gettext_lazy("Business days more"),
        max_length=4,
        widget=forms.TextInput(attrs={"class": "w-4", "inputmode": "numeric"}),
    )
    reason = CountedField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everybody on the case reads it."),
    )  # fmt: skip

    def clean_days(self) -> int:
        text = to_ascii_digits(self.cleaned_data["days"]).strip()
        if not text.isdecimal():
            raise forms.ValidationError(_("Extend by 1 to %(most)s business days.") % {"most": MOST_EXTENDED})
        return int(text)
