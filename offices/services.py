"""Support requests: drafting. Moving them is the business of the workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.services import describe, lock_draft, open_draft
from offices.models import SupportRequest
from offices.workflow import KIND

ON_THE_CASE = {"title", "countries", "topics"}


@transaction.atomic
def begin_request(*, title: str, actor: Reader, now: dt.datetime) -> Case:
    """A new draft of the acting organisation with an empty detail row."""
    case = open_draft(kind=KIND, title=title, actor=actor, now=now)
    SupportRequest.objects.create(case=case)
    return case


@transaction.atomic
def save_draft(case: Case, *, values: dict[str, Any], version: int | None = None) -> Case:
    """Writes what was typed. `values`: title, countries and topics of the case, and fields of SupportRequest.

    What is not named stays as it was. `version`: the one the person saw; Conflict when somebody saved in between.
    """
    case = lock_draft(case, version=version)
    detail = SupportRequest.objects.get(case=case)
    for name, value in values.items():
        if name not in ON_THE_CASE:
            setattr(detail, name, value)
    detail.save()
    describe(
        case, title=values.get("title", case.title), countries=values.get("countries"), topics=values.get("topics"),
        texts=(detail.purpose, detail.wanted, detail.hosts, detail.questions),
    )  # fmt: skip
    return case
