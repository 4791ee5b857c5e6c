from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.forms import WrittenDateField
from clair_portal.language.lists import joined
from clair_portal.language.words import listed
from clair_portal.network.enums import Topic
from clair_portal.network.models import Country, Organisation
from clair_portal.publishing.models import Publication
from clair_portal.publishing.sentences import sentences
from clair_portal.publishing.services import TEXTS

WHO_AND_WHEN = _("Write who agreed to the release, and when.")
MOST = 20  # organisations or countries on one publication


class LinesField(forms.Field):
    """Names or codes, one a line; gives the codes. A line that names nothing, or several, says what it could be."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str]:
        lines = list(dict.fromkeys(line.strip() for line in str(value or "").splitlines() if line.strip()))
        if len(lines) > MOST:
            raise forms.ValidationError(gettext("Name at most %(count)s.") % {"count": MOST})
        return list(dict.fromkeys(self.code_of(line[:120]) for line in lines))

    def code_of(self, line: str) -> str:
        raise NotImplementedError

    def named(self, codes: Iterable[str]) -> list[str]:
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(self.named(value)) if isinstance(value, list) else value


class OrganisationsField(LinesField):
    def code_of(self, line: str) -> str:
        known = Organisation.objects.exclude(code=None)
        exact = known.filter(Q(code=line.upper()) | Q(name_ja=line) | Q(name_en__iexact=line))  # type: ignore[misc]
        found = list(exact[:2]) if exact.exists() else list(known.named(line).order_by("kind", "code")[:6])
        if len(found) == 1:
            return str(found[0].code)
        if not found:
            raise forms.ValidationError(gettext("No organisation is called “%(line)s”.") % {"line": line})
        names = listed(f"{each} {each.code}" for each in found)
        raise forms.ValidationError(
            gettext("“%(line)s” could be: %(names)s. Write the code.") % {"line": line, "names": names}
        )

    def named(self, codes: Iterable[str]) -> list[str]:
        names = {each.code: str(each) for each in Organisation.objects.filter(code__in=list(codes))}
        return [names.get(code, code) for code in codes]


class CountriesField(LinesField):
    def code_of(self, line: str) -> str:
        named = Q(code=line.upper()) | Q(name_ja=line) | Q(name_en__iexact=line) | Q(short_name_ja=line)
        found = Country.objects.filter(named).first()  # type: ignore[misc]
        if found is None:
            raise forms.ValidationError(gettext("No country is called “%(line)s”.") % {"line": line})
        return found.code

    def named(self, codes: Iterable[str]) -> list[str]:
        names = Country.objects.in_bulk(list(codes))
        return [str(names.get(code, code)) for code in codes]


class PublicationForm(forms.ModelForm):
    """Plain text with empty lines between paragraphs; no markup."""

    countries = CountriesField(label=_("Countries"), required=False, help_text=_("One a line: name or code."))
    organisations = OrganisationsField(
        label=_("Organisations named"),
        required=False,
        help_text=_("One a line: name or code. Only those that agreed to be named."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Fields of exchange"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    consent_on = WrittenDateField(label=_("Agreed on"), required=False)

    class Meta:
        model = Publication
        fields = (
            "title_ja", "summary_ja", "body_ja", "title_en", "summary_en", "body_en", "countries", "topics", "organisations",
            "consent", "consent_on", "version",
        )  # fmt: skip
        widgets = {
            **{f"summary_{code}": forms.Textarea(attrs={"rows": 3}) for code in ("ja", "en")},
            **{f"body_{code}": forms.Textarea(attrs={"rows": 12}) for code in ("ja", "en")},
            "version": forms.HiddenInput,
        }
        help_texts = {
            "consent": _("For example: Otaru, planning division, by mail. Not shown to the public."),
            "body_ja": _("An empty line begins a new paragraph."),
        }

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def named_in(publication: Publication) -> list[tuple[str, str]]:
    """What stands on the page besides the texts: label and names."""
    fields = PublicationForm.base_fields
    topics = [str(Topic(key).label) for key in publication.topics if key in Topic.values]
    found = [
        ("organisations", OrganisationsField().named(publication.organisations)),
        ("countries", CountriesField().named(publication.countries)),
        ("topics", topics),
    ]
    return [(str(fields[name].label), joined(names)) for name, names in found if names]


class ReleaseForm(forms.Form):
    """Every sentence that would become public, to be left out or let through, and who agreed to it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    consent = forms.CharField(label=_("Who agreed"), max_length=300, error_messages={"required": WHO_AND_WHEN})
    consent_on = WrittenDateField(label=_("Agreed on"), error_messages={"required": WHO_AND_WHEN})
    agreed = forms.BooleanField(
        label=_("They agreed to these sentences, in public, under the names given."),
        error_messages={"required": _("Without an agreement nothing is released. Tick it when you have one.")},
    )

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: getattr(publication, name) for name in ("version", "consent", "consent_on")})
        for name in TEXTS:
            if found := sentences(getattr(publication, name)):
                self.fields[name] = forms.MultipleChoiceField(
                    label=Publication._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                    choices=[(str(place), sentence) for place, sentence in enumerate(found)],
                    initial=[str(place) for place in range(len(found))], required=False,
                    widget=forms.CheckboxSelectMultiple,
                )  # fmt: skip
        self.order_fields([*TEXTS, "consent", "consent_on", "agreed"])

    def clean_consent_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["consent_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(gettext("The day of the agreement must not be in the future."))
        return day

    def left_out(self) -> dict[str, set[int]]:
        chosen = {name: set(self.cleaned_data[name]) for name in TEXTS if name in self.fields}
        every = {name: [value for value, _label in self.fields[name].choices] for name in chosen}  # type: ignore[attr-defined]
        return {name: {int(value) for value in every[name] if value not in chosen[name]} for name in chosen}


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
