from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.approvals.route_forms import YenField
from clair_portal.calendars.forms import ClockField, WrittenDateField
from clair_portal.gatherings.deciding import CHOSEN
from clair_portal.gatherings.enums import Selection
from clair_portal.gatherings.forms import TitledForm, text_field
from clair_portal.gatherings.models import Application, Call, Event
from clair_portal.gatherings.models.calls import SEED
from clair_portal.gatherings.presentation import TOKYO
from clair_portal.ui.fields import AddressField, CountedField

MOST = 1000
BY_DEFAULT = dt.time(17, 0)
# Of a published call: what organisations relied on when they applied.
PROMISED = (
    "opens_on", "places", "most_people", "selection", "seed_rule_ja", "seed_rule_en", "fee", "fee_note_ja", "fee_note_en",
    "conditions_ja", "conditions_en",
)  # fmt: skip


def _number(label: Any, **more: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"class": "w-8", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=1, max_value=MOST, widget=widget, **more)


class CallForm(TitledForm):
    """`published`: the call is out; what it promised is shown and stays. Days and times are those of Tokyo."""

    event: forms.ModelChoiceField[Event] = forms.ModelChoiceField(
        label=_("For the event"), queryset=Event.objects.none(), required=False,
        help_text=_("When it is one of yours in this portal."),
    )  # fmt: skip
    opens_on = WrittenDateField(label=_("Opens on"), help_text=_("From 0:00 in Tokyo."))
    closes_on = WrittenDateField(
        label=_("Closes on"), help_text=_("Applications must have arrived by this moment (必着).")
    )
    closes_clock = ClockField(label=_("at, in Tokyo"))
    places = _number(pgettext_lazy("call", "Places"), help_text=_("How many organisations are selected."))
    most_people = _number(_("People of one organisation at most"))
    fee = YenField(label=_("Fee in yen"), required=False, help_text=_("Empty: nothing is said. 0: free of charge."))
    fee_note_ja = text_field(_("Who pays what, in Japanese"), 300)
    fee_note_en = text_field(_("Who pays what, in English"), 300)
    conditions_ja = text_field(_("Conditions in Japanese"), 4000, 4)
    conditions_en = text_field(_("Conditions in English"), 4000, 4, help_text=_("One of the two is enough."))
    selection = forms.ChoiceField(label=_("Selection"), choices=Selection.choices, widget=forms.RadioSelect)
    seed_rule_ja = text_field(_("Number of the lottery, in Japanese"), 300)
    seed_rule_en = text_field(
        _("Number of the lottery, in English"), 300,
        help_text=_(
            "Only for a lottery: a public number that nobody can know before the call closes, and where it is published, such "
            "as a closing price of a day after it."
        ),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)

    field_order = (
        "title_ja", "title_en", "summary_ja", "summary_en", "event", "opens_on", "closes_on", "closes_clock", "places",
        "most_people", "fee", "fee_note_ja", "fee_note_en", "conditions_ja", "conditions_en", "selection", "seed_rule_ja",
        "seed_rule_en",
    )  # fmt: skip

    def __init__(self, *args: Any, events: Any, published: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = events  # type: ignore[attr-defined]
        for name in PROMISED if published else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if {"opens_on", "closes_on", "closes_clock"} <= {name for name, value in data.items() if value is not None}:
            self._window(data)
        by_lottery = data.get("selection") == Selection.LOTTERY
        if by_lottery and not (data.get("seed_rule_ja") or data.get("seed_rule_en")):
            self.add_error("seed_rule_ja", gettext("Name the public number the lottery will use."))
        if not (data.get("conditions_ja") or data.get("conditions_en")):
            self.add_error(
                "conditions_ja", gettext("Write the conditions in Japanese or in English: organisations agree to them.")
            )
        return data

    def _window(self, data: dict[str, Any]) -> None:
        zone = ZoneInfo(TOKYO)
        data["opens_at"] = dt.datetime.combine(data["opens_on"], dt.time(0), zone)
        data["closes_at"] = dt.datetime.combine(data["closes_on"], data["closes_clock"], zone)
        if data["closes_at"] <= data["opens_at"]:
            self.add_error("closes_on", gettext("The call must close after it opens."))

    def values(self) -> dict[str, Any]:
        """As a row keeps it: what cannot change any more is left out."""
        names = [name for name in self.fields if name not in ("opens_on", "closes_on", "closes_clock", "version")]
        kept = {name: self.cleaned_data[name] for name in names if not self.fields[name].disabled}
        kept["closes_at"] = self.cleaned_data["closes_at"]
        return kept if self.fields["opens_on"].disabled else kept | {"opens_at": self.cleaned_data["opens_at"]}


def call_as_typed(call: Call) -> dict[str, Any]:
    """What the form of a call begins with."""
    zone = ZoneInfo(TOKYO)
    closes = call.closes_at.astimezone(zone)
    plain = ("title_ja", "title_en", "summary_ja", "summary_en", "places", "most_people", "fee", "fee_note_ja", "fee_note_en",
             "conditions_ja", "conditions_en", "selection", "seed_rule_ja", "seed_rule_en", "version")  # fmt: skip
    return {name: getattr(call, name) for name in plain} | {
        "event": call.event_id, "opens_on": call.opens_at.astimezone(zone).date(), "closes_on": closes.date(),
        "closes_clock": closes.time(),
    }  # fmt: skip


class ApplicationForm(forms.Form):
    """`most`: people one organisation may name."""

    people = _number(_("Number of people"))
    names = text_field(
        _("Names"), 2000, 3, help_text=_("One a line, with the post. Leave it empty while they are not decided.")
    )
    reason = CountedField(
        label=_("Why your organisation wants to take part"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    contact = CountedField(label=_("Contact"), max_length=120)
    email = AddressField(label=_("E-mail"), help_text=_("Where the host can ask. Results are told in this portal."))
    consent = forms.BooleanField(label=_("We agree to the conditions of the call"))
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        if most == 1:
            self.fields["people"].initial = 1
        self.fields["people"].help_text = gettext("At most %(most)s.") % {"most": most}

    def clean_people(self) -> int:
        people: int = self.cleaned_data["people"]
        if people > self.most:
            raise forms.ValidationError(
                gettext("One organisation may name %(most)s people at most; these are %(people)s.")
                % {"most": self.most, "people": people}
            )
        return people

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        named = [line for line in data.get("names", "").splitlines() if line.strip()]
        if data.get("people") and len(named) > data["people"]:
            said = gettext("These are %(named)s names for %(people)s people. Correct one of the two.")
            self.add_error("names", said % {"named": len(named), "people": data["people"]})
        return data


def application_as_typed(application: Application) -> dict[str, Any]:
    return {
        name: getattr(application, name) for name in ("people", "names", "reason", "contact", "email", "version")
    } | {"consent": True}


class SeedForm(forms.Form):
    """The public number, as it was published; letters and digits of any width are the same."""

    seed = forms.CharField(
        label=_("The number"), max_length=120, widget=forms.TextInput(attrs={"class": "w-16", "autocomplete": "off"}),
        help_text=_("Exactly as it is published: 38,915.87 and 38915.87 give different results."),
    )  # fmt: skip
    source = CountedField(
        label=_("Where it is published"), max_length=300, help_text=_("An address, or the name of the paper.")
    )
    day = WrittenDateField(label=_("Of which day"))
    sure = forms.BooleanField(label=_("I have compared it with the source. It can never be changed."))

    def __init__(self, *args: Any, closes: dt.date, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closes, self.today = closes, today

    def clean_seed(self) -> str:
        seed = " ".join(unicodedata.normalize("NFKC", self.cleaned_data["seed"]).split())
        if not re.fullmatch(SEED, seed):
            raise forms.ValidationError(
                gettext(
                    "Write the number in digits or Latin letters; between them . , : / + - _ and spaces are possible."
                )
            )
        return seed

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day <= self.closes:
            raise forms.ValidationError(
                gettext(
                    "Somebody could have known that number before the call closed. Use one of a day after the closing day."
                )
            )
        if day > self.today:
            raise forms.ValidationError(gettext("That day is still to come. Draw when the number is published."))
        return day


class ChoiceForm(forms.Form):
    """One line for each application: not selected, selected, or a reserve with its number."""

    def __init__(self, *args: Any, applications: list[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = applications
        reserves = [
            (str(number), _("reserve no. %(number)s") % {"number": number})
            for number in range(1, len(applications) + 1)
        ]
        choices = [
            ("", pgettext_lazy("application", "not selected")),
            (str(CHOSEN), pgettext_lazy("application", "selected")),
        ]
        for each in applications:
            self.fields[f"a{each.lot}"] = forms.ChoiceField(
                label=str(each), choices=[*choices, *reserves], required=False,
                initial="" if each.proposed is None else str(each.proposed),
            )  # fmt: skip

    def choice(self) -> dict[Application, int | None]:
        found = {each: self.cleaned_data[f"a{each.lot}"] for each in self.applications}
        return {each: int(number) if number else None for each, number in found.items()}
