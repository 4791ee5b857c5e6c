"""People and invitations of a body that ended go to its successor; registered in ready() with network.moving."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from clair_portal.accounts.models import Invitation, Posting, SignedLink
from clair_portal.audit.services import Names, record
from clair_portal.network.models import Succession
from clair_portal.network.services import ONE_DAY, names


def move_postings(succession: Succession, actor: Names, now: dt.datetime) -> int:
    """Postings end with the former body and begin anew at the successor; access follows the dates by itself."""
    moved = 0
    for posting in _lasting(succession):
        if _role_exists(posting, succession) and _continued_at_successor(posting, succession):
            record(
                "accounts.posting.succeeded", posting, actor=actor, name=posting.person.name, day=succession.on.isoformat(),
                predecessor=names(succession.predecessor), successor=names(succession.successor),
            )  # fmt: skip
            moved += 1
    return moved


def staying(succession: Succession) -> list[Posting]:
    """Postings whose role does not exist at the successor's kind of organisation: a person has to decide about them."""
    return [posting for posting in _lasting(succession) if not _role_exists(posting, succession)]


def _lasting(succession: Succession) -> QuerySet[Posting]:
    reaching = Q(ends_on=None) | Q(ends_on__gte=succession.on)
    rows = Posting.objects.filter(reaching, organisation=succession.predecessor)
    return rows.select_related("person", "role").order_by("pk")


def _role_exists(posting: Posting, succession: Succession) -> bool:
    return not posting.role.kinds or succession.successor.kind in posting.role.kinds


def _continued_at_successor(posting: Posting, succession: Succession) -> bool:
    """False: nothing is to be done, because the person holds the role there already and this posting had not begun."""
    begins = max(posting.starts_on, succession.on)
    held = _held_at_successor(posting, succession, begins)
    if posting.starts_on >= succession.on:  # never in force at the former body
        if not held:
            posting.organisation = succession.successor
            posting.save(update_fields=["organisation"])
        return not held
    if not held:
        Posting.objects.create(
            person=posting.person, organisation=succession.successor, role=posting.role, title=posting.title,
            starts_on=begins, ends_on=posting.ends_on, sending_body=posting.sending_body,
        )  # fmt: skip
    posting.ends_on = succession.on - ONE_DAY
    posting.save(update_fields=["ends_on"])
    return True


def _held_at_successor(posting: Posting, succession: Succession, begins: dt.date) -> bool:
    held = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=begins), person=posting.person, organisation=succession.successor, role=posting.role
    )  # fmt: skip
    return (held if posting.ends_on is None else held.filter(starts_on__lte=posting.ends_on)).exists()


def move_secondments(succession: Succession, actor: Names, now: dt.datetime) -> int:
    """People whom the former body sent elsewhere are the successor's people now."""
    sent = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gte=succession.on), sending_body=succession.predecessor)
    return sent.update(sending_body=succession.successor)


def move_invitations(succession: Succession, actor: Names, now: dt.datetime) -> int:
    """Codes that were given out keep working, and lead to the successor."""
    sent = Invitation.objects.filter(
        Q(role__kinds=[]) | Q(role__kinds__contains=[succession.successor.kind]),
        organisation=succession.predecessor, used_at=None, revoked_at=None, expires_at__gt=now,
    )  # fmt: skip
    return _to_successor(sent, succession)


def move_links(succession: Succession, actor: Names, now: dt.datetime) -> int:
    """Links without an account keep working; what comes back belongs to the successor."""
    given = SignedLink.objects.filter(organisation=succession.predecessor, revoked_at=None, expires_at__gt=now)
    return _to_successor(given, succession)


def _to_successor(rows: QuerySet[Any], succession: Succession) -> int:
    return rows.update(organisation=succession.successor)
