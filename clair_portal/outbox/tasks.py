from __future__ import annotations

import logging
import uuid

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from clair_portal.outbox import watchdog
from clair_portal.outbox.handlers import do

log = logging.getLogger("portal.outbox")


@shared_task(name="outbox.work", acts_as="itself")  # type: ignore[call-overload]
def work(kind: str, pks: list[str]) -> None:
    """Does a few pieces of work; safe to run twice, because each row is claimed first.

    Several, because Celery gives every task a new database connection, which costs more than the work itself.
    """
    for pk in pks:
        watchdog.note_life()
        try:
            do(kind, uuid.UUID(pk), timezone.now())
        except (OperationalError, InterfaceError) as error:
            log.warning("the database does not answer, the relay sends the rest again: %s", error)
            return
    watchdog.note_life()
