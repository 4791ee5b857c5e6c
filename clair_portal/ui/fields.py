"""Fields for text that people paste."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CountedField(forms.CharField):
    """Text with a limit that is said, with both counts. No maxlength: a browser would cut a long paste without a word."""

    default_error_messages = {
        "max_length": _(
            "At most %(limit_value)s characters fit here, and these are %(show_value)s. Nothing is lost: "
            "shorten the text, or add the rest as a paper."
        )
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc", "-"))


class TelephoneField(CountedField):
    """Digits and dashes of any width: ０１３４－２２ and 0134ー22 are 0134-22."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "").translate(DASHES).strip()


class AddressField(forms.EmailField):
    """An e-mail address, also when typed in full-width letters."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "").strip()


def own(what: str) -> forms.TextInput:
    """What the person who fills in the form says of themselves (WCAG 1.3.5), by its name in HTML: the browser offers it."""
    return forms.TextInput(attrs={"autocomplete": what})


class OwnAddressField(AddressField):
    """That of the person who fills in the form."""

    widget = forms.EmailInput(attrs={"autocomplete": "email"})
