from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.kinds import MoveForm
from clair_portal.casework.passing import ended_sentence
from clair_portal.language.folding import whole_number
from clair_portal.network.models import Country, Jurisdiction, Organisation
from clair_portal.network.services import names
from clair_portal.outbox.services import Post
from clair_portal.ui.fields import CountedField
from offices.drafts import SendingForm
from offices.enums import Outcome
from offices.routing import in_being, propose, why_this
from offices.work.drafting import REPORT


class NumberField(forms.Field):
    """A number, of people unless its errors say otherwise; full-width digits are read as well."""

    widget = forms.TextInput(attrs={"class": "w-4", "inputmode": "numeric"})
    default_error_messages = {"invalid": _("Write the number of people in digits, from 1 to 9999.")}

    def to_python(self, value: Any) -> int | None:
        if not (text := str(value or "").strip()):
            return None
        if (number := whole_number(text, 1, 9999)) is None:
            raise forms.ValidationError(self.error_messages["invalid"])
        return number


def served_countries() -> list[tuple[str, str]]:
    """Countries an office is responsible for today, by office, each with its name in the reader's language."""
    rows = Jurisdiction.objects.on(timezone.localdate()).select_related("country", "office").order_by("office", "pk")
    found = [(row.country_id, f"{row.country.name or row.country_id} ({row.office})") for row in rows]
    return list(dict(found).items())


def other_countries() -> list[tuple[str, str]]:
    """All others by name: headquarters answers for them itself."""
    served = {code for code, _name in served_countries()}
    countries = sorted(Country.objects.exclude(code__in=served), key=lambda country: country.name or country.code)
    return [(country.code, country.name or country.code) for country in countries]


def offer_offices(field: Any, today: dt.date) -> None:
    """The offices that exist today; of another one that is sent `must_be_in_being` says what is the matter."""
    field.queryset = Organisation.objects.offices()
    empty = [("", field.empty_label)] if field.empty_label is not None else []
    field.choices = [*empty, *((office.pk, str(office)) for office in field.queryset.in_being(today).order_by("pk"))]


def must_be_in_being(office: Organisation, today: dt.date) -> None:
    if not office.in_being(today):
        raise forms.ValidationError(ended_sentence(office))


class ReferForm(MoveForm):
    """Which offices: proposed by the jurisdiction on the first day of the trip, confirmed by headquarters."""

    offices: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label=_("Offices"), queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    owner: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("Which office leads"), queryset=Organisation.objects.none(), required=False,
        empty_label=_("the first one chosen"), help_text=_("Only where several offices work on it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate(self.now)
        offer_offices(self.fields["offices"], today)
        offer_offices(self.fields["owner"], today)
        detail = self.case.support_request  # type: ignore[attr-defined]
        self._proposed = propose(self.case.countries, detail.starts_on or today)
        self.initial.setdefault("offices", in_being(self._proposed, today))

    def clean_offices(self) -> list[Organisation]:
        offices = list(self.cleaned_data["offices"])
        for office in offices:
            must_be_in_being(office, timezone.localdate(self.now))
        return offices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        offices, owner = list(data.get("offices") or []), data.get("owner")
        if owner and offices and owner not in offices:
            self.add_error("owner", gettext("The office that leads must be one of the offices chosen."))
        return data

    def proposals(self) -> list[dict[str, Any]]:
        return [{"office": p.office, "countries": p.countries, "on": p.on} for p in self._proposed]

    def more_posts(self) -> list[Post]:
        return [Post(office.pk, "cases.work") for office in self._chosen()]

    def _chosen(self) -> list[Organisation]:
        """What is ticked on the page the reader sees: what was sent, before that what is proposed."""
        sent = getattr(self, "cleaned_data", {}).get("offices") if self.is_bound else self.initial.get("offices")
        return list(sent or [])

    def more_words(self) -> dict[str, Any]:
        return {"office": [names(office) for office in self._chosen()]}

    def given(self) -> dict[str, Any]:
        offices = list(self.cleaned_data["offices"])
        why = {office.pk: why_this(office, self._proposed) for office in offices}
        return {"offices": offices, "owner": self.cleaned_data["owner"] or self._first(offices), "why": why}

    def _first(self, offices: list[Organisation]) -> Organisation:
        """The proposed order is that of the trip, so its first office leads unless somebody says otherwise."""
        proposed = [p.office for p in self._proposed if p.office in offices]
        return proposed[0] if proposed and proposed[0] else offices[0]


class ReportForm(SendingForm):
    drafting = REPORT
    body = CountedField(label=_("Report"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 12}))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("not said")), *Outcome.choices], required=False)

    def more_words(self) -> dict[str, Any]:
        return {"office": self.actor.chosen.names if self.actor.chosen else {}}
