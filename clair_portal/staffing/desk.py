"""What the desk says in the weeks before a posting ends, and which desks have no handover yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from clair_portal.accounts.models import Posting, PostingTerms
from clair_portal.accounts.reader import Reader
from clair_portal.network.enums import HEADQUARTERS_KINDS, Kind
from clair_portal.staffing.models import HandoverPack
from clair_portal.staffing.queries import administers
from clair_portal.walls.roles import HEADQUARTERS

WEEK = dt.timedelta(days=7)
LONGEST = 26 * WEEK


@dataclass(frozen=True)
class Ending:
    """A posting that ends soon. `state`: none, begun or signed."""

    posting: Posting
    state: str


def my_endings(reader: Reader) -> list[Ending]:
    """The reader's own postings that end within the weeks set for their organisation and are not signed off."""
    soon = [post.id for post in reader.posts if post.holds and post.ends_on and post.ends_on <= post.today + LONGEST]
    if not soon:
        return []
    rows = Posting.objects.visible_to(reader.scope).filter(pk__in=soon).select_related("organisation", "role", "person")
    return [ending for ending in _endings(list(rows), reader) if ending.state != "signed"]


def endings_here(reader: Reader) -> list[Ending]:
    """For administrators: every desk that ends within its weeks, and how far its handover is."""
    if not administers(reader.scope):
        return []
    today = reader.today_here
    rows = Posting.objects.visible_to(reader.scope).in_force(today).filter(ends_on__lte=today + LONGEST)
    if reader.scope.role == HEADQUARTERS:
        rows = rows.filter(organisation__kind__in=[*HEADQUARTERS_KINDS, Kind.OFFICE])
    else:
        rows = rows.filter(organisation__in=reader.scope.organisations)
    return _endings(list(rows.select_related("organisation", "role", "person").order_by("ends_on", "pk")), reader)


def missing_here(reader: Reader) -> int:
    """How many of those have nobody's signature yet."""
    return sum(ending.state != "signed" for ending in endings_here(reader))


def _endings(postings: list[Posting], reader: Reader) -> list[Ending]:
    if not postings:
        return []
    places = {posting.organisation_id for posting in postings}
    weeks = dict(
        PostingTerms.objects.visible_to(reader.scope)
        .filter(organisation__in=places)
        .values_list("organisation", "weeks")
    )
    packs = HandoverPack.objects.visible_to(reader.scope).filter(posting__in=postings)
    signed = {pack.posting_id: pack.signed_at is not None for pack in packs.only("posting", "signed_at")}
    found = []
    for posting in postings:
        within = weeks.get(posting.organisation_id, PostingTerms.WEEKS) * WEEK
        if posting.ends_on and posting.ends_on <= reader.today_here + within:
            state = {None: "none", False: "begun", True: "signed"}[signed.get(posting.pk)]
            found.append(Ending(posting, state))
    return found
