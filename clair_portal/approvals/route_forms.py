"""Routes, proxies and the question who would be asked, as headquarters' administrators type them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.approvals import posts
from clair_portal.approvals.kinds import KINDS
from clair_portal.approvals.models import Authority, RouteTemplate
from clair_portal.calendars.forms import WrittenDateField
from clair_portal.language.folding import to_ascii_digits, whole_number

ROWS = 8  # steps of a route; more are not met
MOST = 10**15


class YenField(forms.Field):
    """An amount in any digits, with or without commas and 円; empty where none is given."""

    widget = forms.TextInput(attrs={"class": "w-8", "inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        text = to_ascii_digits(str(value if value is not None else "")).strip()
        digits = text.removesuffix("円").replace(",", "").replace("、", "").replace(",", "").strip()
        if not digits:
            return None
        if (amount := whole_number(digits, 0, MOST)) is None:
            raise ValidationError(gettext("Write the amount in yen in digits, such as 500,000."))
        return amount


def _kinds() -> list[tuple[str, str]]:
    return sorted(((code, str(kind.label)) for code, kind in KINDS.items()), key=lambda pair: pair[1])


class StepForm(forms.Form):
    """One row of a route. A row without a post is left out."""

    order = forms.IntegerField(
        label=_("Order"), min_value=1, max_value=ROWS, required=False,
        widget=forms.TextInput(attrs={"class": "w-4", "inputmode": "numeric"}),
    )  # fmt: skip
    post = forms.ChoiceField(label=_("Who stamps"), required=False)
    final_up_to = YenField(label=_("Decides alone up to (yen)"), required=False)
    own_draft = forms.BooleanField(label=_("May approve their own draft"), required=False)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_marks = True
        self.fields["post"].choices = [("", "–"), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("post") and not data.get("order") and "order" not in self.errors:
            self.add_error("order", gettext("Write the order in which this post is asked."))
        return data


class RouteForm(forms.ModelForm):
    starts_on = WrittenDateField(label=_("Valid from"), help_text=_("Any form: 令和9年6月1日, R9/6/1 or 2027-06-01"))
    ends_on = WrittenDateField(label=_("Valid until"), required=False, help_text=_("Empty: until further notice."))
    amount_from = YenField(label=_("Amount from (yen)"), required=False)
    amount_to = YenField(label=_("Amount up to (yen)"), required=False, help_text=_("Empty: without a limit."))

    class Meta:
        model = RouteTemplate
        fields = ("kind", "name", "starts_on", "ends_on", "amount_from", "amount_to")

    def __init__(self, *args: Any, organisation: int, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organisation_id = organisation
        self.fields["kind"] = forms.ChoiceField(label=_("What is approved"), choices=_kinds())
        self.fields["name"].label = _("Name of the route")
        known = [] if self.instance._state.adding else list(self.instance.steps.order_by("order", "pk"))
        offered = posts.choices(organisation, on)
        offered += [(s.post, posts.in_words(s.post)) for s in known if s.post not in dict(offered)]
        rows: list[dict[str, Any]] = [
            {"order": s.order, "post": s.post, "final_up_to": s.final_up_to, "own_draft": s.own_draft} for s in known
        ]
        rows += [{"order": None} for _row in range(ROWS - len(rows))]
        data = self.data if self.is_bound else None
        self.rows = [
            StepForm(data, prefix=f"step{place}", offered=offered, initial=row) for place, row in enumerate(rows)
        ]

    def clean_amount_from(self) -> int:
        return self.cleaned_data["amount_from"] or 0

    def is_valid(self) -> bool:
        rows = [row.is_valid() for row in self.rows]
        if not super().is_valid() or not all(rows):
            if not all(rows):
                self.add_error(None, gettext("Look at the steps again: one of them is not complete."))
            return False
        if not self.steps():
            self.add_error(None, gettext("A route needs at least one step. Choose who stamps."))
        if len({(step["order"], step["post"]) for step in self.steps()}) < len(self.steps()):
            self.add_error(None, gettext("The same post is asked twice at the same time. Take one of them out."))
        return not self.errors

    def steps(self) -> list[dict[str, Any]]:
        """The rows that are filled in, in order, counted 1, 2, 3 without gaps."""
        filled = [row.cleaned_data for row in self.rows if row.cleaned_data.get("post")]
        orders = {order: place for place, order in enumerate(sorted({row["order"] for row in filled}), 1)}
        return [{**row, "order": orders[row["order"]]} for row in sorted(filled, key=lambda row: row["order"])]


class AuthorityForm(forms.ModelForm):
    starts_on = WrittenDateField(label=_("From"))
    ends_on = WrittenDateField(label=_("Until"), required=False, help_text=_("Empty: until further notice."))
    limit = YenField(label=_("Up to (yen)"), required=False, help_text=_("Empty: without a limit."))

    class Meta:
        model = Authority
        fields = ("principal", "proxy", "starts_on", "ends_on", "kinds", "limit")

    def __init__(self, *args: Any, organisation: int, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organisation_id = organisation
        offered = posts.choices(organisation, on)
        own = [post for post in (self.instance.principal, self.instance.proxy) if post]
        offered += [(post, posts.in_words(post)) for post in own if post not in dict(offered)]
        for name, label in (("principal", _("In the place of")), ("proxy", _("Stamps instead"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=[("", "–"), *offered])
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("For what"), choices=_kinds(), required=False, widget=forms.CheckboxSelectMultiple,
            help_text=_("None chosen: for everything."),
        )  # fmt: skip


class WhoForm(forms.Form):
    """Who would be asked for this kind, this amount, on this day?"""

    kind = forms.ChoiceField(label=_("What is approved"))
    amount = YenField(label=_("Amount (yen)"), required=False)
    day = WrittenDateField(label=_("Day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_marks = True
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
