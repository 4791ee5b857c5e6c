"""The pages of a draft of a research request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.forms import WrittenDateField
from clair_portal.casework.enums import Topic
from clair_portal.ui.fields import CountedField
from offices.filing.fields import long_text
from offices.filing.steps import CountriesForm, Step, StepForm, WhoForm


class SubjectForm(StepForm):
    title = CountedField(
        label=_("Subject"), max_length=200, help_text=_("For example: fire safety for people who need care")
    )
    topics = forms.MultipleChoiceField(
        label=_("Fields of exchange"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Headquarters and offices find similar former requests by them."),
    )  # fmt: skip


class PlaceForm(CountriesForm):
    exception_wanted = long_text(
        _("Why an exception is asked for"),
        rows=3,
        hint=_("Only for a country that hosts no office: headquarters decides."),
    )
    wanted_by = WrittenDateField(
        label=_("Wanted by"), required=False, help_text=_("Any form: 令和9年6月1日, R9/6/1 or 2027-06-01")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["countries"].help_text = _(
            "Research is in principle done in countries that host an office; one request goes to one office."
        )
        self.fields["elsewhere"].help_text = ""


class PurposeForm(StepForm):
    purpose = long_text(_("Purpose"), hint=_("What the result will be used for"))
    not_from_japan = long_text(
        _("Why it cannot be done from Japan"), rows=4,
        hint=_("What you have looked for already, and what is not to be had from Japan: only that is researched."),
    )  # fmt: skip


class QuestionsForm(StepForm):
    questions = long_text(
        _("Questions (question sheet)"), rows=8, most=10_000,
        hint=_("One question a line. A sheet of your own can be added as a paper."),
    )  # fmt: skip
    situation = long_text(
        _("Situation in Japan"), hint=_("What you do today, and what is different abroad: hosts ask for it first.")
    )


STEPS = (
    Step("subject", _("What it is about"), SubjectForm, ("title",)),
    Step("who", _("Who is in charge"), WhoForm, ("division", "contact")),
    Step("place", _("Where, and until when"), PlaceForm, ("countries",)),
    Step("purpose", _("Purpose, and why from abroad"), PurposeForm, ("purpose", "not_from_japan")),
    Step("questions", _("Questions"), QuestionsForm, ("questions",)),
)
