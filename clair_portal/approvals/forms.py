from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clair_portal.approvals.services import THE_DRAFTER


class DraftForm(forms.Form):
    note = forms.CharField(
        label=_("What is asked, in a sentence or two"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class StampForm(forms.Form):
    """`seal`: the hash of what is shown on the page; a stamp on another one is refused."""

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    comment = forms.CharField(
        label=_("Remark"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class SendBackForm(forms.Form):
    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    to = forms.TypedChoiceField(label=_("To whom"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason, so that the other side knows what to do.")},
    )  # fmt: skip

    def __init__(self, *args: Any, earlier: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(THE_DRAFTER, _("the drafter: this approval ends")), *earlier]  # type: ignore[attr-defined]
        self.initial.setdefault("to", THE_DRAFTER)


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)
