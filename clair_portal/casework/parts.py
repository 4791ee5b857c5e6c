"""One matter, several offices: each gets a part of its own with its own clock, and the whole follows its parts."""

from __future__ import annotations

import datetime as dt
import itertools
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
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.search import with_number
from clair_portal.casework.telling import say
from clair_portal.casework.workflow import WORKFLOWS, Following, State, in_parts, workflow_of
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

    Raises NotAllowed: no office, one named twice, an organisation that is none, or an office that has ended.
    """
    if reason := _why_not_to(offices, timezone.localdate(now)):
        raise NotAllowed(reason)
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
    end_referrals_of_parts(case.pk)
    if read_along:
        passing.end_work_of_readers(case, now=now)
    case.split = len(offices) > 1
    if case.split:
        begin = Case.objects.filter(parent=case).count() + 1
        for number, office in enumerate(offices, begin):
            _open_part(case, office, number=number, owner=office == owner, why=why.get(office.pk, ""), now=now)


def _why_not_to(offices: list[Organisation], today: dt.date) -> str:
    """Why a case cannot be referred to these offices; empty: it can."""
    if not offices or any(not office.is_office for office in offices):
        return _("Choose an overseas office.")
    if len({office.pk for office in offices}) != len(offices):
        return _("An office is named twice. Choose each office once.")
    if ended := next((office for office in offices if not office.in_being(today)), None):
        return passing.ended_sentence(ended)
    return ""


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


def lock_whole(case: Case) -> Case | None:
    """Whoever locks a part has locked its whole before, in the order of whoever moves the whole. None: it is no part."""
    if case.parent_id is None:
        return None
    return Case.objects.select_for_update(of=("self",)).filter(pk=case.parent_id).first()


def lock_wholes(cases: CaseQuerySet) -> None:
    """The same for many parts at once."""
    wholes = Case.objects.filter(pk__in=cases.exclude(parent=None).values("parent")).order_by("pk")
    list(wholes.select_for_update(of=("self",)).only("pk"))


def follow(part: Case, *, actor: Reader, now: dt.datetime) -> None:
    """After a move of a part the whole goes where its parts lead it, once, however many offices move at the same time."""
    whole = lock_whole(part)
    assert whole is not None
    if not in_parts(whole):
        return
    rule = _first_that_holds(whole, [each.state for each in live_parts(whole)])
    if rule is None or rule.target == whole.state:
        keep_up(whole)
        return
    before = whole.state
    event = _event(whole, rule)
    _lead(whole, rule, now)
    say(
        event, whole, posts=posts_of(whole, rule.told), signature=actor.signature, but_not=actor.person,
        logged={"before": before, "after": whole.state},
    )  # fmt: skip
    set_reminders(whole, now)


def live_parts(whole: Case) -> list[Part]:
    """The parts on which somebody still has to do something: returned, called back and of an earlier referral are none."""
    states = WORKFLOWS[workflow_of(whole).part].state
    return [part for part in parts_of(whole) if not states(part.state).ended]


def _first_that_holds(whole: Case, states: list[str]) -> Following | None:
    return next((rule for rule in workflow_of(whole).following if rule.when(states)), None)


def _event(whole: Case, rule: Following) -> str:
    further = itertools.takewhile(lambda each: each != rule, workflow_of(whole).following)
    return rule.back if rule.back and whole.state in {each.target for each in further} else rule.event


def _lead(whole: Case, rule: Following, now: dt.datetime) -> None:
    state = workflow_of(whole).state(rule.target)
    whole.state, whole.holder, whole.moved_at, whole.version = state.key, state.holder, now, whole.version + 1
    whole.split = still_split(whole, state)
    if in_parts(whole):
        take_from_parts(whole)
    else:
        whole.holding = Organisation.objects.headquarters() if state.holder == Holder.HEADQUARTERS else None
        set_deadline(whole, state, whole.holding, now, resumed=False)
    whole.save(update_fields=["state", "moved_at", "version", "split", *FROM_PARTS])


FROM_PARTS = ("holder", "holding", "due_at", "due_zone")


def keep_up(whole: Case) -> None:
    """A part has another holder or deadline, and the whole stays where it is."""
    if not in_parts(whole):
        return
    before = _ball_and_clock(whole)
    take_from_parts(whole)
    if _ball_and_clock(whole) != before:
        whole.version += 1
        whole.save(update_fields=["version", *FROM_PARTS])


def _ball_and_clock(whole: Case) -> tuple[object, ...]:
    return whole.holder, whole.holding_id, whole.due_at, whole.due_zone


def take_from_parts(whole: Case) -> None:
    """Ball and clock of a case that several offices work on are those of its live parts; not saved.

    As soon as one office waits for the requester the requester has the ball; else the leading one of those at work. The
    case is due with the first of all its parts.
    """
    parts, states = live_parts(whole), WORKFLOWS[workflow_of(whole).part].state
    places = Organisation.objects.in_bulk([whole.applicant_id, *(part.office for part in parts)])
    held = [(part, places.get(_who_holds(whole, part, states(part.state).holder))) for part in parts]
    asked = any(place == whole.applicant for _part, place in held)
    whole.holder = Holder.APPLICANT if asked else Holder.OFFICE
    whole.holding = whole.applicant if asked else next((place for _part, place in held if place is not None), None)
    running = [(part.due_at, place.time_zone) for part, place in held if part.due_at and place]
    whole.due_at, whole.due_zone = min(running, key=lambda each: each[0], default=(None, "Asia/Tokyo"))


def _who_holds(whole: Case, part: Part, holder: Holder) -> int:
    """The organisation that has the ball of a part; 0: nobody, until all have reported."""
    return {Holder.APPLICANT: whole.applicant_id, Holder.OFFICE: part.office}.get(holder, 0)


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
    """Locked; whoever calls has locked the whole."""
    return (
        Case.objects.select_for_update(of=("self",)).filter(parent=whole).exclude(holder=Holder.NOBODY).order_by("pk")
    )


def referrals_follow(part: Case, state: ReferralState, *, standing: bool, reason: str) -> None:
    """The referral of the whole to this office goes with the referral of its part."""
    offices = Referral.objects.filter(case=part).values("office")
    Referral.objects.filter(case=part.parent_id, office__in=offices, standing=True).update(
        state=state, standing=standing, reason=reason
    )


def end_referrals_of_parts(whole: int) -> None:
    """An office that no longer sees the whole does not see a part of it either. `whole`: its key."""
    on_whole = Referral.objects.filter(case=whole, standing=True).values("office")
    Referral.objects.filter(case__parent=whole, standing=True).exclude(office__in=on_whole).update(
        standing=False, state=ReferralState.REVOKED
    )
