from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.forms import WrittenDateField
from clair_portal.casework.kinds import MoveForm
from clair_portal.language.folding import to_ascii_digits
from clair_portal.network.models import Country, Organisation
from clair_portal.outbox.services import Post
from offices.models import SupportRequest
from offices.routing import propose


class NumberField(forms.Field):
    """A number of people; full-width digits are read as well."""

    widget = forms.TextInput(attrs={"class": "w-4", "inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        text = to_ascii_digits(str(value or "")).strip()
        if not text:
            return None
        if not text.isdecimal() or not 1 <= int(text[:6]) <= 9999:
            raise forms.ValidationError(gettext("Write the number of people in digits, from 1 to 9999."))
        return int(text)


class CountryChoices(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_countries, widget=forms.SelectMultiple(attrs={"size": 8}), **kwargs)


def _countries() -> list[tuple[str, str]]:
    """Countries that an office serves first, then all others, each by name in the reader's language."""
    served = set(Country.objects.filter(jurisdictions__isnull=False).values_list("code", flat=True))
    countries = sorted(
        Country.objects.all(), key=lambda country: (country.code not in served, country.name or country.code)
    )
    return [(country.code, country.name or country.code) for country in countries]


class RequestForm(forms.Form):
    """The draft of a support request. Everything may stay empty until it is filed, but what is written must be right."""

    hide_marks = True  # the page says once what is needed when

    title = forms.CharField(
        label=_("Subject"), max_length=200, help_text=_("For example: study visit on local transport")
    )
    division = forms.CharField(label=_("Division in charge"), max_length=120, required=False)
    contact = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    purpose = forms.CharField(
        label=_("Purpose"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    countries = CountryChoices(
        label=_("Countries"),
        required=False,
        help_text=_("The request goes to the office that is responsible for them."),
    )
    starts_on = WrittenDateField(
        label=_("First day"), required=False, help_text=_("Any form: 令和9年6月1日, R9/6/1 or 2027-06-01")
    )
    ends_on = WrittenDateField(label=_("Last day"), required=False)
    party = NumberField(label=_("Number of people"), required=False)
    wanted = forms.CharField(
        label=_("Support wanted"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: appointments, a briefing, accompaniment"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day must not be before the first day."))
        return data

    @classmethod
    def of(cls, detail: SupportRequest) -> RequestForm:
        names = [name for name in cls.base_fields if name != "title"]
        return cls(initial={"title": detail.case.title, **{name: getattr(detail, name) for name in names}})


class ReferForm(MoveForm):
    """Which office: proposed by the jurisdiction on the first day of the trip, confirmed by headquarters."""

    office: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("Office"), queryset=Organisation.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Organisation.objects.offices().order_by("pk")  # type: ignore[attr-defined]
        detail = self.case.support_request  # type: ignore[attr-defined]
        self._proposed = propose(detail.countries, detail.starts_on or self.now.date())
        first = next((proposal.office for proposal in self._proposed if proposal.office), None)
        self.initial.setdefault("office", first)

    def proposals(self) -> list[dict[str, Any]]:
        return [{"office": p.office, "countries": p.countries, "on": p.on} for p in self._proposed]

    def more_posts(self) -> list[Post]:
        office = self.initial.get("office")
        return [Post(office.pk, "cases.work")] if isinstance(office, Organisation) else []

    def given(self) -> dict[str, Any]:
        office: Organisation = self.cleaned_data["office"]
        served = [c.name for p in self._proposed if p.office == office for c in p.countries]
        return {"office": office, "why": ", ".join(name for name in served if name)}


class AnswerForm(MoveForm):
    answer = forms.CharField(label=_("Answer"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))

    def given(self) -> dict[str, Any]:
        return {"answer": self.cleaned_data["answer"]}
