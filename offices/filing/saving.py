"""Saving one page of a draft while others may have it open too: who wrote something else there is told, nothing is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.rules import Conflict
from clair_portal.casework.shown import Difference, written
from offices.filing.answers import needs_of
from offices.filing.filings import Filing
from offices.filing.steps import Step, StepForm


def stored_now(filing: Filing, case: Case) -> Any:
    """The draft as it is in this moment, with its case."""
    return filing.model._default_manager.select_related("case__applicant").get(case=case.pk)


@transaction.atomic
def save_page(filing: Filing, detail: Any, step: Step, form: StepForm, *, actor: Reader, now: dt.datetime) -> Any:
    """Writes the page with its paper and returns the draft as it is then. Refused: the paper, and nothing is written.

    Conflict only when this very page was changed in between:
    a colleague at another page, or oneself in another window, is in nobody's way."""
    case = _written(filing, detail, step, form)
    if filing.keep_sheet and (sheet := form.cleaned_data.get("sheet")):
        filing.keep_sheet(case, sheet, actor=actor, now=now)
    return stored_now(filing, case)


def _written(filing: Filing, detail: Any, step: Step, form: StepForm) -> Case:
    seen = form.cleaned_data["version"]
    try:
        return filing.save(detail.case, values=form.values(), version=seen.version)
    except Conflict:
        now = stored_now(filing, detail.case)
        if not seen.digest or step.form.digest(now) != seen.digest:
            raise
        return filing.save(now.case, values=form.values(), version=now.case.version)


def differences(detail: Any, step: Step, form: StepForm) -> list[Difference]:
    """Fields whose stored answer is not the one typed, in the order of the page."""
    kept = step.form.of(detail, **needs_of(step, detail))
    found = []
    for name in form.typed:
        saved, typed = kept.initial.get(name) or None, form.cleaned_data.get(name) or None
        if name in kept.fields and saved != typed:
            field = kept.fields[name]
            found.append(Difference(str(kept[name].label), written(field, saved), written(field, typed)))
    return found


def as_typed(form: StepForm) -> list[tuple[str, str]]:
    """What came in, readable, also where it was wrong: to copy it somewhere else. Empty fields are left out."""
    rows: list[tuple[str, Any]] = [(name, form[name].value()) for name in form.typed]
    return [(str(form[name].label), written(form.fields[name], value)) for name, value in rows if value]
