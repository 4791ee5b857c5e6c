from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.business_days import ZONES
from clair_portal.calendars.forms import ClockField, WrittenDateField
from clair_portal.calendars.zones import city_name, is_on_the_clock
from clair_portal.gatherings.enums import Audience, EventKind
from clair_portal.gatherings.models import Booking, Event, Partner, Place, Series, Speaker
from clair_portal.gatherings.models.events import NEEDS_A_TITLE
from clair_portal.gatherings.rules import HOST
from clair_portal.ui.fields import CountedField, OwnAddressField, own

MOST = 100_000  # people at one event
LAST_MINUTE = dt.time(23, 59)


def text_field(label: Any, most: int, rows: int = 0, **more: Any) -> CountedField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return CountedField(label=label, max_length=most, required=False, widget=widget, **more)


class TitledForm(forms.Form):
    title_ja = text_field(_("Title in Japanese"), 200)
    title_en = text_field(_("Title in English"), 200, help_text=_("One of the two is enough."))
    summary_ja = text_field(_("Summary in Japanese"), 4000, 4)
    summary_en = text_field(_("Summary in English"), 4000, 4)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("title_ja") or data.get("title_en")) and not {"title_ja", "title_en"} & set(self.errors):
            self.add_error("title_ja", str(NEEDS_A_TITLE))
        return data


class SeriesForm(TitledForm):
    pass


