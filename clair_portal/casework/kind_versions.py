"""Terms of a kind of case as data: a new version begins on a day; cases opened before keep the version they have."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.calendars.business_days import ZONES
from clair_portal.calendars.forms import WrittenDateField
from clair_portal.casework.models import KindVersion
from clair_portal.casework.workflow import Workflow
from clair_portal.language.folding import whole_number
from clair_portal.language.words import in_both

MOST_DAYS = 260  # business days: about a year
TERM = "term_"
_DIGITS = _("Write business days in digits, from 1 to %(most)s, or leave it empty for no deadline.")


class DaysField(forms.Field):
    """Business days in digits of any width; empty: no deadline."""

    widget = forms.TextInput(attrs={"class": "w-4", "inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        if (days := whole_number(text, 1, MOST_DAYS)) is None:
            raise forms.ValidationError(_DIGITS % {"most": MOST_DAYS})
        return days


class KindVersionForm(forms.Form):
    """A new version, filled with the terms that hold now."""

    starts_on = WrittenDateField(label=_("Valid from"), help_text=_("Any form: 令和9年6月1日, R9/6/1 or 2027-06-01"))
    fiscal_zone = forms.ChoiceField(
        label=_("Zone that decides the fiscal year"), choices=[(zone, zone) for zone in ZONES.values()]
    )
    remind_before = DaysField(label=_("Reminder, business days before the deadline"))
    escalate_after = DaysField(label=_("Headquarters is told, business days after the deadline"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, workflow: Workflow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = KindVersion.objects.filter(kind=workflow.kind).order_by("-version").first() or KindVersion()
        for name in ("fiscal_zone", "remind_before", "escalate_after"):
            self.initial.setdefault(name, getattr(latest, name))
        self.terms = [state for state in workflow.states if not state.ended and workflow.out_of(state.key)]
        for state in self.terms:
            self.fields[TERM + state.key] = DaysField(label=str(state.label), required=False)
            self.initial.setdefault(TERM + state.key, latest.terms.get(state.key, state.business_days))

    @property
    def term_fields(self) -> list[forms.BoundField]:
        return [self[TERM + state.key] for state in self.terms]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("starts_on", "fiscal_zone", "remind_before", "escalate_after", "note")]

    def values(self) -> dict[str, Any]:
        """Fields of KindVersion; a step without a term is written as null, so that it wins over the workflow's own."""
        terms = {state.key: self.cleaned_data[TERM + state.key] for state in self.terms}
        names = ("starts_on", "fiscal_zone", "remind_before", "escalate_after", "note")
        return {"terms": terms, **{name: self.cleaned_data[name] for name in names}}


@transaction.atomic
def begin_version(workflow: Workflow, *, values: dict[str, Any], actor: Reader, now: dt.datetime) -> KindVersion:
    """Keeps a new version. The first one kept is number 2: number 1 are the terms the workflow came with.

    Cases that are open keep the version they were opened under. Whoever keeps a version confirms its terms.
    """
    latest = KindVersion.objects.filter(kind=workflow.kind).aggregate(most=Max("version"))["most"] or 1
    version = KindVersion(
        kind=workflow.kind, version=latest + 1, confirmed_by=actor.signature, confirmed_at=now, **values
    )
    version.save(force_insert=True)
    record(
        "casework.kind.changed", version, actor=actor.signature, kind=in_both(workflow.label),
        day=version.starts_on.isoformat(),
    )  # fmt: skip
    return version
