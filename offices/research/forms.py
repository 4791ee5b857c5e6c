"""What some moves of a research request ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.kinds import MoveForm
from clair_portal.casework.models import Referral
from clair_portal.network.models import Organisation
from clair_portal.outbox.services import Post
from clair_portal.ui.fields import CountedField
from offices.drafts import SendingForm
from offices.forms import must_be_in_being, offer_offices
from offices.models import ResearchRequest
from offices.research import places
from offices.research.drafting import RESULT
from offices.routing import in_being, propose, why_this


class OfficeForm(MoveForm):
    """Which office: proposed by the jurisdiction of today, confirmed by headquarters."""

    office: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("Office"), queryset=Organisation.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate(self.now)
        offer_offices(self.fields["office"], today)
        self._proposed = propose(self.case.countries, today)
        standing = Referral.objects.filter(case=self.case, standing=True).select_related("office").first()
        first = [standing.office] if standing and standing.office.in_being(today) else in_being(self._proposed, today)
        self.initial.setdefault("office", next(iter(first), None))

    def clean_office(self) -> Organisation:
        office: Organisation = self.cleaned_data["office"]
        must_be_in_being(office, timezone.localdate(self.now))
        return office

    def proposals(self) -> list[dict[str, Any]]:
        return [{"office": p.office, "countries": p.countries, "on": p.on} for p in self._proposed]

    def more_posts(self) -> list[Post]:
        office = self.initial.get("office")
        on_it = Referral.objects.filter(case=self.case, office=office, standing=True).exists()
        return [Post(office.pk, "cases.work")] if office and not on_it else []

    def given(self) -> dict[str, Any]:
        office = self.cleaned_data["office"]
        return {"office": office, "why": why_this(office, self._proposed)}


class AskOfficeForm(OfficeForm):
    exception = CountedField(
        label=_("Why headquarters makes an exception"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._outside = places.outside(self.case)
        if not self._outside:
            del self.fields["exception"]
            return
        self.fields["exception"].help_text = places.outside_sentence(
            self._outside, gettext("Write why headquarters makes an exception, or decline.")
        )

    def clean_exception(self) -> str:
        text: str = self.cleaned_data["exception"].strip()
        if not text:
            raise forms.ValidationError(gettext("Write why headquarters makes an exception, or decline."))
        return text

    def given(self) -> dict[str, Any]:
        return super().given() | {"exception": self.cleaned_data.get("exception", "")}


class FeasibilityForm(MoveForm):
    feasibility = CountedField(
        label=_("What is possible, and until when"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def given(self) -> dict[str, Any]:
        return {"feasibility": self.cleaned_data["feasibility"]}


class LetterForm(MoveForm):
    """The letter as a paper; nothing else is asked, because everything else was said with the enquiry."""

    letter = forms.FileField(label=_("Formal request letter"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        detail = ResearchRequest.objects.select_related("letter").get(case=self.case)
        self.fields["letter"].help_text = gettext(
            "Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV, at most 20 MB."
        )
        if detail.letter is not None:
            self.fields["letter"].required = False
            self.fields["letter"].help_text = gettext("Leave it empty to send “%(name)s” again.") % {
                "name": detail.letter.name
            }

    def given(self) -> dict[str, Any]:
        return {"letter": self.cleaned_data["letter"]}


class ResultForm(SendingForm):
    drafting = RESULT
    body = CountedField(label=_("Result"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 14}))


class ShareForm(MoveForm):
    """What every local government will read. The subject is proposed as the title."""

    title = forms.CharField(label=_("Title on the list"), max_length=200)
    summary = CountedField(
        label=_("Summary"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody who is signed in reads it. The requester is not named on the list."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"title": self.case.title, **self.initial}

    def given(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "summary": self.cleaned_data["summary"]}
