from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.calendars.forms import WrittenDateField
from clair_portal.gatherings.models import Event
from clair_portal.language.folding import whole_number
from clair_portal.language.words import in_japanese, listed
from clair_portal.network.enums import Kind
from clair_portal.network.models import Country, Organisation
from clair_portal.network.services import add_body_abroad
from clair_portal.projects.enums import YEARS, State, Strand
from clair_portal.projects.models import Project, ProjectNote

MOST = 30  # parties on one side
NAME = 120  # characters of the name of a body


@dataclass(frozen=True)
class Party:
    """A body of the directory, or one abroad that is still to be added (`name` and `country`)."""

    organisation: Organisation | None = None
    name: str = ""
    country: str = ""


class PartiesField(forms.Field):
    """Bodies, one a line, by name or code. A line that fits several says which; one abroad may be new, with its country."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, abroad: bool, **kwargs: Any) -> None:
        self.abroad = abroad
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> list[Party]:
        lines = list(dict.fromkeys(line.strip()[:150] for line in str(value or "").splitlines() if line.strip()))
        if len(lines) > MOST:
            raise forms.ValidationError(gettext("Name at most %(count)s.") % {"count": MOST})
        return list(dict.fromkeys(self._party(line) for line in lines))

    def _party(self, line: str) -> Party:
        found = self._found(line)
        if len(found) == 1:
            return Party(found[0])
        if found:
            names = listed(f"{each} {each.code}" for each in found)
            raise forms.ValidationError(
                gettext("“%(line)s” could be: %(names)s. Write the code.") % {"line": line, "names": names}
            )
        if not self.abroad:
            raise forms.ValidationError(gettext("No organisation is called “%(line)s”.") % {"line": line})
        return self._new(line)

    def _bodies(self) -> QuerySet[Organisation]:
        known, foreign = Organisation.objects.exclude(code=None), Q(kind=Kind.FOREIGN_LOCAL_GOVERNMENT)
        return known.filter(foreign) if self.abroad else known.exclude(foreign | Q(kind=Kind.OFFICE))

    def _found(self, line: str) -> list[Organisation]:
        named = Q(code=line.upper()) | Q(name_ja=line) | Q(name_en__iexact=line)
        exact = list(self._bodies().filter(named)[:6])  # type: ignore[misc]
        named_so = Organisation.objects.named(line).values("pk")
        return exact or list(self._bodies().filter(pk__in=named_so).order_by("kind", "code")[:6])

    def _new(self, line: str) -> Party:
        name, _comma, place = line.replace("、", ",").replace("，", ",").rpartition(",")
        named = Q(code=place.strip().upper()) | Q(name_ja=place.strip()) | Q(name_en__iexact=place.strip())
        country = Country.objects.exclude(code="JP").filter(named | Q(short_name_ja=place.strip())).first()  # type: ignore[misc]
        if not name.strip() or country is None:
            raise forms.ValidationError(
                gettext("“%(line)s” is not in the directory. Write name and country, such as: Camden, GB")
                % {"line": line}
            )
        known = (
            self._bodies().filter(Q(name_ja=name.strip()) | Q(name_en__iexact=name.strip()), country=country).first()
        )  # type: ignore[misc]
        return Party(known) if known else Party(None, name.strip()[:NAME], country.code)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(_line(party) for party in value) if isinstance(value, list) else value


def new_body(name: str, country: str) -> str:
    """The line for a body abroad that may not be in the directory yet."""
    return f"{name[:NAME]}, {country}"


def _line(party: Any) -> str:
    return f"{party} {party.code}" if isinstance(party, Organisation) else str(party)


class YearField(forms.Field):
    widget = forms.TextInput(attrs={"class": "w-8", "inputmode": "numeric", "placeholder": "1998"})

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip().removesuffix("年")
        if not text:
            return None
        if (year := whole_number(text, *YEARS)) is None:
            raise forms.ValidationError(gettext("Write the year in four digits, such as 1998."))
        return year


class ProjectForm(forms.Form):
    """What a project is. Nothing but a title is needed to begin with."""

    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=200, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    strands = forms.MultipleChoiceField(
        label=_("Strands"), choices=Strand.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    japanese = PartiesField(
        abroad=False,
        label=_("Parties in Japan"),
        help_text=_("One a line: name or code. They can read the project here."),
    )
    foreign = PartiesField(
        abroad=True, label=_("Parties abroad"),
        help_text=_("One a line. A body that is not in the directory yet: name and country, such as: Camden, GB"),
    )  # fmt: skip
    begun = YearField(label=_("Begun in"), required=False, help_text=_("The year, if it is known."))
    source = forms.CharField(label=_("Source"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("title_ja") or data.get("title_en")):
            self.add_error("title_ja", gettext("Write a title in Japanese or in English."))
        return data

    def values(self) -> dict[str, Any]:
        """Fields of the project; an empty title stays empty in its language."""
        data = self.cleaned_data
        return {
            "title_ja": data["title_ja"] or None, "title_en": data["title_en"] or None, "strands": data["strands"],
            "begun": data["begun"], "source": data["source"],
        }  # fmt: skip

    def parties(self, actor: Reader) -> list[Organisation]:
        """The bodies named; new ones abroad are added to the directory."""
        wanted: Iterable[Party] = [*self.cleaned_data["japanese"], *self.cleaned_data["foreign"]]
        return [
            party.organisation
            or add_body_abroad(name=party.name, country=party.country, zone=actor.time_zone, actor=actor.signature)
            for party in wanted
        ]


class NewProjectForm(ProjectForm):
    state = forms.ChoiceField(label=_("State"), choices=State.choices, widget=forms.RadioSelect, initial=State.PLANNED)
    day = WrittenDateField(label=_("State as of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("day", timezone.localdate())


class EditProjectForm(ProjectForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, project: Project, parties: tuple[list[Organisation], list[Organisation]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(
            {name: getattr(project, name) for name in ("title_ja", "title_en", "strands", "begun", "source", "version")}
        )
        self.initial["japanese"], self.initial["foreign"] = parties


class SentenceForm(forms.Form):
    """How it stands, or what happened. The state alone is enough: it brings a sentence of its own.

    `seen`: the state the page showed. Who leaves it chosen changes nothing, also when a colleague has changed it since.
    """

    seen = forms.ChoiceField(
        choices=State.choices, required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    state = forms.ChoiceField(label=_("State"), choices=State.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What happened"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    day = WrittenDateField(label=_("Day"))
    other = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    hide_marks = True

    def __init__(self, *args: Any, project: Project, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.japanese = in_japanese()
        self.fields["other"].label = (
            gettext("The same in English") if self.japanese else gettext("The same in Japanese")
        )
        self.initial = {"state": project.state, "seen": project.state, "day": today, **self.initial}

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > timezone.localdate() + dt.timedelta(days=366):
            raise forms.ValidationError(gettext("That day is more than a year ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        said = data.get("text") or data.get("other")
        if "state" in data and not self._changed(data) and not said and "text" not in self.errors:
            self.add_error("text", gettext("Write what happened, or choose another state."))
        return data

    def _changed(self, data: dict[str, Any]) -> str:
        """The state that was chosen, if another one was shown."""
        state: str = data["state"]
        return "" if state == (data.get("seen") or self.project.state) else state

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        ja, en = (data["text"], data["other"]) if self.japanese else (data["other"], data["text"])
        return {
            "day": data["day"],
            "text_ja": ja,
            "text_en": en,
            "state": self._changed(data),
            "source": data["source"],
        }


class CorrectionForm(forms.ModelForm):
    day = WrittenDateField(label=_("Day"))

    class Meta:
        model = ProjectNote
        fields = ("day", "text_ja", "text_en", "source")
        widgets = {f"text_{code}": forms.Textarea(attrs={"rows": 3}) for code in ("ja", "en")}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("text_ja") or data.get("text_en")):
            self.add_error("text_ja", gettext("Write the sentence in Japanese or in English."))
        return data


class CaseForm(forms.Form):
    """To which project of the office a case belongs."""

    project: forms.ModelChoiceField[Project] = forms.ModelChoiceField(
        label=pgettext_lazy("of partners", "Project"),
        queryset=Project.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class EventForm(forms.Form):
    """Which event joins the project. `events`: those the reader sees, the newest first."""

    event = forms.ChoiceField(label=pgettext_lazy("gathering", "Event"))

    def __init__(self, *args: Any, events: Iterable[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = {str(event.pk): event for event in events}
        self.fields["event"].choices = [  # type: ignore[attr-defined]
            (key, f"{event} ({in_words(event.local_begin.date())})") for key, event in self.events.items()
        ]

    def chosen(self) -> Event:
        return self.events[self.cleaned_data["event"]]
