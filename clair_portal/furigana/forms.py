from __future__ import annotations

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.language.readings.aligning import hiragana


class ReadingForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("furigana", "Word"),
        max_length=60,
        help_text=_("As it stands on the page, kana included: 取り扱い."),
    )
    reading = forms.CharField(label=_("Reading"), max_length=120, help_text=_("Of the whole word, in kana."))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Who reads it so: a website, a person, a document.")
    )

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).strip()

    def clean_reading(self) -> str:
        return hiragana(unicodedata.normalize("NFKC", self.cleaned_data["reading"]).strip())


class TryForm(forms.Form):
    q = forms.CharField(
        label=_("How is this read?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
