"""Claiming a piece of work: of several workers exactly one gets it, and a dead one's work comes back when its lease ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from clair_portal.outbox.enums import WAITING, State
from clair_portal.outbox.models import Work

LEASE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=4)


def claim(model: type[Work], pk: Any, now: dt.datetime, lease: dt.timedelta = LEASE) -> Work | None:
    """Locks and marks one row in flight; None: another has it, it is done, or not due. Call inside a transaction."""
    free = Q(state__in=WAITING) | Q(state=State.IN_FLIGHT, lease_until__lt=now)
    work: Work | None = model.objects.filter(free, pk=pk, due_at__lte=now).select_for_update(skip_locked=True, of=("self",)).first()  # type: ignore[attr-defined]
    if work is None:
        return None
    work.state, work.lease_until, work.attempts = State.IN_FLIGHT, now + lease, work.attempts + 1
    work.save(update_fields=["state", "lease_until", "attempts"])
    return work


def finish(work: Work, state: State, now: dt.datetime, error: str = "") -> None:
    work.state, work.done_at, work.error, work.lease_until = state, now, error, None
    work.save(update_fields=["state", "done_at", "error", "lease_until"])


def try_later(work: Work, now: dt.datetime, error: str, most: int) -> None:
    """Doubles the pause from 30 s to four hours; after `most` attempts the work has failed and staff see it."""
    if work.attempts >= most:
        finish(work, State.FAILED, now, error)
        return
    work.state, work.error, work.lease_until, work.dispatched_at = State.RETRY, error, None, None
    work.due_at = now + min(dt.timedelta(seconds=30 * 2 ** (work.attempts - 1)), LONGEST_PAUSE)
    work.save(update_fields=["state", "error", "lease_until", "dispatched_at", "due_at"])
