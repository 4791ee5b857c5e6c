"""Opening, moving and answering cases. Each call is one action: lock, check, change, log, tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.approvals.services import touched
from clair_portal.audit.services import record
from clair_portal.calendars.eras import era_of
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework import passing
from clair_portal.casework.access import CHANGES
from clair_portal.casework.deadlines import fiscal_day, set_clock_of_referral, set_deadline, set_reminders, suspend
from clair_portal.casework.enums import ALL_SIDES, STANDING, Holder, ReferralState
from clair_portal.casework.models import Assignment, Case, CaseFile, KindVersion, Note, Referral
from clair_portal.casework.parts import (
    end_parts,
    end_referrals_of_parts,
    follow,
    lock_whole,
    referrals_follow,
    still_split,
    take_from_parts,
)
from clair_portal.casework.posts import holding_organisation, path_of, posts_of, posts_told
from clair_portal.casework.queries import with_its_whole
from clair_portal.casework.rules import (
    Conflict,
    NotAllowed,
    may_move,
    may_throw_away,
    side_for_papers,
    sides_of,
    why_not_write,
)
from clair_portal.casework.search import keys_of, with_number
from clair_portal.casework.telling import say
from clair_portal.casework.workflow import WORKFLOWS, Transition, in_parts, workflow_of
from clair_portal.documents.services import receive
from clair_portal.language.words import shortened
from clair_portal.outbox.services import tell


def open_draft(*, kind: str, title: str, actor: Reader, now: dt.datetime, copied_from: Case | None = None) -> Case:
    """A new draft of the acting organisation; nobody else sees it until it is filed.

    It is opened under the version of its kind that holds today, and keeps it.
    """
    first = WORKFLOWS[kind].states[0]
    version = KindVersion.objects.number_on(kind, timezone.localdate(now))
    case = Case.objects.create(
        kind=kind, kind_version=version, title=title, applicant_id=actor.scope.organisation,
        state=first.key, holder=first.holder, holding_id=actor.scope.organisation, copied_from=copied_from,
        created_by=actor.person, created_at=now, moved_at=now,
    )  # fmt: skip
    describe(case, title=title)
    record("casework.case.drafted", case, actor=actor.signature, title=title)
    return case


def describe(
    case: Case,
    *,
    title: str,
    countries: list[str] | None = None,
    topics: list[str] | None = None,
    texts: Iterable[str] = (),
) -> None:
    """Writes what a case is about, and the keys it is found and compared by. `texts`: what else should be found."""
    case.title = title
    case.countries = case.countries if countries is None else countries
    case.topics = case.topics if topics is None else topics
    case.search_text, case.bigrams = keys_of(title, case.number, texts)
    case.save(update_fields=["title", "countries", "topics", "search_text", "bigrams"])
    touched(case)


@transaction.atomic
def lock_draft(case: Case, *, version: int | None) -> Case:
    """The draft, locked for writing, with its version counted up. Another version than the one seen raises Conflict."""
    locked = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None or locked.state != workflow_of(case).states[0].key:
        raise NotAllowed(_("This draft was filed or has gone; what you typed was not saved."))
    if version not in (None, locked.version):
        raise Conflict(
            _(
                "Somebody else changed this draft while you had it open. Compare before you save; what you typed is kept."
            )
        )
    locked.version += 1
    locked.save(update_fields=["version"])
    return locked


@transaction.atomic
def throw_away(case: Case, *, actor: Reader, version: int | None) -> None:
    """Removes a draft that was never filed, with everything written on it; that it was there stays in the log.

    The contents of its papers are swept from the storage with the next orphans. Raises NotAllowed with the sentence that is
    shown, Conflict where somebody changed the draft since `version`.
    """
    locked = lock_draft(case, version=version)
    if not (answer := may_throw_away(locked, actor)).allowed:
        raise NotAllowed(answer.reason)
    record("casework.case.thrown_away", locked, actor=actor.signature, title=locked.title)
    with connection.cursor() as cursor:
        cursor.execute("select casework_throw_away(%s)", [locked.pk])
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("This draft was filed or has gone; what you typed was not saved."))


@transaction.atomic
def perform(
    case: Case, key: str, *, actor: Reader, now: dt.datetime, reason: str = "", version: int | None = None, **given: Any
) -> Case:
    """Makes one move. Of several simultaneous attempts exactly one wins.

    `version`: the version the person saw; another one raises Conflict. `given`: what the move's form collected, passed to
    its effect. Raises NotAllowed with the sentence that is shown.
    """
    lock_whole(case)
    seen = Case.objects.visible_to(actor.scope).filter(pk=case.pk)
    locked = seen.select_for_update(of=("self",)).first()  # None: no longer one's own
    if locked is None or version not in (None, locked.version):
        raise Conflict
    case, move = locked, workflow_of(locked).transition(key)
    answer = may_move(case, move, actor)
    if not answer.allowed:
        raise NotAllowed(answer.reason)
    if move.reason and not reason.strip():
        raise NotAllowed(_("Write the reason, so that the other side knows what to do."))
    said = (move.effect(case, actor=actor, now=now, reason=reason, **given) if move.effect else None) or {}
    before = case.state
    _change(case, move, now)
    _say(case, move, before, {"reason": reason, **said}, actor)
    set_reminders(case, now)
    if case.parent_id:
        follow(case, actor=actor, now=now)
    _after(case, move, actor, now, reason)
    return case


def _change(case: Case, move: Transition, now: dt.datetime) -> None:
    if move.suspends:
        suspend(case, move, now)
    state, back = workflow_of(case).state(move.target), move.former == ReferralState.ACCEPTED
    case.state, case.holder, case.moved_at, case.version = state.key, state.holder, now, case.version + 1
    case.holding = holding_organisation(case, state.holder, back=back)
    set_deadline(case, state, case.holding, now, resumed=move.resumes)
    case.closed_at = (case.closed_at or now) if state.ended else None
    if case.split and move.parts:
        end_parts(case, move.parts, now=now)
    case.split = still_split(case, state)
    if in_parts(case):
        take_from_parts(case)
    case.save(update_fields=CHANGES)
    if move.by == Holder.HEADQUARTERS:
        set_clock_of_referral(case)


def _say(case: Case, move: Transition, before: str, values: dict[str, Any], actor: Reader) -> None:
    """One entry in the log, one message to the posts concerned."""
    say(
        move.event, case, posts=posts_told(case, move), signature=actor.signature, but_not=actor.person,
        logged={"before": before, "after": case.state}, **values,
    )  # fmt: skip


def _after(case: Case, move: Transition, actor: Reader, now: dt.datetime, reason: str) -> None:
    """Referrals change last: an office that returns one no longer sees the case from here on."""
    if move.by == Holder.OFFICE:
        _first_answer(case, actor, now)
    if move.former is not None:
        passing.settle(case, move, reason=reason, now=now)
    elif move.referral is not None:
        standing = move.referral in STANDING
        if case.parent_id:
            referrals_follow(case, move.referral, standing=standing, reason=reason)
        referrals = Referral.objects.visible_to(actor.scope).filter(case=case).working()
        referrals.update(state=move.referral, standing=standing, reason=reason)
        if not standing:
            end_referrals_of_parts(case.parent_id or case.pk)
    if case.closed_at is not None and workflow_of(case).passes_on:
        passing.end_reading(case)


def _first_answer(case: Case, actor: Reader, now: dt.datetime) -> None:
    """The first move an office makes on what was referred to it: it accepts, returns, asks, or passes it on. Written once.

    What headquarters and requester wait for is a sign that somebody there has taken it up; whatever the office does later,
    and what headquarters does itself (calling back), is no first answer.
    """
    on = with_its_whole(case)
    unanswered = Referral.objects.visible_to(actor.scope).filter(case__in=on, standing=True, answered_at=None)
    unanswered.filter(office__in=actor.scope.organisations).update(answered_at=now)


def enter(case: Case, *, now: dt.datetime) -> str:
    """A draft becomes a case: its branch sees it from now on, it gets its number and its fiscal year, once. Returns the number."""
    case.branch = case.applicant.checking_branch
    case.filed_at = case.filed_at or now
    if case.number is None:
        year = FiscalYear.of(fiscal_day(case, now))
        case.number, case.fiscal_year = give_number(workflow_of(case).series, year), year.year
        case.search_text, case.bigrams = with_number(case.search_text, case.bigrams, case.number)
    return case.number


def give_number(series: str, year: FiscalYear) -> str:
    """R8-支-0412: fiscal year in the era, series of the kind, running number."""
    with connection.cursor() as cursor:
        cursor.execute("select casework_next_number(%s, %s::smallint)", [series, year.year])
        running = cursor.fetchone()[0]
    last_day = dt.date(year.year, 12, 31)  # a fiscal year is named by the era in force at its calendar year's end
    era = era_of(last_day)
    prefix = f"{era.letter}{era.year_of(last_day)}" if era else str(year.year)
    return f"{prefix}-{series}-{running:04d}"


def add_note(case: Case, *, body: str, shared: bool, actor: Reader, now: dt.datetime) -> Note:
    """Writes a message on a case. A shared one is told to the other sides; an internal one stays on its side.

    Raises NotAllowed: an office that passed the case on.
    """
    _must_write(case, actor)
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
        told = ALL_SIDES
        params = {"number": case.number, "title": case.title, "actor": actor.signature, "body": shortened(body, 500)}
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


def _must_write(case: Case, actor: Reader) -> None:
    if reason := why_not_write(case, actor):
        raise NotAllowed(reason)


@transaction.atomic
def take_on(case: Case, side: Holder, *, actor: Reader, now: dt.datetime) -> Assignment:
    """The acting person is in charge of the case on their side from now on; whoever was before is replaced."""
    if side not in sides_of(case, actor) or actor.chosen is None:
        raise NotAllowed(_("Only the %(side)s can do this.") % {"side": side.label})
    Case.objects.visible_to(actor.scope).select_for_update(of=("self",)).filter(
        pk=case.pk
    ).first()  # one after the other
    return put_in_charge(case, side, actor.chosen.id, actor=actor, now=now)


def put_in_charge(case: Case, side: Holder, posting: int, *, actor: Reader, now: dt.datetime) -> Assignment:
    """A posting of the acting organisation is in charge on that side of a case the caller has locked."""
    held = {"case": case, "side": side, "organisation_id": actor.scope.organisation}
    if not Assignment.objects.filter(**held).update(posting=posting, since=now):
        Assignment.objects.create(**held, posting_id=posting, since=now)
    found = Assignment.objects.select_related("posting__person").get(**held)
    if actor.chosen is not None and posting == actor.chosen.id:
        record("casework.case.taken_on", case, actor=actor.signature, number=case.number or "")
    else:
        colleague = in_both_forms(found.posting.person)
        record("casework.case.assigned", case, actor=actor.signature, colleague=colleague)
    return found


def hand_over_cases(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Open cases in the charge of one posting go to its successor; returns how many. Finished ones keep their name."""
    held = Assignment.objects.filter(posting=from_posting)
    open_cases = Case.objects.filter(pk__in=held.values("case")).exclude(holder=Holder.NOBODY)
    moved = held.filter(case__in=open_cases)
    for case in open_cases:
        successor = in_both_forms(to_posting.person)
        record("casework.case.handed_over", case, actor=actor.signature, successor=successor)
    return moved.update(posting=to_posting, since=now)


