"""Handing open work over to a successor. Apps register what hangs on a posting; this file knows none of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record

Move = Callable[[Posting, Posting, Reader, dt.datetime], int]
Waiting = Callable[[Sequence[int]], Mapping[int, int]]


@dataclass(frozen=True)
class Kind:
    """`move(from_posting, to_posting, actor, now)` moves what is open and returns how many it were.

    `waiting(postings)`: how many open items each has, for many postings in one statement; without it each is tried.
    """

    label: Promise | str
    move: Move
    waiting: Waiting | None = None


KINDS: dict[str, Kind] = {}


def register(name: str, move: Move, *, label: Promise | str, waiting: Waiting | None = None) -> None:
    """`name`: such as "casework.cases". Apps call this in ready()."""
    if name in KINDS:
        raise ValueError(f"registered twice: {name}")
    KINDS[name] = Kind(label, move, waiting)


def counts(*, from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> list[tuple[str, int]]:
    """What would move: it is really moved and taken back again, so the page can never show another number."""
    with transaction.atomic():
        found = _move_all(from_posting, to_posting, actor, now)
        transaction.set_rollback(True)
    return found


def waiting_at(postings: Sequence[Posting], *, actor: Reader, now: dt.datetime) -> dict[int, list[tuple[str, int]]]:
    """What is open of each posting, as (label, number); kinds with nothing are left out. Nothing is moved."""
    found: dict[int, list[tuple[str, int]]] = {posting.pk: [] for posting in postings}
    for kind in KINDS.values():
        counted = kind.waiting(list(found)) if kind.waiting else _tried(kind, postings, actor, now)
        for pk, number in counted.items():
            if number:
                found[pk].append((str(kind.label), number))
    return found


def _tried(kind: Kind, postings: Sequence[Posting], actor: Reader, now: dt.datetime) -> dict[int, int]:
    """Moved to where it is and taken back again."""
    with transaction.atomic():
        found = {posting.pk: kind.move(posting, posting, actor, now) for posting in postings}
        transaction.set_rollback(True)
    return found


@transaction.atomic
def hand_over(*, from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """Everything open of one posting goes to another of the same organisation. Returns how many items.

    ValueError: another organisation, or the same posting.
    """
    if from_posting.organisation_id != to_posting.organisation_id or from_posting.pk == to_posting.pk:
        raise ValueError("a successor holds another posting of the same organisation")
    total = sum(number for _label, number in _move_all(from_posting, to_posting, actor, now))
    record(
        "accounts.posting.handed_over", from_posting, actor=actor.signature, count=total,
        name=from_posting.person.name, successor=to_posting.person.name,
    )  # fmt: skip
    return total


def _move_all(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> list[tuple[str, int]]:
    return [(str(kind.label), kind.move(from_posting, to_posting, actor, now)) for kind in KINDS.values()]
