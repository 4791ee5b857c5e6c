"""Fields for text that people paste."""

from __future__ import annotations

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
