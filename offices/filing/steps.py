"""The pages of a draft as data: what each asks for, what must be filled before filing, and how far it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.forms import WrittenDateField
from clair_portal.casework.enums import Topic
from clair_portal.casework.models import CaseFile
from clair_portal.ui.fields import AddressField, CountedField, TelephoneField
from offices.enums import CostBearer, CostItem, Interpreter, SupportKind
from offices.filing.fields import SeenField, long_text
from offices.filing.preconditions import questions_for
from offices.forms import NumberField, other_countries, served_countries
from offices.models import Precondition, SupportRequest
from offices.services import ON_THE_CASE

INSTEAD = {"countries": "elsewhere"}  # one of the two is enough
COST, ASKED = "cost_", "asked_"


class StepForm(forms.Form):
    """One page of the draft. Everything may stay empty until filing; what is written must be right.

    `version`: the draft as the person saw it, so that nobody overwrites a colleague unseen.
    """

    hide_marks = True
    names_lost_files = True  # saving.say_what_was_not_kept
    version = SeenField(required=False)

    @classmethod
    def of(cls, detail: Any, **given: Any) -> StepForm:
        return cls(initial={"version": cls.seen(detail), **cls.stored(detail)}, **given)

    @classmethod
    def digest(cls, detail: Any) -> str:
        """The same as long as nobody changes what this page holds."""
        held = json.dumps(cls.stored(detail), default=str, sort_keys=True)
        return hashlib.sha256(held.encode()).hexdigest()[:16]

    @classmethod
    def seen(cls, detail: Any) -> str:
        """For the hidden field: the draft and this page of it, as they are now."""
        return f"{detail.case.version}-{cls.digest(detail)}"

    @property
    def asked(self) -> list[str]:
        """The fields people fill in, in the order of the page."""
        return [name for name in self.fields if name != "version"]

    @property
    def typed(self) -> list[str]:
        """Those that are written, not chosen from a disk."""
        return [name for name in self.asked if not isinstance(self.fields[name], forms.FileField)]

    @property
    def sent(self) -> list[str]:
        """Those through which a file came in."""
        return [name for name in self.asked if name not in self.typed and name in self.files]

    @classmethod
    def stored(cls, detail: Any) -> dict[str, Any]:
        """What the draft holds for the fields of this page."""
        names = [name for name in cls.base_fields if name != "version"]
        return {name: getattr(detail.case if name in ON_THE_CASE else detail, name) for name in names}

    def values(self) -> dict[str, Any]:
        """What `save_draft` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class SubjectForm(StepForm):
    title = CountedField(label=_("Subject"), max_length=200, help_text=_("For example: study visit on local transport"))
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of support"), choices=SupportKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(
        label=_("Fields of exchange"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Headquarters and offices find similar former requests by them."),
    )  # fmt: skip


class WhoForm(StepForm):
    division = CountedField(label=_("Division in charge"), max_length=120, required=False)
    contact = CountedField(label=_("Contact person"), max_length=120, required=False)
    telephone = TelephoneField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = AddressField(label=_("E-mail"), max_length=254, required=False)


class CountriesForm(StepForm):
    """The countries a draft is about: those an office is responsible for, and all others apart."""

    countries = forms.MultipleChoiceField(
        label=_("Countries"), choices=served_countries, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The request goes to the office that is responsible for them."),
    )  # fmt: skip
    elsewhere = forms.MultipleChoiceField(
        label=_("Other countries"), choices=other_countries, required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=_("No office is responsible for these: headquarters answers itself."),
    )  # fmt: skip

    @classmethod
    def stored(cls, detail: Any) -> dict[str, Any]:
        served = {code for code, _name in served_countries()}
        countries = detail.case.countries
        others = [name for name in cls.base_fields if name not in ("version", "countries", "elsewhere")]
        return {
            "countries": [code for code in countries if code in served],
            "elsewhere": [code for code in countries if code not in served],
            **{name: getattr(detail, name) for name in others},
        }

    def values(self) -> dict[str, Any]:
        given = super().values()
        return given | {"countries": [*given["countries"], *given.pop("elsewhere")]}


