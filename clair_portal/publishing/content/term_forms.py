"""What people type about terms of the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.publishing.content import glossary
from clair_portal.publishing.content.names import language_name


class GlossaryForm(forms.Form):
    """The search of the glossary; what is not known is left out."""

    q = forms.CharField(label=_("Term or word"), required=False, widget=forms.TextInput(attrs={"maxlength": 200}))
    language = forms.ChoiceField(label=_("Shown in"), required=False)
    show = forms.ChoiceField(
        label=_("Which"), required=False,
        choices=[
            ("", pgettext_lazy("terms", "in use")), ("missing", _("without a word in this language")),
            ("retired", pgettext_lazy("terms", "retired")),
        ],
    )  # fmt: skip

    def __init__(self, asked: Mapping[str, str]) -> None:
        """Without a known language: English."""
        known = asked.get("language", "") in glossary.LANGUAGES
        super().__init__({**asked, "language": asked["language"] if known else "en"})
        self.hide_marks = True
        choices = [(code, language_name(code)) for code in glossary.LANGUAGES]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class TermForm(forms.Form):
    """One box a language, then where it is from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in glossary.LANGUAGES:
            box = forms.TextInput(attrs={"lang": code})
            self.fields[f"word_{code}"] = forms.CharField(
                label=language_name(code), max_length=1000, required=False, widget=box
            )
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=300, required=False)
        self.fields["source"] = forms.CharField(label=_("Source"), max_length=200, required=False)

    def languages(self) -> list[Any]:
        """The boxes of the languages, for the page."""
        return [self[f"word_{code}"] for code in glossary.LANGUAGES]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        words = {code: data[f"word_{code}"] for code in glossary.LANGUAGES}
        return {"words": words, "note": data["note"], "source": data["source"]}


class NewTermForm(TermForm):
    ja = forms.CharField(label=_("Japanese term"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]

    def values(self) -> dict[str, Any]:
        return {"ja": self.cleaned_data["ja"], **super().values()}
