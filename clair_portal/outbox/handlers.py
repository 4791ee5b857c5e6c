"""What is done with each kind of work. Independent of Celery: the relay runs the same functions when the broker is gone."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from clair_portal.outbox import delivery, jobs
from clair_portal.outbox.channels.email.send import send
from clair_portal.outbox.claiming import claim, database_is_lost, try_later
from clair_portal.outbox.models import Email, Job, Message, Work
from clair_portal.outbox.queries import WorkQuerySet
from clair_portal.ui.request_id import use_request_id
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.outbox")
MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class Handler:
    model: type[Work]
    run: Callable[[uuid.UUID, dt.datetime], bool]
    in_flight: int  # how many may be on their way at once
    inline: bool = True  # whether the relay may run it itself
    batch: int = 10  # how many a worker is told at once

    def rows(self) -> WorkQuerySet:
        return cast(WorkQuerySet, self.model._default_manager.all())


HANDLERS: dict[str, Handler] = {
    "message": Handler(Message, delivery.deliver, 500),
    "email": Handler(Email, send, 200),
    "job": Handler(Job, jobs.run, 20, inline=False, batch=1),
}


def do(kind: str, pk: uuid.UUID, now: dt.datetime) -> bool:
    """Does one piece of work. A fault of the handler is noted on the row and tried again later, never thrown away.

    Raises only when the database is gone: then the row is as it was before.
    """
    handler = HANDLERS[kind]
    use_request_id()
    try:
        return handler.run(pk, now)
    except Exception as error:
        if database_is_lost(error):
            raise
        log.exception("%s %s failed", kind, pk)
        _note_fault(handler.model, pk, now, f"{type(error).__name__}: {error}")
        return False


def _note_fault(model: type[Work], pk: uuid.UUID, now: dt.datetime, error: str) -> None:
    """Only where the claim was rolled back with the fault. A row in flight may have had its effect: its lease decides."""
    with acting(SYSTEM_SCOPE):
        work = claim(model, pk, now, orphans=False)
        if work is not None:
            try_later(work, now, error, MOST_ATTEMPTS)