class ChargeForm(forms.Form):
    """Somebody whose post at the organisation of the reader gives the right to hold events today."""

    posting: forms.ModelChoiceField[Posting] = forms.ModelChoiceField(
        label=_("Person in charge"), queryset=Posting.objects.none()
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Posting.objects.visible_to(reader.scope).filter(
            organisation=reader.scope.organisation, role__rights__contains=[HOST]
        )
        rows = there.in_force(reader.today_here).select_related("person", "role").order_by("person__name", "pk")
        self.fields["posting"].queryset = rows  # type: ignore[attr-defined]
        self.fields["posting"].label_from_instance = lambda post: f"{post.person} · {post.title or post.role}"  # type: ignore[attr-defined]


class EventForm(TitledForm):
    """`series` and `places`: of the host. The times are written as the clock of the host shows them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices)
    series: forms.ModelChoiceField[Series] = forms.ModelChoiceField(
        label=pgettext_lazy("events", "Series"), queryset=Series.objects.none(), required=False,
        help_text=_("When it comes again, such as every year."),
    )  # fmt: skip
    edition = text_field(pgettext_lazy("event", "Edition"), 40, help_text=_("Such as: 第3回, 2027"))
    day = WrittenDateField(label=_("Day"))
    begins = ClockField(label=pgettext_lazy("clock", "From"))
    ends = ClockField(label=pgettext_lazy("clock", "Until"))
    last_day = WrittenDateField(
        label=_("Last day"), required=False, help_text=_("Only when it lasts longer than a day.")
    )
    zone = forms.ChoiceField(label=_("Clock of"))
    place: forms.ModelChoiceField[Place] = forms.ModelChoiceField(
        label=_("Place"), queryset=Place.objects.none(), required=False,
        help_text=_("A place is never given twice at the same time."),
    )  # fmt: skip
    online = forms.BooleanField(label=_("Online as well, or only online"), required=False)
    capacity = forms.IntegerField(
        label=_("Capacity"), required=False, min_value=1, max_value=MOST,
        widget=forms.TextInput(attrs={"class": "w-8", "inputmode": "numeric"}),
        help_text=_("Empty: no limit. Whoever comes later waits and moves up by themselves."),
    )  # fmt: skip
    until_day = WrittenDateField(
        label=_("Registration until the end of"), required=False, help_text=_("Empty: until it begins.")
    )
    for_public = forms.BooleanField(label=_("People without an account may register as well"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)

    field_order = ("title_ja", "title_en", "kind", "day", "begins", "ends", "last_day", "zone", "place", "online",
                   "capacity", "until_day", "for_public", "series", "edition", "summary_ja", "summary_en")  # fmt: skip

    def __init__(self, *args: Any, series: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = series  # type: ignore[attr-defined]
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        zones = dict.fromkeys(filter(None, [self.initial.get("zone"), *ZONES.values()]))
        language = get_language() or "en"
        self.fields["zone"].choices = [(zone, city_name(zone, language)) for zone in zones]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if {"day", "begins", "ends", "zone"} <= {name for name, value in data.items() if value}:
            self._instants(data)
        return data

    def _instants(self, data: dict[str, Any]) -> None:
        zone, last = ZoneInfo(data["zone"]), data.get("last_day") or data["day"]
        for name, day in (("begins", data["day"]), ("ends", last)):
            if not is_on_the_clock(day, data[name], data["zone"]):
                self.add_error(name, gettext("Clocks are put forward in that hour. Write another time."))
                return
        data["begins_at"] = dt.datetime.combine(data["day"], data["begins"], zone)
        data["ends_at"] = dt.datetime.combine(last, data["ends"], zone)
        if data["ends_at"].astimezone(dt.UTC) <= data["begins_at"].astimezone(dt.UTC):
            self.add_error("ends", gettext("The end must be after the beginning. Past midnight, write the last day."))
        until = data.get("until_day")
        data["register_until"] = dt.datetime.combine(until, LAST_MINUTE, zone) if until else None

    def values(self) -> dict[str, Any]:
        names = ("title_ja", "title_en", "summary_ja", "summary_en", "kind", "series", "edition", "begins_at", "ends_at",
                 "zone", "online", "capacity", "register_until", "for_public")  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}


def as_typed(event: Event) -> dict[str, Any]:
    """What the form of an event begins with."""
    begin, end = event.local_begin, event.local_end
    until = event.register_until.astimezone(ZoneInfo(event.zone)).date() if event.register_until else None
    booking = Booking.objects.filter(event=event).first()
    plain = ("title_ja", "title_en", "summary_ja", "summary_en", "kind", "edition", "zone", "online", "capacity",
             "for_public", "version")  # fmt: skip
    return {name: getattr(event, name) for name in plain} | {
        "series": event.series_id, "day": begin.date(), "begins": begin.time(), "ends": end.time(),
        "last_day": end.date() if end.date() != begin.date() else None, "until_day": until,
        "place": booking.place_id if booking else None,
    }  # fmt: skip


class PlaceForm(forms.ModelForm):
    class Meta:
        model = Place
        fields = ("name_ja", "name_en", "address", "seats", "access")
        widgets = {
            "access": forms.Textarea(attrs={"rows": 3}),
            "seats": forms.TextInput(attrs={"class": "w-8", "inputmode": "numeric"}),
        }
        labels = {"name_ja": _("Name in Japanese"), "name_en": _("Name in English")}


class SpeakerForm(forms.ModelForm):
    class Meta:
        model = Speaker
        fields = ("name", "affiliation")
        help_texts = {"name": _("As the programme shows it. Ask the speaker before you show it to the public.")}


class PartnerForm(forms.ModelForm):
    class Meta:
        model = Partner
        fields = ("role", "name")


class ProgrammeForm(forms.Form):
    """A line of the programme of `event`, on the clock of the host."""

    day = WrittenDateField(label=_("Day"))
    begins = ClockField(label=pgettext_lazy("clock", "From"))
    ends = ClockField(label=pgettext_lazy("clock", "Until"), required=False)
    title_ja = text_field(_("Title in Japanese"), 200)
    title_en = text_field(_("Title in English"), 200, help_text=_("One of the two is enough."))
    speaker: forms.ModelChoiceField[Speaker] = forms.ModelChoiceField(
        label=_("Speaker"), queryset=Speaker.objects.none(), required=False
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = event.local_begin.date()
        self.event = event
        self.fields["speaker"].queryset = Speaker.objects.filter(event=event).order_by("pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("title_ja") or data.get("title_en")):
            self.add_error("title_ja", str(NEEDS_A_TITLE))
        if data.get("day") and data.get("begins"):
            self._within_the_event(data)
        return data

    def _within_the_event(self, data: dict[str, Any]) -> None:
        zone, ends = ZoneInfo(self.event.zone), data.get("ends")
        data["begins_at"] = dt.datetime.combine(data["day"], data["begins"], zone)
        data["ends_at"] = dt.datetime.combine(data["day"], ends, zone) if ends else None
        if data["ends_at"] and data["ends_at"] <= data["begins_at"]:
            self.add_error("ends", gettext("The end must be after the beginning."))
        elif not (self.event.begins_at <= data["begins_at"] < self.event.ends_at):
            self.add_error("begins", gettext("This is outside the event. Change the times of the event first."))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("begins_at", "ends_at", "title_ja", "title_en", "speaker")}


class MaterialForm(forms.Form):
    upload = forms.FileField(
        label=_("File"), help_text=_("Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV; at most 20 MB.")
    )
    audience = forms.ChoiceField(label=_("Who may read it"), choices=Audience.choices, widget=forms.RadioSelect)


class RegistrationForm(forms.Form):
    """Of somebody without an account."""

    name = CountedField(label=_("Your name"), max_length=120, widget=own("name"))
    body = CountedField(label=_("Organisation"), max_length=150, required=False, widget=own("organization"))
    email = OwnAddressField(label=_("E-mail"), help_text=_("You get a link there to confirm the registration."))
    consent = forms.BooleanField(
        label=_("I agree that these data are used in this way"),
        help_text=_("The host uses these data to hold the event. They are not published, and are deleted later."),
    )
