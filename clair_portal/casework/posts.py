"""Which organisation stands on a side of a case, and whom a message to that side addresses."""

from __future__ import annotations

from collections.abc import Iterable

from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.workflow import workflow_of
from clair_portal.network.models import Organisation
from clair_portal.outbox.services import Post


def path_of(case: Case) -> str:
    return workflow_of(case).path.format(pk=case.pk)


def holding_organisation(case: Case, holder: Holder) -> Organisation | None:
    """The organisation that has the ball when `holder` has it; of several offices the leading one."""
    if holder == Holder.APPLICANT:
        return case.applicant
    if holder == Holder.BRANCH:
        return case.branch or case.applicant.checking_branch
    if holder == Holder.HEADQUARTERS:
        return Organisation.objects.headquarters()
    if holder == Holder.OFFICE:
        standing = Referral.objects.filter(case=case, standing=True).select_related("office")
        referral = standing.order_by("-owner", "pk").first()
        return referral.office if referral else None
    return None


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
