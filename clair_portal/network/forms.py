"""Forms of the directory."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.calendars.business_days import ZONES
from clair_portal.calendars.forms import WrittenDateField
from clair_portal.calendars.models import Holiday
from clair_portal.language.words import listed
from clair_portal.network.enums import BRANCH_KINDS, HEADQUARTERS_KINDS, LOCAL_GOVERNMENT_KINDS, Kind, SuccessionKind
from clair_portal.network.models import Country, Language, Organisation

HOW_TO_WRITE = gettext_lazy("Like 2026-11-22, 令和8年11月22日 or R8.11.22.")


class LinesField(forms.Field):
    """Several short texts, one on each line."""

    widget: Any = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str]:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class LanguagesField(LinesField):
    widget = forms.TextInput(attrs={"class": "w-16"})

    def to_python(self, value: Any) -> list[str]:
        parts = value if isinstance(value, list) else str(value or "").replace("、", ",").split(",")
        return [part.strip().lower() for part in parts if part.strip()]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        known = set(Language.objects.values_list("code", flat=True))
        if unknown := [code for code in value if code not in known]:
            raise forms.ValidationError(
                _("Not in the list of languages: %(codes)s. Write codes such as ja, en, zh-hans.")
                % {"codes": ", ".join(unknown)}
            )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class OrganisationField(forms.Field):
    """One organisation by its code or name, in any form people type; several of the same name are listed with codes."""

    def to_python(self, value: Any) -> Organisation | None:
        text = str(value or "").strip()
        if not text:
            return None
        if found := Organisation.objects.filter(code=text.upper()).first():
            return found
        candidates = list(Organisation.objects.named(text).select_related("parent").order_by("code")[:7])
        exact = [row for row in candidates if text in (row.name_ja, row.name_en)]  # type: ignore[attr-defined]
        if len(exact) == 1 or len(candidates) == 1:
            return (exact or candidates)[0]
        raise forms.ValidationError(_several(candidates) if candidates else _nothing(text))


def _several(candidates: list[Organisation]) -> str:
    names = listed(f"{row} ({' '.join(filter(None, [str(row.parent or ''), row.code or '']))})" for row in candidates)
    return _("Several organisations match. Write the code of one of them: %(list)s") % {"list": names}


def _nothing(text: str) -> str:
    return _("Nothing in the directory matches “%(text)s”.") % {"text": text}


class OrganisationForm(forms.ModelForm):
    variants = LinesField(
        label=gettext_lazy("Other forms of the name"), required=False,
        help_text=gettext_lazy("One on each line: old forms, variants of characters, abbreviations. All are searched."),
    )  # fmt: skip
    working_languages = LanguagesField(
        label=gettext_lazy("Working languages"), required=False, help_text=gettext_lazy("Codes, such as: ja, en")
    )
    website = forms.URLField(label=gettext_lazy("Website"), required=False, assume_scheme="https")
    calendar = forms.ChoiceField(
        label=gettext_lazy("Holiday calendar"), initial="HQ", choices=[(code, code) for code in ZONES]
    )
    starts_on = WrittenDateField(label=gettext_lazy("Exists from"), required=False, help_text=HOW_TO_WRITE)
    ends_on = WrittenDateField(
        label=gettext_lazy("Existed until"), required=False,
        help_text=gettext_lazy("For a merger or renaming, record the succession instead."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Organisation
        fields = (
            "kind", "code", "name_ja", "name_en", "kana", "romaji", "variants", "local_name", "county", "branch", "country",
            "time_zone", "calendar", "working_languages", "address", "telephone", "email", "website", "starts_on",
            "ends_on", "source",
        )  # fmt: skip
        labels = {"name_ja": gettext_lazy("Name in Japanese"), "name_en": gettext_lazy("Name in English")}

    def __init__(self, *args: Any, version: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version
        self.fields["source"].required = True
        self.fields["source"].help_text = _("Where this is known from: a notice, a web page, a letter with its date.")
        if self.instance.pk:
            self._keep_only_what_fits(self.instance)
        branch: Any = self.fields.get("branch")
        if branch:
            branch.queryset = Organisation.objects.branches().order_by("code")
        country: Any = self.fields.get("country")
        if country:
            country.queryset = Country.objects.order_by("name", "code")

    def _keep_only_what_fits(self, organisation: Organisation) -> None:
        """Kind and code of a body never change (a new status is a successor); some columns belong to some kinds."""
        out = ["kind", "code"]
        if organisation.kind in {*BRANCH_KINDS, *HEADQUARTERS_KINDS, Kind.OFFICE}:
            out.append("branch")
        if organisation.kind in LOCAL_GOVERNMENT_KINDS:
            out += ["country", "time_zone", "calendar", "local_name"]
        else:
            out += ["county", "romaji"]
        for name in out:
            del self.fields[name]

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"].strip()
        if zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("This is no time zone. Write one like Asia/Tokyo or Europe/London."))
        return zone

    def clean_code(self) -> str | None:
        return self.cleaned_data["code"] or None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("name_ja") and not values.get("name_en"):
            self.add_error("name_ja", _("Write a name in at least one of the two languages."))
        return values

    @property
    def changed_fields(self) -> list[str]:
        return [name for name in self.changed_data if name != "version"]


class SuccessionForm(forms.Form):
    successor = OrganisationField(
        label=pgettext_lazy("organisation", "Successor"),
        help_text=gettext_lazy("Code or name, such as 012033 or 小樽市."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SuccessionKind.choices)
    on = WrittenDateField(
        label=gettext_lazy("First day of the successor"),
        help_text=gettext_lazy("The former organisation ends the day before. Like 2026-11-22 or R8.11.22."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200,
        help_text=gettext_lazy("The notice or law that says so, with its date."),
    )  # fmt: skip


class JurisdictionForm(forms.Form):
    """No model form: the service refuses an overlap with a sentence that names the other office."""

    country: Any = forms.ModelChoiceField(Country.objects.all(), label=gettext_lazy("Country"))
    starts_on = WrittenDateField(
        label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Empty: since before records.")
    )
    ends_on = WrittenDateField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: no end known.")
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200,
        help_text=gettext_lazy("The notice or law that says so, with its date."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.queryset = Country.objects.order_by("name", "code")  # here, where the reader's language is known

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first day."))
        return values


class EndJurisdictionForm(forms.Form):
    ends_on = WrittenDateField(label=gettext_lazy("Last day"))


class HolidayForm(forms.ModelForm):
    date = WrittenDateField(label=gettext_lazy("Date"), help_text=HOW_TO_WRITE)

    class Meta:
        model = Holiday
        fields = ("date", "name_en", "name_ja", "name_local", "working")
        help_texts = {
            "working": gettext_lazy("People work on this day although it is a weekend."),
            "name_local": gettext_lazy("As it is called where the office is."),
        }
