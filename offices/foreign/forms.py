from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.kinds import MoveForm
from clair_portal.casework.passing import why_not_to
from clair_portal.network.enums import LOCAL_GOVERNMENT_KINDS
from clair_portal.network.forms import OrganisationField
from clair_portal.network.models import Jurisdiction, Organisation
from clair_portal.network.services import names
from clair_portal.outbox.services import Post
from clair_portal.ui.fields import CountedField, OwnAddressField, TelephoneField, own
from offices.enums import ForeignKind
from offices.routing import propose, why_this

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """A few papers at once; how many and how large is a setting."""

    widget = Several(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        papers = [super(PapersField, self).clean(each, initial) for each in data or [] if each]
        if len(papers) > settings.FOREIGN_PAPERS:
            raise forms.ValidationError(gettext("Add at most %(most)s papers.") % {"most": settings.FOREIGN_PAPERS})
        if large := [paper.name for paper in papers if (paper.size or 0) > settings.FOREIGN_PAPER_BYTES]:
            most = filesizeformat(settings.FOREIGN_PAPER_BYTES)
            raise forms.ValidationError(gettext("%(name)s is larger than %(most)s.") % {"name": large[0], "most": most})
        return papers


def papers() -> PapersField:
    return PapersField(
        label=_("Papers"), required=False,
        help_text=_("Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV; at most 3, of 10 MB each."),
    )  # fmt: skip


class AskForm(forms.Form):
    """What a local government abroad asks for."""

    government = CountedField(label=_("Name of your local government"), max_length=150, widget=own("organization"))
    country = forms.ChoiceField(label=_("Country"))
    contact = CountedField(label=_("Your name"), max_length=120, widget=own("name"))
    email = OwnAddressField(label=_("E-mail"), help_text=_("You get a link there to confirm the request."))
    telephone = TelephoneField(label=_("Telephone"), max_length=40, required=False, widget=own("tel"))
    kinds = forms.MultipleChoiceField(
        label=_("What do you ask for?"), choices=ForeignKind.choices, widget=forms.CheckboxSelectMultiple
    )
    subject = CountedField(label=_("Subject"), max_length=150)
    text = CountedField(
        label=_("Your request"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What you want to achieve, with whom, and by when. At most 8000 characters."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("First day"), required=False, widget=DAY, help_text=_("If there are dates."))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DAY)
    papers = papers()
    consent = forms.BooleanField(
        label=_("I agree that these data are used in this way"),
        help_text=_(
            "The office, CLAIR headquarters and Japanese local governments that can help use these data to answer this "
            "request. They are not published."
        ),
    )

    def __init__(self, *args: Any, office: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = Jurisdiction.objects.on(timezone.localdate()).filter(office=office).select_related("country")
        choices = sorted(((row.country_id, str(row.country)) for row in served), key=lambda pair: pair[1])
        self.fields["country"].choices = choices if len(choices) == 1 else [("", "–"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day must not be before the first day."))
        return given


class ReplyForm(forms.Form):
    body = CountedField(label=_("Message to the office"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}))
    papers = papers()


class WithdrawForm(forms.Form):
    reason = CountedField(label=_("Why do you withdraw it?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class LinkForm(forms.Form):
    email = OwnAddressField(label=_("E-mail"), help_text=_("The address you gave in the request."))


class AnswerForm(MoveForm):
    """The words go out by mail; the field says so."""

    words = _("Answer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = self.words


class QuestionForm(AnswerForm):
    words = pgettext_lazy("to the requester", "Question")


class PartnerForm(MoveForm):
    partner = OrganisationField(
        label=pgettext_lazy("partner", "Japanese local government"),
        help_text=_("Name or code. Its people are told who asks for what, with the contact; they do not see the case."),
    )

    def clean_partner(self) -> Organisation:
        partner: Organisation = self.cleaned_data["partner"]
        if partner.kind not in LOCAL_GOVERNMENT_KINDS or not partner.in_being(timezone.localdate(self.now)):
            raise forms.ValidationError(gettext("Choose a local government of Japan that exists today."))
        return partner

    def given(self) -> dict[str, Any]:
        return {"partner": self.cleaned_data["partner"]}


class OtherOfficeForm(MoveForm):
    """Which office gets it: proposed where another one is responsible for the country today."""

    office: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("Office"), queryset=Organisation.objects.none(), widget=forms.RadioSelect, empty_label=None,
        help_text=_("Its people are told, in their language. It accepts, or returns the request with a reason."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.queryset = Organisation.objects.offices()
        open_to = [each for each in field.queryset.order_by("pk") if not self._why_not(each)]
        field.choices = [(each.pk, str(each)) for each in open_to]
        found = propose(self.case.countries, timezone.localdate(self.now))
        self._proposed = [each for each in found if each.office in open_to]
        self.initial.setdefault("office", next((each.office for each in self._proposed), None))

    def _why_not(self, office: Organisation) -> str:
        return why_not_to(self.case, office, timezone.localdate(self.now))

    def proposals(self) -> list[dict[str, Any]]:
        return [{"office": each.office, "countries": each.countries, "on": each.on} for each in self._proposed]

    def clean_office(self) -> Organisation:
        office: Organisation = self.cleaned_data["office"]
        if reason := self._why_not(office):
            raise forms.ValidationError(reason)
        return office

    def _chosen(self) -> Organisation | None:
        """What was sent, before that what is proposed."""
        return getattr(self, "cleaned_data", {}).get("office") if self.is_bound else self.initial.get("office")

    def more_posts(self) -> list[Post]:
        return [Post(office.pk, "cases.work")] if (office := self._chosen()) else []

    def more_words(self) -> dict[str, Any]:
        return {"office": names(office) if (office := self._chosen()) else _("the office you choose")}

    def given(self) -> dict[str, Any]:
        office = self.cleaned_data["office"]
        return {"office": office, "why": why_this(office, self._proposed)}
