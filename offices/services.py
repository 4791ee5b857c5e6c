"""Support requests: drafting, and what offices ask for. Moving requests is the business of the workflow."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.calendars.eras import LAST_YEAR
from clair_portal.casework.models import Case, CaseFile, OnCase
from clair_portal.casework.services import add_file, describe, lock_draft, open_draft
from clair_portal.network.services import names
from offices.models import Precondition, SupportRequest
from offices.workflow import KIND

EVERY_OFFICE = {"ja": "全事務所", "en": "every office"}
ON_THE_CASE = {"title", "countries", "topics"}


@transaction.atomic
def begin_request(*, title: str, actor: Reader, now: dt.datetime) -> Case:
    """A new draft of the acting organisation with an empty detail row."""
    case = open_draft(kind=KIND, title=title, actor=actor, now=now)
    SupportRequest.objects.create(case=case, **_in_charge(actor))
    return case


def _in_charge(actor: Reader) -> dict[str, Any]:
    """Division and contact as in the person's last request, so that nobody types them twice a year."""
    names = ("division", "contact", "telephone", "email")
    last = (
        SupportRequest.objects.filter(case__created_by=actor.person, case__applicant=actor.scope.organisation)
        .order_by("-pk")
        .values(*names)
        .first()
    )
    return last or {"contact": actor.name_as_written, "email": actor.email}


YEAR = dt.timedelta(weeks=52)
COPIED = (
    "division", "contact", "telephone", "email", "kinds", "purpose", "flexible", "party", "leader", "hosts", "questions",
    "situation", "wanted", "interpreter", "costs", "answers",
)  # fmt: skip


@transaction.atomic
def copy_request(detail: SupportRequest, *, actor: Reader, now: dt.datetime) -> Case:
    """A new draft like a former request of the same organisation; papers are not copied. The dates are a year later, or
    as many years as it takes until they lie ahead."""
    former = detail.case
    case = open_draft(kind=KIND, title=former.title, actor=actor, now=now, copied_from=former)
    copied = {name: getattr(detail, name) for name in COPIED}
    starts_on, ends_on = moved_ahead(detail, timezone.localdate(now))
    new = SupportRequest.objects.create(case=case, **copied, starts_on=starts_on, ends_on=ends_on)
    describe(case, title=former.title, countries=former.countries, topics=former.topics, texts=texts_of(new))
    return case


def moved_ahead(detail: SupportRequest, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The days of a former trip in the first later year in which they lie ahead. Years of 52 weeks keep the weekday,
    because visits fall on working days."""
    first, last = detail.starts_on, detail.ends_on
    if first is None or first.year > LAST_YEAR:
        return None, None
    shift = YEAR * max(1, -((first - today).days // YEAR.days))
    return first + shift, last + shift if last else None


def texts_of(detail: SupportRequest) -> tuple[str, ...]:
    """What a request is found by, besides its subject."""
    return (detail.purpose, detail.wanted, detail.hosts, detail.questions)


@transaction.atomic
def save_draft(case: Case, *, values: dict[str, Any], version: int | None = None) -> Case:
    """Writes what was typed. `values`: title, countries and topics of the case, and fields of SupportRequest.

    What is not named stays as it was. `version`: the one the person saw; Conflict when somebody saved in between.
    """
    case = lock_draft(case, version=version)
    detail = SupportRequest.objects.get(case=case)
    if "answers" in values:  # those to offices that are not asked just now stay
        given = {**detail.answers, **values["answers"]}
        values = values | {"answers": {key: text for key, text in given.items() if text}}
    return write_draft(case, detail, texts_of, values)


def write_draft(case: Case, detail: OnCase, texts: Callable[[Any], Iterable[str]], values: dict[str, Any]) -> Case:
    """Writes the fields of the detail row and of the case, with the keys it is found by."""
    own = [name for name in values if name not in ON_THE_CASE]
    for name in own:
        setattr(detail, name, values[name])
    if own:
        detail.save(update_fields=own)
    describe(
        case, title=values.get("title", case.title), countries=values.get("countries"), topics=values.get("topics"),
        texts=texts(detail),
    )  # fmt: skip
    return case


@transaction.atomic
def add_question_sheet(case: Case, upload: UploadedFile, *, actor: Reader, now: dt.datetime) -> CaseFile:
    """A paper on the draft that is its question sheet from now on; an earlier one stays as a paper. Raises Refused."""
    paper = add_file(case, upload, actor=actor, now=now)
    SupportRequest.objects.filter(case=case).update(question_sheet=paper.pk)
    return paper


@transaction.atomic
def keep_precondition(row: Precondition, *, values: dict[str, Any], actor: Reader) -> Precondition:
    """Headquarters writes what an office asks requesters to think of. A new row gets a key that stays."""
    for name, value in values.items():
        setattr(row, name, value)
    row.key = row.key or f"kept.{secrets.token_hex(4)}"
    row.save()
    office = names(row.office) if row.office else EVERY_OFFICE
    record(
        "offices.precondition.kept",
        row,
        actor=actor.signature,
        office=office,
        text={"ja": values["text_ja"], "en": values["text_en"]},
    )
    return row
