"""One matter, several offices: each gets a part of its own with its own clock, and the whole follows its parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework import passing
from clair_portal.casework.deadlines import set_clock_of_referral, set_deadline, set_reminders
from clair_portal.casework.enums import Holder, ReferralState
from clair_portal.casework.models import Case, KindVersion, Referral
from clair_portal.casework.posts import posts_of
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.search import with_number
from clair_portal.casework.telling import say
from clair_portal.casework.workflow import WORKFLOWS, Following, State, workflow_of
from clair_portal.network.models import Organisation


@dataclass(frozen=True)
class Part:
    """How far one office is, as everybody on the whole may know it (offices do not see each other's papers)."""

    id: int
    office: int
    owner: bool
    state: str
    due_at: dt.datetime | None


def parts_of(whole: Case) -> list[Part]:
    """All parts of a case the reader sees, the leading office first; read past the walls by a function that checks."""
    with connection.cursor() as cursor:
        cursor.execute("select id, office, owner, state, due_at from casework_parts(%s)", [whole.pk])
        return [Part(*row) for row in cursor.fetchall()]


def refer_to(
    case: Case, offices: list[Organisation], *, owner: Organisation, why: dict[int, str], now: dt.datetime,
    read_along: bool = False,
) -> None:  # fmt: skip
    """Referrals of a case to offices; with several of them each gets a part. `why`: reason per office.

    `read_along`: whoever worked on it so far reads it until it ends; otherwise it no longer sees it.

    Raises NotAllowed: no office, one named twice, or an organisation that is none.
    """
    if not offices or any(not office.is_office for office in offices):
        raise NotAllowed(_("Choose an overseas office."))
    if len({office.pk for office in offices}) != len(offices):
        raise NotAllowed(_("An office is named twice. Choose each office once."))
    before = Referral.objects.filter(case=case, standing=True)
    if read_along:
        before.exclude(office__in=offices).update(state=ReferralState.READING, owner=False)
        before.filter(office__in=offices).update(standing=False)
    else:
        before.update(standing=False, state=ReferralState.REVOKED)
    for office in offices:
        Referral.objects.create(
            case=case, office=office, owner=office == owner, why=why.get(office.pk, ""), created_at=now
        )
    if read_along:
        passing.end_work_of_readers(case, now=now)
    case.split = len(offices) > 1
    if case.split:
        begin = Case.objects.filter(parent=case).count() + 1
        for number, office in enumerate(offices, begin):
            _open_part(case, office, number=number, owner=office == owner, why=why.get(office.pk, ""), now=now)


def _open_part(whole: Case, office: Organisation, *, number: int, owner: bool, why: str, now: dt.datetime) -> Case:
    workflow = WORKFLOWS[workflow_of(whole).part]
    first = workflow.states[0]
    version = KindVersion.objects.number_on(workflow.kind, timezone.localdate(now))
    found_by, pairs = with_number(whole.search_text, whole.bigrams, f"{whole.number}-{number}")
    part = Case(
        kind=workflow.kind, kind_version=version, parent=whole, title=whole.title, applicant_id=whole.applicant_id,
        branch_id=whole.branch_id, countries=whole.countries, topics=whole.topics, state=first.key, holder=first.holder,
        holding=office, number=f"{whole.number}-{number}", fiscal_year=whole.fiscal_year, origin=whole.origin,
        sample=whole.sample, created_at=now, filed_at=now, moved_at=now,
        search_text=found_by, bigrams=pairs,
    )  # fmt: skip
    set_deadline(part, first, office, now, resumed=False)
    part.save(force_insert=True)
    Referral.objects.create(case=part, office=office, owner=owner, why=why, created_at=now)
    set_clock_of_referral(part)
    set_reminders(part, now)
    return part


def follow(part: Case, *, actor: Reader, now: dt.datetime) -> None:
    """After a move of a part the whole goes where its parts lead it, once, however many offices move at the same time."""
    assert part.parent_id is not None
    whole = Case.objects.select_for_update(of=("self",)).get(pk=part.parent_id)
    parts = parts_of(whole)
    rule = _first_that_holds(whole, [each.state for each in parts])
    if rule is None or rule.target == whole.state or workflow_of(whole).state(whole.state).ended:
        return
    before = whole.state
    _lead(whole, rule, parts, now)
    say(
        rule.event, whole, posts=posts_of(whole, rule.told), signature=actor.signature, but_not=actor.person,
        logged={"before": before, "after": whole.state},
    )  # fmt: skip
    set_reminders(whole, now)


def _first_that_holds(whole: Case, states: list[str]) -> Following | None:
    return next((rule for rule in workflow_of(whole).following if rule.when(states)), None)


def _lead(whole: Case, rule: Following, parts: list[Part], now: dt.datetime) -> None:
    state = workflow_of(whole).state(rule.target)
    whole.state, whole.holder, whole.moved_at, whole.version = state.key, state.holder, now, whole.version + 1
    if state.holder == Holder.OFFICE:
        whole.holding_id = whole.holding_id if whole.holding_id in {each.office for each in parts} else parts[0].office
    else:
        whole.holding = Organisation.objects.headquarters() if state.holder == Holder.HEADQUARTERS else None
    whole.split = still_split(whole, state)
    set_deadline(whole, state, whole.holding, now, resumed=False)
    whole.save(update_fields=["state", "holder", "holding", "moved_at", "version", "split", "due_at", "due_zone"])


def still_split(case: Case, state: State) -> bool:
    """A case that is no longer with offices (all have returned it, headquarters called it back) is whole again."""
    if not case.split or state.ended:
        return case.split
    with_offices = [
        each.step for each in workflow_of(case).steps if each.holder == Holder.OFFICE and each.step is not None
    ]
    return state.step is not None and state.step >= min(with_offices)


def end_parts(whole: Case, state: str, *, now: dt.datetime) -> None:
    """The open parts go with the whole (closed, withdrawn, called back)."""
    workflow = WORKFLOWS[workflow_of(whole).part]
    for part in _open(whole):
        part.state, part.holder, part.holding = state, workflow.state(state).holder, None
        part.moved_at, part.closed_at, part.due_at, part.version = now, now, None, part.version + 1
        part.save(update_fields=["state", "holder", "holding", "moved_at", "closed_at", "due_at", "version"])
        set_reminders(part, now)


def _open(whole: Case) -> Iterable[Case]:
    return Case.objects.select_for_update(of=("self",)).filter(parent=whole).exclude(holder=Holder.NOBODY)


def referrals_follow(part: Case, state: ReferralState, *, standing: bool, reason: str) -> None:
    """The referral of the whole to this office goes with the referral of its part."""
    offices = Referral.objects.filter(case=part).values("office")
    Referral.objects.filter(case=part.parent_id, office__in=offices, standing=True).update(
        state=state, standing=standing, reason=reason
    )
