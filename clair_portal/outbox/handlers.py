"""What is done with each kind of work. Independent of Celery: the relay runs the same functions when the broker is gone."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from clair_portal.outbox import delivery, jobs
from clair_portal.outbox.claiming import try_later
from clair_portal.outbox.channels.email.send import send
from clair_portal.outbox.enums import UNDONE
from clair_portal.outbox.models import Email, Job, Message, Work
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.outbox")
MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class Handler:
    model: type[Work]
    run: Callable[[uuid.UUID, dt.datetime], bool]
    in_flight: int  # how many may be on their way at once
    inline: bool = True  # whether the relay may run it itself


HANDLERS: dict[str, Handler] = {
    "message": Handler(Message, delivery.deliver, 500),
    "email": Handler(Email, send, 200),
    "job": Handler(Job, jobs.run, 20, inline=False),
}


def do(kind: str, pk: uuid.UUID, now: dt.datetime) -> bool:
    """Does one piece of work. A fault of the handler is noted on the row and tried again later, never thrown away."""
    handler = HANDLERS[kind]
    try:
        return handler.run(pk, now)
    except Exception as error:
        log.exception("%s %s failed", kind, pk)
        _note_fault(handler.model, pk, now, f"{type(error).__name__}: {error}")
        return False


def _note_fault(model: type[Work], pk: uuid.UUID, now: dt.datetime, error: str) -> None:
    with acting(SYSTEM_SCOPE):
        work = model.objects.select_for_update().filter(pk=pk, state__in=UNDONE).first()  # type: ignore[attr-defined]
        if work is not None:
            work.attempts += 1
            try_later(work, now, error, MOST_ATTEMPTS)