def open_cases_of(postings: Sequence[int]) -> dict[int, int]:
    """How many open cases are in the charge of each posting."""
    return {posting: cases for posting, cases, _tasks in waiting_at(postings)}


def open_tasks_of(postings: Sequence[int]) -> dict[int, int]:
    """How many open tasks each posting has."""
    return {posting: tasks for posting, _cases, tasks in waiting_at(postings)}


def waiting_at(postings: Sequence[int]) -> list[tuple[int, int, int]]:
    """Posting, open cases, open tasks: numbers only, so that headquarters can plan for an office as well."""
    with connection.cursor() as cursor:
        cursor.execute("select posting, cases, tasks from casework_waiting_at(%s)", [list(postings)])
        return cursor.fetchall()


def in_both_forms(person: Person) -> dict[str, str]:
    return {"ja": person.name, "en": person.name_latin or person.name}


def add_file(case: Case, upload: UploadedFile, *, shared: bool = True, actor: Reader, now: dt.datetime) -> CaseFile:
    """Checks a file and puts it on the case. Raises documents.Refused with a sentence, NotAllowed for an office that passed it on."""
    _must_write(case, actor)
    received = receive(upload)
    side = side_for_papers(actor)
    paper = CaseFile(
        case=case, author_id=actor.scope.organisation, person=actor.person, signature=actor.signature, side=side, shared=shared,
        created_at=now, uploaded_at=now, uploaded_by=actor.person, **received.fields(),
    )  # fmt: skip
    paper.save(force_insert=True)
    touched(case)
    record("casework.file.added", case, actor=actor.signature, side="" if shared else side, name=paper.name)
    return paper
