"""Saving one page of a draft while others may have it open too: who wrote something else there is told, nothing is lost."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case, CaseFile
from clair_portal.casework.rules import Conflict
from clair_portal.casework.shown import Difference, written
from clair_portal.documents.services import inspect
from clair_portal.documents.sniffing import Refused
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
    """Fields whose stored answer is not the one typed, in the order of the page; a paper that was sent differs from the one
    there is."""
    kept = step.form.of(detail, **needs_of(step, detail))
    sent = [name for name in form.sent if not _is_there(detail, form.cleaned_data[name])]
    found = []
    for name in [*form.typed, *sent]:
        saved, typed = kept.initial.get(name) or None, form.cleaned_data.get(name) or None
        if name in kept.fields and saved != typed:
            field = kept.fields[name]
            found.append(Difference(str(kept[name].label), written(field, saved), written(field, typed)))
    return found


def _is_there(detail: Any, upload: UploadedFile) -> bool:
    """Whether the question sheet is this very file, sent once more."""
    kept = CaseFile.objects.filter(pk=detail.question_sheet).values_list("name", "sha256").first()
    try:
        name, content, *_checked = inspect(upload)
    except Refused:
        return False
    return kept == (name, hashlib.sha256(content).hexdigest())


def say_what_was_not_kept(form: StepForm, files: Mapping[str, UploadedFile]) -> None:
    """A page that comes back holds every word but no file: browsers send one only when it is chosen anew."""
    for name, upload in files.items():
        if name in form.fields:
            form.add_error(name, _("“%(name)s” was not saved. Choose the file again.") % {"name": upload.name})


def as_typed(form: StepForm) -> list[tuple[str, str]]:
    """What came in, readable, also where it was wrong: to copy it somewhere else. Empty fields are left out."""
    rows: list[tuple[str, Any]] = [(name, form[name].value()) for name in (*form.typed, *form.sent)]
    return [(str(form[name].label), written(form.fields[name], value)) for name, value in rows if value]
