from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.business_days import ZONES
from clair_portal.calendars.forms import ClockField, WrittenDateField
from clair_portal.calendars.zones import city_name, is_on_the_clock, zones_in
from clair_portal.contacts.itinerary import written
from clair_portal.contacts.models import Host, HostPerson, HostUse, Stop
from clair_portal.network.enums import Topic
from clair_portal.network.models import Country, Language
from clair_portal.ui.fields import CountedField

LONGEST = 2000  # characters of running text, here and in a sheet
WENT = [("", _("not said")), (5, _("5 very well")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 badly"))]


class BookText(CountedField):
    """Free text of the contact book: as much as a sheet takes."""

    default_error_messages = {
        "max_length": _("At most %(limit_value)s characters fit here, and these are %(show_value)s. Shorten the text.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "max_length": LONGEST})


def _languages() -> list[tuple[str, str]]:
    return [(row.code, str(row)) for row in Language.objects.exclude(code__startswith="ja").order_by("name")]


class HostForm(forms.ModelForm):
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    topics = forms.MultipleChoiceField(
        label=_("Good for"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken there"), choices=_languages, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Host
        fields = (
            "name", "local_name", "country", "city", "website", "telephone", "good_for", "notes", "topics", "languages",
        )  # fmt: skip
        labels = {"name": _("Name in English"), "local_name": _("Name in the local language")}
        help_texts = {
            "good_for": _("What visitors can learn or see there, in a line or two."),
            "notes": _("For example: how long before a visit to ask. Nothing private about people."),
        }
        field_classes = {"good_for": BookText, "notes": BookText}
        widgets = {"good_for": forms.Textarea(attrs={"rows": 2}), "notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = Country.objects.order_by("name")  # type: ignore[attr-defined]


class HostPersonForm(forms.ModelForm):
    class Meta:
        model = HostPerson
        fields = ("name", "title", "language", "email", "telephone", "active")
        help_texts = {
            "language": _("To write and speak in."),
            "active": _("When somebody is no longer there, address and telephone are deleted; name and post stay."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return data if data.get("active") else data | {"email": "", "telephone": ""}


class HostUseForm(forms.ModelForm):
    day = WrittenDateField(label=_("Day"))
    went = forms.TypedChoiceField(label=_("How it went"), choices=WENT, coerce=int, empty_value=None, required=False)

    class Meta:
        model = HostUse
        fields = ("day", "person", "went", "remark")
        labels = {"person": _("Person at the host")}
        field_classes = {"remark": BookText}
        widgets = {"remark": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = HostPerson.objects.filter(host=host).order_by("-active", "name")
        self.fields["person"].queryset = known  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    into: forms.ModelChoiceField[Host] = forms.ModelChoiceField(
        label=_("Goes on as"), queryset=Host.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, choices: list[Host], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pks = [host.pk for host in choices]
        self.fields["into"].queryset = Host.objects.filter(pk__in=pks).select_related("country")  # type: ignore[attr-defined]
        self.fields["into"].label_from_instance = _told_apart  # type: ignore[attr-defined]


def _told_apart(host: Host) -> str:
    return ", ".join(str(part) for part in (host.name, host.local_name, host.city, host.country, host.website) if part)


class VisitForm(forms.Form):
    title = CountedField(label=_("Title"), max_length=200)
    starts_on = WrittenDateField(label=_("First day"))
    ends_on = WrittenDateField(label=_("Last day"))
    language = forms.ChoiceField(
        label=_("Language of the hosts"), choices=_languages,
        help_text=_("What you write for hosts is in this language. Headings on their paper are in French, Korean, Chinese or English."),
    )  # fmt: skip
    title_foreign = CountedField(label=_("Title for hosts"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", gettext("The last day must not be before the first day."))
        return data


class VisitChangeForm(VisitForm):
    along = forms.BooleanField(
        label=_("Move all stops along with the first day"), required=False, initial=True,
        help_text=_("When the whole trip is put off."),
    )  # fmt: skip


class StopForm(forms.Form):
    """`countries`: of the case: their hosts and their clocks are offered, and the clocks of offices and headquarters."""

    day = WrittenDateField(label=_("Day"))
    begins = ClockField(label=pgettext_lazy("clock", "From"))
    ends = ClockField(label=pgettext_lazy("clock", "Until"), required=False)
    zone = forms.ChoiceField(label=_("Clock of"))
    what = CountedField(label=_("What"), max_length=200)
    what_foreign = CountedField(label=_("What, for hosts"), max_length=200, required=False)
    host: forms.ModelChoiceField[Host] = forms.ModelChoiceField(
        label=_("Host from the contact book"), queryset=Host.objects.none(), required=False
    )
    contact: forms.ModelChoiceField[HostPerson] = forms.ModelChoiceField(
        label=_("Person from the contact book"), queryset=HostPerson.objects.none(), required=False,
        help_text=_("Names are copied into the itinerary; the requester does not see the contact book."),
    )  # fmt: skip
    host_name = CountedField(
        label=_("Host, as the requester reads it"), max_length=200, required=False,
        help_text=_("Empty: the name in the contact book."),
    )  # fmt: skip
    person = CountedField(label=_("Person who receives"), max_length=120, required=False)
    place = CountedField(label=_("Place"), max_length=200, required=False)
    address = CountedField(label=_("Address"), max_length=250, required=False)
    interpreter = CountedField(label=_("Interpreter"), max_length=120, required=False)
    telephone = CountedField(
        label=_("Telephone"), max_length=60, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    note = CountedField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, countries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hosts = Host.objects.going_on().order_by("name")
        near = hosts.filter(country__in=countries) if countries else hosts
        people = (
            HostPerson.objects.filter(active=True, host__in=near).select_related("host").order_by("host__name", "name")
        )
        self.fields["host"].queryset = near  # type: ignore[attr-defined]
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["contact"].label_from_instance = _at_host  # type: ignore[attr-defined]
        zones = dict.fromkeys([*zones_in(countries), *ZONES.values(), *filter(None, [self.initial.get("zone")])])
        language = get_language() or "en"
        self.fields["zone"].choices = [(zone, city_name(zone, language)) for zone in zones]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("begins") and data.get("ends") and data["ends"] <= data["begins"]:
            self.add_error(
                "ends", gettext("The end must be after the beginning. Past midnight, add a stop on the next day.")
            )
        for name in ("begins", "ends"):
            if data.get(name) and data.get("day") and data.get("zone"):
                self._must_be_on_the_clock(name, data)
        host, contact = data.get("host"), data.get("contact")
        if host and contact and contact.host_id != host.pk:
            self.add_error("contact", gettext("This person belongs to another host."))
        return data

    def _must_be_on_the_clock(self, name: str, data: dict[str, Any]) -> None:
        if not is_on_the_clock(data["day"], data[name], data["zone"]):
            self.add_error(name, left_out(data["day"], data[name], data["zone"]))


def left_out(day: dt.date, clock: dt.time, zone: str) -> str:
    words = {"clock": f"{clock:%H:%M}", "day": written(day), "city": city_name(zone, get_language() or "en")}
    return gettext("There is no %(clock)s in %(city)s on %(day)s: clocks are put forward in that hour.") % words


class CopyDayForm(forms.Form):
    """`stops`: of the day that is copied; none of them may fall into an hour that the other day does not have."""

    to = WrittenDateField(label=_("Copy this day to"), error_messages={"required": _("Write the day to copy to.")})

    def __init__(self, *args: Any, stops: Sequence[Stop], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stops = stops

    def clean_to(self) -> dt.date:
        to: dt.date = self.cleaned_data["to"]
        if any(stop.day == to for stop in self.stops):
            raise forms.ValidationError(gettext("This is the same day. Write another one."))
        for stop in self.stops:
            for clock in filter(None, (stop.begins, stop.ends)):
                if not is_on_the_clock(to, clock, stop.zone):
                    raise forms.ValidationError(left_out(to, clock, stop.zone))
        return to


def _at_host(person: HostPerson) -> str:
    return ", ".join(part for part in (person.host.name, person.name, person.title) if part)
