from __future__ import annotations

import uuid

from celery import shared_task
from django.utils import timezone

from clair_portal.outbox import watchdog
from clair_portal.outbox.handlers import do


@shared_task(name="outbox.work", acts_as="itself")  # type: ignore[call-overload]
def work(kind: str, pk: str) -> None:
    """Does one piece of work; safe to run twice, because the row is claimed first."""
    watchdog.note_life()
    do(kind, uuid.UUID(pk), timezone.now())
    watchdog.note_life()