class TravelForm(CountriesForm):
    starts_on = WrittenDateField(
        label=_("First day"), required=False, help_text=_("Any form: 令和9年6月1日, R9/6/1 or 2027-06-01")
    )
    ends_on = WrittenDateField(label=_("Last day"), required=False)
    flexible = forms.BooleanField(label=_("The dates can be moved"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day must not be before the first day."))
        return data


class PartyForm(StepForm):
    party = NumberField(label=_("Number of people"), required=False)
    leader = CountedField(
        label=_("Who leads the party"),
        max_length=120,
        required=False,
        help_text=_("Post and name, for example the mayor"),
    )


class PurposeForm(StepForm):
    purpose = long_text(_("Purpose"))
    situation = long_text(
        _("Situation in Japan"), hint=_("What you do today, and what is different abroad: hosts ask for it first.")
    )


class HostsForm(StepForm):
    """`sheet`: a paper that becomes the question sheet; `stored` names the one there is."""

    hosts = long_text(_("Hosts wanted"), hint=_("Organisations or kinds of places, in the order in which they matter"))
    questions = long_text(
        _("Questions to the hosts (question sheet)"), rows=8, most=10_000,
        hint=_("One question a line, or a sheet of your own below."),
    )  # fmt: skip
    sheet = forms.FileField(
        label=_("Question sheet as a paper"), required=False, widget=forms.FileInput,
        help_text=_("Word, Excel, PowerPoint, PDF, JPEG, PNG, text or CSV, at most 20 MB."),
    )  # fmt: skip

    @classmethod
    def stored(cls, detail: SupportRequest) -> dict[str, Any]:
        return {"hosts": detail.hosts, "questions": detail.questions, "sheet": sheet_name(detail)}

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "sheet"}


def sheet_name(detail: SupportRequest) -> str:
    """The name of the paper that is the question sheet; "" without one."""
    if detail.question_sheet is None:
        return ""
    return CaseFile.objects.filter(pk=detail.question_sheet).values_list("name", flat=True).first() or ""


class SupportForm(StepForm):
    wanted = long_text(_("Support wanted"), hint=_("For example: appointments, a briefing, accompaniment"))
    interpreter = forms.ChoiceField(
        label=_("Interpreter"), choices=Interpreter.choices, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in CostItem:
            self.fields[COST + item] = forms.ChoiceField(
                label=gettext("Costs: %(item)s") % {"item": item.label},
                choices=[("", gettext("not said")), *CostBearer.choices],
                required=False,
            )

    @classmethod
    def stored(cls, detail: SupportRequest) -> dict[str, Any]:
        return super().stored(detail) | {COST + item: bearer for item, bearer in detail.costs.items()}

    def values(self) -> dict[str, Any]:
        given = super().values()
        costs = {item.value: given.pop(COST + item) for item in CostItem}
        return given | {"costs": {item: bearer for item, bearer in costs.items() if bearer}}

    @property
    def cost_fields(self) -> list[forms.BoundField]:
        return [self[COST + item] for item in CostItem]


class QuestionsForm(StepForm):
    """What the offices responsible for the countries ask; the fields come from data."""

    def __init__(self, *args: Any, questions: list[Precondition] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions or []:
            self.fields[ASKED + question.key] = CountedField(
                label=question.text, help_text=str(question.office or ""), required=False, max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    @classmethod
    def stored(cls, detail: SupportRequest) -> dict[str, Any]:
        return {ASKED + key: text for key, text in detail.answers.items()}

    def values(self) -> dict[str, Any]:
        return {"answers": {name.removeprefix(ASKED): text.strip() for name, text in super().values().items()}}


@dataclass(frozen=True)
class Step:
    """`needed`: fields without which the request cannot be filed; without any the page may stay empty.

    `given`: what the form needs besides what was typed; a page that is given nothing is left out.
    """

    key: str
    label: Promise | str
    form: type[StepForm]
    needed: tuple[str, ...] = ()
    given: Callable[[Any, dt.date], dict[str, Any]] | None = None

    def filled(self, detail: Any) -> int:
        """0: nothing yet; 1: begun; 2: everything needed is there."""
        stored = self.form.stored(detail)
        if self.needed and all(stored[name] or stored.get(INSTEAD.get(name, "")) for name in self.needed):
            return 2
        if not self.needed and any(stored.values()):
            return 2
        return 1 if any(stored[name] for name in stored) else 0


def _asked(detail: SupportRequest, today: dt.date) -> dict[str, Any]:
    """The questions of the offices are data."""
    return {"questions": questions_for(detail.case, detail, today)}


STEPS = (
    Step("subject", _("What it is about"), SubjectForm, ("title", "kinds")),
    Step("who", _("Who is in charge"), WhoForm, ("division", "contact")),
    Step("travel", _("Where and when"), TravelForm, ("countries", "starts_on", "ends_on")),
    Step("party", _("Who travels"), PartyForm, ("party",)),
    Step("purpose", _("Purpose and situation in Japan"), PurposeForm, ("purpose",)),
    Step("hosts", _("Hosts and questions"), HostsForm),
    Step("support", _("Support wanted, interpreter, costs"), SupportForm, ("wanted",)),
    Step("questions", _("Questions of the office"), QuestionsForm, given=_asked),
)


def step_of(steps: tuple[Step, ...], key: str) -> Step:
    """Raises LookupError."""
    for step in steps:
        if step.key == key:
            return step
    raise LookupError(key)


def step_after(steps: tuple[Step, ...], key: str) -> Step | None:
    keys = [step.key for step in steps]
    place = keys.index(key) + 1
    return steps[place] if place < len(steps) else None
