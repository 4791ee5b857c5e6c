"""Opening, moving and answering cases. Each call is one action: lock, check, change, log, tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.calendars.business_days import calendar_for, due_after
from clair_portal.calendars.eras import era_of
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.access import CHANGES
from clair_portal.casework.enums import Holder, ReferralState
from clair_portal.casework.models import Assignment, Case, CaseFile, Note, Referral
from clair_portal.casework.rules import may_move, side_for_papers, sides_of
from clair_portal.casework.workflow import WORKFLOWS, State, Transition, workflow_of
from clair_portal.documents.services import receive
from clair_portal.language import folding
from clair_portal.network.models import Organisation
from clair_portal.outbox.services import Post, tell


class NotAllowed(Exception):
    """The move is refused; the message is a sentence for the person."""


class Conflict(NotAllowed):
    """Somebody else moved the case since the page was shown."""


def open_draft(*, kind: str, title: str, actor: Reader, now: dt.datetime) -> Case:
    """A new draft of the acting organisation; nobody else sees it until it is filed."""
    workflow = WORKFLOWS[kind]
    first = workflow.states[0]
    case = Case.objects.create(
        kind=kind, title=title, applicant_id=actor.scope.organisation, state=first.key, holder=first.holder,
        holding_id=actor.scope.organisation, created_by=actor.person, created_at=now, moved_at=now,
        search_text=folding.search_key(title),
    )  # fmt: skip
    record("casework.case.drafted", case, actor=actor.signature, title=title)
    return case


def rename(case: Case, title: str) -> None:
    case.title, case.search_text = title, folding.search_key(title, case.number or "")
    case.save(update_fields=["title", "search_text"])


@transaction.atomic
def perform(
    case: Case, key: str, *, actor: Reader, now: dt.datetime, reason: str = "", version: int | None = None, **given: Any
) -> Case:
    """Makes one move. Of several simultaneous attempts exactly one wins.

    `version`: the version the person saw; another one raises Conflict. `given`: what the move's form collected, passed to
    its effect. Raises NotAllowed with the sentence that is shown.
    """
    locked = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()  # None: no longer one's own
    if locked is None or version not in (None, locked.version):
        raise Conflict(
            _("Somebody else changed this case while you had it open. Look at it again; what you typed is kept.")
        )
    case, move = locked, workflow_of(locked).transition(key)
    answer = may_move(case, move, actor)
    if not answer.allowed:
        raise NotAllowed(answer.reason)
    if move.reason and not reason.strip():
        raise NotAllowed(_("Write the reason, so that the other side knows what to do."))
    said = (move.effect(case, actor=actor, now=now, reason=reason, **given) if move.effect else None) or {}
    before = workflow_of(case).state(case.state)
    _change(case, workflow_of(case).state(move.target), now)
    params = {"number": case.number, "title": case.title, "reason": reason, **said}
    entry = record(move.event, case, actor=actor.signature, before=before.key, after=case.state, **params)
    posts = posts_of(case, move.told)
    params["actor"] = actor.signature
    tell(move.event, case, posts=posts, params=params, path=path_of(case), occasion=str(entry.pk), but_not=actor.person)
    _after(case, move, now, reason)
    return case


def _change(case: Case, state: State, now: dt.datetime) -> None:
    case.state, case.holder, case.moved_at, case.version = state.key, state.holder, now, case.version + 1
    holding = holding_organisation(case, state.holder)
    case.holding = holding
    case.due_at, case.due_zone = deadline(state, holding, now)
    case.closed_at = now if state.ended else None
    case.save(update_fields=CHANGES)


def _after(case: Case, move: Transition, now: dt.datetime, reason: str) -> None:
    """Referrals change last: an office that returns one no longer sees the case from here on."""
    if move.referral is not None:
        standing = move.referral in (ReferralState.ACCEPTED, ReferralState.DONE)
        referrals = Referral.objects.filter(case=case, standing=True)
        referrals.update(state=move.referral, standing=standing, reason=reason, answered_at=now)


def holding_organisation(case: Case, holder: Holder) -> Organisation | None:
    if holder == Holder.APPLICANT:
        return case.applicant
    if holder == Holder.BRANCH:
        return case.branch or case.applicant.checking_branch
    if holder == Holder.HEADQUARTERS:
        return Organisation.objects.headquarters()
    if holder == Holder.OFFICE:
        referral = Referral.objects.filter(case=case, standing=True).select_related("office").first()
        return referral.office if referral else None
    return None


def deadline(state: State, holding: Organisation | None, now: dt.datetime) -> tuple[dt.datetime | None, str]:
    """End of the term in business days of whoever holds the case, with the zone it is counted in."""
    if state.business_days is None or holding is None:
        return None, "Asia/Tokyo"
    return due_after(state.business_days, now, calendar_for(holding.calendar)), holding.time_zone


def posts_of(case: Case, sides: Iterable[Holder]) -> list[Post]:
    """Whom a message to these sides addresses."""
    rights = workflow_of(case).rights
    posts = []
    for side in sides:
        if side == Holder.OFFICE:
            offices = Referral.objects.filter(case=case, standing=True).values_list("office_id", flat=True)
            posts += [Post(office, rights[side]) for office in offices]
        elif organisation := holding_organisation(case, side):
            posts.append(Post(organisation.pk, rights[side]))
    return posts


def path_of(case: Case) -> str:
    return workflow_of(case).path.format(pk=case.pk)


def give_number(case: Case, now: dt.datetime) -> str:
    """R8-支-0412: fiscal year in the era, series of the kind, running number."""
    year = FiscalYear.of(now)
    series = workflow_of(case).series
    with connection.cursor() as cursor:
        cursor.execute("select casework_next_number(%s, %s::smallint)", [series, year.year])
        running = cursor.fetchone()[0]
    last_day = dt.date(year.year, 12, 31)  # a fiscal year is named by the era in force at its calendar year's end
    era = era_of(last_day)
    prefix = f"{era.letter}{era.year_of(last_day)}" if era else str(year.year)
    return f"{prefix}-{series}-{running:04d}"


def add_note(case: Case, *, body: str, shared: bool, actor: Reader, now: dt.datetime) -> Note:
    """Writes a message on a case. A shared one is told to the other sides; an internal one stays on its side."""
    side = side_for_papers(actor)
    note = Note(
        case=case, author_id=actor.scope.organisation, person=actor.person, signature=actor.signature, side=side, shared=shared,
        body=body, created_at=now,
    )  # fmt: skip
    note.save(force_insert=True)
    entry = record(
        "casework.note.written", case, actor=actor.signature, side="" if shared else side, number=case.number or ""
    )
    if shared and case.filed_at:
        told = [Holder.APPLICANT, Holder.BRANCH, Holder.HEADQUARTERS, Holder.OFFICE]
        params = {"number": case.number, "title": case.title, "actor": actor.signature, "body": body[:500]}
        posts = posts_of(case, told)
        tell(
            "casework.note.written",
            case,
            posts=posts,
            params=params,
            path=path_of(case),
            occasion=str(entry.pk),
            but_not=actor.person,
        )
    return note


def take_on(case: Case, side: Holder, *, actor: Reader, now: dt.datetime) -> Assignment:
    """The acting person is in charge of the case on their side from now on; whoever was before is replaced."""
    if side not in sides_of(case, actor) or actor.chosen is None:
        raise NotAllowed(_("Only the %(side)s can do this.") % {"side": side.label})
    held = {"case": case, "side": side, "organisation_id": actor.scope.organisation}
    if not Assignment.objects.filter(**held).update(posting=actor.chosen.id, since=now):
        Assignment.objects.create(**held, posting_id=actor.chosen.id, since=now)
    record("casework.case.taken_on", case, actor=actor.signature, number=case.number or "")
    return Assignment.objects.select_related("posting__person").get(**held)


def hand_over_cases(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Open cases in the charge of one posting go to its successor; returns how many. Finished ones keep their name."""
    held = Assignment.objects.filter(posting=from_posting)
    open_cases = Case.objects.filter(pk__in=held.values("case")).exclude(holder=Holder.NOBODY)
    moved = held.filter(case__in=open_cases)
    for case in open_cases:
        successor = in_both_forms(to_posting.person)
        record("casework.case.handed_over", case, actor=actor.signature, successor=successor)
    return moved.update(posting=to_posting, since=now)


def in_both_forms(person: Person) -> dict[str, str]:
    return {"ja": person.name, "en": person.name_latin or person.name}


def add_file(case: Case, upload: UploadedFile, *, shared: bool = True, actor: Reader, now: dt.datetime) -> CaseFile:
    """Checks a file and puts it on the case. Raises documents.Refused with a sentence."""
    received = receive(upload)
    side = side_for_papers(actor)
    paper = CaseFile(
        case=case, author_id=actor.scope.organisation, person=actor.person, signature=actor.signature, side=side, shared=shared,
        created_at=now, uploaded_at=now, uploaded_by=actor.person, **received.fields(),
    )  # fmt: skip
    paper.save(force_insert=True)
    record("casework.file.added", case, actor=actor.signature, side="" if shared else side, name=paper.name)
    return paper
