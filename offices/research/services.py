"""Research requests: drafting, and asking for the result of a shared one. Moving them is the business of the workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.rules import NotAllowed, over, sides_of
from clair_portal.casework.services import lock_draft, open_draft
from clair_portal.casework.shown import Shown, changed_values
from clair_portal.casework.texts import terms_of
from clair_portal.language import folding
from clair_portal.network.models import Organisation
from clair_portal.network.services import names
from clair_portal.outbox.services import Post, tell
from clair_portal.walls.roles import MEMBER
from clair_portal.walls.scope import Scope
from offices.models import ResearchCopy, ResearchRequest, ResearchResult, SharedResearch
from offices.research.workflow import KIND
from offices.services import write_draft

IN_CHARGE = ("division", "contact", "telephone", "email")
AT_WORK = {"in_progress", "more_asked"}
KNOWN = 3  # how many of the library are shown beside a draft


@transaction.atomic
def begin_request(*, title: str, actor: Reader, now: dt.datetime) -> Case:
    """A new draft of the acting organisation, with the contact of the person's last research request."""
    case = open_draft(kind=KIND, title=title, actor=actor, now=now)
    own = ResearchRequest.objects.filter(
        case__created_by=actor.person, case__applicant=actor.scope.organisation
    ).order_by("-pk")
    last = own.values(*IN_CHARGE).first()
    ResearchRequest.objects.create(case=case, **(last or {"contact": actor.name_as_written, "email": actor.email}))
    return case


def texts_of(detail: ResearchRequest) -> tuple[str, ...]:
    """What a research request is found by, besides its subject."""
    return (detail.purpose, detail.questions)


@transaction.atomic
def save_draft(case: Case, *, values: dict[str, Any], version: int | None = None) -> Case:
    """Writes what was typed; what is not named stays as it was. Raises Conflict when somebody saved in between."""
    case = lock_draft(case, version=version)
    return write_draft(case, ResearchRequest.objects.get(case=case), texts_of, values)


# --- The result as it grows -----------------------------------------------------------------------------------------------
def may_write(case: Case, reader: Reader) -> bool:
    """The office that works on the research writes its result, over days."""
    return Holder.OFFICE in sides_of(case, reader) and case.state in AT_WORK and reader.can("cases.work")


def result_draft(case: Case, scope: Scope) -> ResearchResult:
    """What the reader's office has written and not sent; an empty one where it has not begun."""
    held = ResearchResult.objects.visible_to(scope).filter(case=case, sent_at=None)
    return held.filter(office__in=scope.organisations).first() or ResearchResult()


def begun_result(case: Case, scope: Scope) -> str:
    """What the office goes on from: its draft, or what it sent before."""
    draft = result_draft(case, scope)
    if draft.pk:
        return draft.body
    sent = ResearchResult.objects.visible_to(scope).sent_on(case).filter(office__in=scope.organisations).first()
    return sent.body if sent else ""


@transaction.atomic
def save_result(case: Case, *, body: str, shown: Shown | None = None, actor: Reader, now: dt.datetime) -> None:
    """Keeps what is written so far; nobody but the office reads it before it is sent.

    `shown`: what the page showed; Conflict when a colleague saved other words since. Raises NotAllowed when the office is
    not at work on it.
    """
    locked = Case.objects.visible_to(actor.scope).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None or not may_write(locked, actor):
        raise NotAllowed(over(locked or case) or _("Only the office that works on the research writes its result."))
    draft, _new = ResearchResult.objects.get_or_create(
        case=locked, office_id=actor.scope.organisation, sent_at=None,
        defaults={"signature": actor.signature, "written_at": now},
    )  # fmt: skip
    changes = changed_values({"body": body}, shown=shown, stored=draft)
    if "body" in changes:
        changes["terms"] = terms_of(body)
    ResearchResult.objects.filter(pk=draft.pk).update(**changes, signature=actor.signature, written_at=now)


# --- The shared list ----------------------------------------------------------------------------------------------------
def known_about(detail: ResearchRequest, scope: Scope) -> list[SharedResearch]:
    """What the library holds that shares words with a draft, most alike first."""
    words = set(folding.bigrams(f"{detail.case.title} {detail.questions}"))
    if not words:
        return []
    near = SharedResearch.objects.visible_to(scope).filter(bigrams__overlap=sorted(words)).select_related("office")
    alike = sorted(near.order_by("-pk")[:400], key=lambda each: len(words & set(each.bigrams)), reverse=True)
    return alike[:KNOWN]


def may_ask(research: SharedResearch, reader: Reader) -> bool:
    return research.listed and reader.scope.role == MEMBER and reader.can("cases.file")


@transaction.atomic
def ask_for_copy(research: SharedResearch, *, actor: Reader, now: dt.datetime) -> ResearchCopy:
    """One click: headquarters is told that this organisation wants the full result. Raises NotAllowed."""
    if not may_ask(research, actor):
        raise NotAllowed(_("Only a local government can ask for a result of the shared list."))
    copy = ResearchCopy(
        research=research, organisation_id=actor.scope.organisation, signature=actor.signature, asked_at=now
    )
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
    except IntegrityError as error:
        raise NotAllowed(_("Your organisation has asked for it already.")) from error
    _say("offices.research.copy_asked", copy, Organisation.objects.headquarters(), "cases.triage", actor)
    return copy


@transaction.atomic
def release_copy(copy: ResearchCopy, *, actor: Reader, now: dt.datetime) -> None:
    """The organisation that asked reads the full result from now on, and is told. A second release does nothing."""
    open_ones = ResearchCopy.objects.filter(pk=copy.pk, released_at=None)
    if open_ones.update(released_at=now, released_by=actor.signature):
        _say("offices.research.copy_released", copy, copy.organisation, "cases.file", actor)


def _say(event: str, copy: ResearchCopy, to: Organisation, right: str, actor: Reader) -> None:
    params: dict[str, Any] = {"title": copy.research.title, "organisation": names(copy.organisation)}
    entry = record(event, copy.research, actor=actor.signature, **params)
    tell(
        event, copy.research, posts=[Post(to.pk, right)], params={**params, "actor": actor.signature},
        path=f"/desk/research/library/{copy.research_id}/", occasion=str(entry.pk), but_not=actor.person,
    )  # fmt: skip
