"""Which organisation stands on a side of a case, and whom a message to that side addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from clair_portal.casework.enums import FORMER, Holder, Origin, ReferralState
from clair_portal.casework.models import Case
from clair_portal.casework.workflow import Transition, workflow_of
from clair_portal.network.models import Organisation
from clair_portal.outbox.services import Post


def path_of(case: Case) -> str:
    return workflow_of(case).path.format(pk=case.pk)


@dataclass(frozen=True)
class OnCase:
    """An office whose referral of a case stands. `former`: it passed the case on and only reads along."""

    office: int
    state: str

    @property
    def former(self) -> bool:
        return self.state in FORMER


def offices_on(case: Case) -> list[OnCase]:
    """The offices on a case, the leading one first; read past the walls by a function that checks. Of several offices
    with parts each sees itself only."""
    with connection.cursor() as cursor:
        cursor.execute("select office, state from casework_offices_on(%s)", [case.pk])
        return [OnCase(*row) for row in cursor.fetchall()]


def office_with(case: Case, *, back: bool = False) -> Organisation | None:
    """The office that works on a case. `back`: the one that offered it to another, which gets it back."""
    wanted = (each for each in offices_on(case) if (each.state == ReferralState.OFFERED if back else not each.former))
    found = next(wanted, None)
    return Organisation.objects.get(pk=found.office) if found else None


def holding_organisation(case: Case, holder: Holder, *, back: bool = False) -> Organisation | None:
    """The organisation that has the ball when `holder` has it; of several offices the leading one.

    For whoever asked through a public form the office at work stands in.
    """
    if holder == Holder.APPLICANT:
        abroad = case.origin == Origin.FOREIGN_FORM
        return (office_with(case) if abroad else None) or case.applicant
    if holder == Holder.BRANCH:
        return case.branch or case.applicant.checking_branch
    if holder == Holder.HEADQUARTERS:
        return Organisation.objects.headquarters()
    if holder == Holder.OFFICE:
        return office_with(case, back=back)
    return None


def posts_of(case: Case, sides: Iterable[Holder]) -> list[Post]:
    """Whom a message to these sides addresses."""
    rights = workflow_of(case).rights
    posts = []
    for side in sides:
        if side == Holder.OFFICE:
            posts += [Post(each.office, rights[side]) for each in offices_on(case) if not each.former]
        elif organisation := holding_organisation(case, side):
            posts.append(Post(organisation.pk, rights[side]))
    return posts


def posts_told(case: Case, move: Transition) -> list[Post]:
    """Whom a move tells: its sides, and where it says so the offices that read along."""
    posts = posts_of(case, move.told)
    if move.told_former:
        right = workflow_of(case).rights[Holder.OFFICE]
        posts += [Post(each.office, right) for each in offices_on(case) if each.former]
    return list(dict.fromkeys(posts))
