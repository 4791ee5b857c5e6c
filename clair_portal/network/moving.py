"""What a successor takes over from the body that ended. Apps register what hangs on an organisation; this file knows none of it."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from clair_portal.audit.services import Names, record
from clair_portal.network.models import Succession
from clair_portal.network.services import names

Move = Callable[[Succession, Names, dt.datetime], int]


@dataclass(frozen=True)
class Kind:
    """`move(succession, actor, now)` moves what is open and returns how many it were.

    `ahead`: rows with dates of their own, which may be moved before the successor begins; all else waits for its first day.
    """

    label: Promise | str
    move: Move
    ahead: bool


KINDS: dict[str, Kind] = {}


def register(name: str, move: Move, *, label: Promise | str, ahead: bool = False) -> None:
    """`name`: such as "casework.cases". Apps call this in ready(); what is registered first moves first."""
    if name in KINDS:
        raise ValueError(f"registered twice: {name}")
    KINDS[name] = Kind(label, move, ahead)


def has_begun(succession: Succession, now: dt.datetime) -> bool:
    return succession.on <= timezone.localdate(now, zoneinfo.ZoneInfo("Asia/Tokyo"))


def counts(*, succession: Succession, actor: Names, now: dt.datetime) -> list[tuple[str, int]]:
    """What would move: it is really moved and taken back again, so the page can never show another number."""
    with transaction.atomic():
        found = [(str(kind.label), kind.move(succession, actor, now)) for kind in _movable(succession, now)]
        transaction.set_rollback(True)
    return found


@transaction.atomic
def move_open_work(*, succession: Succession, actor: Names, now: dt.datetime) -> int:
    """Everything open goes from the former body to its successor. Returns how many items; repeated, it moves the rest."""
    total = sum(kind.move(succession, actor, now) for kind in _movable(succession, now))
    if total:
        record(
            "network.succession.work_moved", succession.predecessor, actor=actor, count=total,
            predecessor=names(succession.predecessor), successor=names(succession.successor),
        )  # fmt: skip
    return total


def waiting(succession: Succession, now: dt.datetime) -> list[str]:
    """What can be moved only once the successor has begun."""
    return [str(kind.label) for kind in KINDS.values() if not kind.ahead and not has_begun(succession, now)]


def _movable(succession: Succession, now: dt.datetime) -> Iterator[Kind]:
    begun = has_begun(succession, now)
    return (kind for kind in KINDS.values() if kind.ahead or begun)
