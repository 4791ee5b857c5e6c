"""Claims that come with an app's files: the files decide, so a claim that was corrected or taken out goes at the next load."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from clair_portal.network.models import Claim
from clair_portal.network.reference import read

NAMES = ("subject", "claim", "value", "as_of", "source")


def follow(subject: str, stated: Iterable[Claim]) -> str:
    """Makes the claims about `subject` and its parts ("JET Programme: US") those of `stated`.

    What the network's own file says about the same subject is not touched. Returns how many were added and removed.
    """
    wanted = {_key(claim): claim for claim in stated}
    kept = {tuple(row[name] for name in NAMES) for row in read("claims.csv")}
    found = Claim.objects.filter(Q(subject=subject) | Q(subject__startswith=f"{subject}: "))
    known = {_key(claim): claim.pk for claim in found}
    gone = [pk for key, pk in known.items() if key not in wanted and key not in kept]
    new = [claim for key, claim in wanted.items() if key not in known]
    Claim.objects.filter(pk__in=gone).delete()
    Claim.objects.bulk_create(new)
    return f"{len(new)} claims added, {len(gone)} removed"


def _key(claim: Claim) -> tuple[str, ...]:
    return tuple(str(getattr(claim, name)) for name in NAMES)
