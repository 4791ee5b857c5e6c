"""Support requests: drafting. Moving them is the business of the workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.services import open_draft, rename
from offices.models import SupportRequest
from offices.workflow import KIND


@transaction.atomic
def begin_request(*, title: str, actor: Reader, now: dt.datetime) -> Case:
    """A new draft of the acting organisation with an empty detail row."""
    case = open_draft(kind=KIND, title=title, actor=actor, now=now)
    SupportRequest.objects.create(case=case)
    return case


@transaction.atomic
def save_draft(case: Case, *, values: dict[str, Any]) -> None:
    """Writes what was typed. `values`: title and fields of SupportRequest."""
    rename(case, values["title"])
    detail = SupportRequest.objects.get(case=case)
    for name, value in values.items():
        if name != "title":
            setattr(detail, name, value)
    detail.save()
