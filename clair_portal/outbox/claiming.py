"""Claiming a piece of work: of several workers exactly one gets it, and a dead one's work comes back when its lease ends."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet

from clair_portal.outbox.enums import WAITING, State
from clair_portal.outbox.models import Work
from clair_portal.ui.request_id import use_request_id

LEASE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=4)

AnyWork = TypeVar("AnyWork", bound=Work)


def claim(
    model: type[AnyWork], pk: Any, now: dt.datetime, lease: dt.timedelta = LEASE, *, orphans: bool = True
) -> AnyWork | None:
    """Locks and marks one row in flight; None: another has it, it is done, or not due. Call inside a transaction.

    `orphans`: also a row whose holder let the lease run out. What follows runs under the id of the request that wrote the row.
    """
    free = Q(state__in=WAITING)
    if orphans:
        free |= Q(state=State.IN_FLIGHT, lease_until__lt=now)
    return claim_first(model._default_manager.filter(free, pk=pk, due_at__lte=now), now, lease)


def claim_first(rows: QuerySet[AnyWork], now: dt.datetime, lease: dt.timedelta = LEASE) -> AnyWork | None:
    """The first of these free rows that nobody else is claiming at this moment. Call inside a transaction."""
    work = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if work is None:
        return None
    use_request_id(work.request_id)
    work.state, work.lease_until, work.attempts = State.IN_FLIGHT, now + lease, work.attempts + 1
    work.save(update_fields=["state", "lease_until", "attempts"])
    return work


def finish(work: Work, state: State, now: dt.datetime, error: str = "") -> bool:
    """Ends claimed work. False: the lease ran out and somebody else has it by now; then nothing is changed."""
    return _change(work, state=state, done_at=now, error=error, lease_until=None)


def try_later(work: Work, now: dt.datetime, error: str, most: int) -> bool:
    """Doubles the pause from 30 s to four hours; after `most` attempts the work has failed and staff see it."""
    if work.attempts >= most:
        return finish(work, State.FAILED, now, error)
    pause = min(dt.timedelta(seconds=30 * 2 ** (work.attempts - 1)), LONGEST_PAUSE)
    return _change(work, state=State.RETRY, error=error, lease_until=None, dispatched_at=None, due_at=now + pause)


def _change(work: Work, **values: Any) -> bool:
    """The lease is the fence: a worker that comes back late must not overwrite what its successor does."""
    ours = Q(state=State.IN_FLIGHT, lease_until=work.lease_until) | Q(state=State.UNKNOWN, attempts=work.attempts)
    if not type(work)._default_manager.filter(ours, pk=work.pk).update(**values):
        return False
    for name, value in values.items():
        setattr(work, name, value)
    return True


def database_is_lost(error: BaseException) -> bool:
    """Whether the server went away (restart, crash), as opposed to a statement that failed.

    Told by the error: when it arrives here, Django may have connected again already.
    """
    if isinstance(error, InterfaceError):
        return True
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError) and (state is None or state.startswith(("08", "57P")))
