"""The one process that dispatches, runs the schedule, seals the log, and does the work itself when nobody else does.

Two relays at once are safe: rows are taken with SKIP LOCKED, turns of the schedule by row lock, sealing by advisory lock.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid

from celery import current_app
from django.db import OperationalError, connection
from django.utils import timezone

from clair_portal.audit import chain
from clair_portal.outbox import schedule
from clair_portal.outbox.enums import State
from clair_portal.outbox.handlers import HANDLERS, Handler, do
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.relay")
PAUSE = 0.25
INLINE_AFTER = dt.timedelta(seconds=12)  # dispatched, yet nobody claimed it: the relay does it itself
INLINE_AT_ONCE = 50


class Relay:
    def __init__(self) -> None:
        self.broker_down_until = 0.0

    def run_for_ever(self) -> None:
        """Goes on through lost databases and brokers; only a signal ends it."""
        while True:
            try:
                busy = self.turn(timezone.now())
            except OperationalError as error:
                log.warning("the database does not answer: %s", error)
                connection.close()
                time.sleep(1)
                continue
            if not busy:
                time.sleep(PAUSE)

    def turn(self, now: dt.datetime) -> int:
        """One round. Returns how many pieces of work were dispatched or done."""
        moved = sum(self.dispatch(kind, handler, now) for kind, handler in HANDLERS.items())
        moved += sum(self.do_neglected(kind, handler, now) for kind, handler in HANDLERS.items() if handler.inline)
        schedule.run_due(now)
        with acting(SYSTEM_SCOPE):
            chain.seal()
        return moved

    def dispatch(self, kind: str, handler: Handler, now: dt.datetime) -> int:
        """Marks rows as dispatched, commits, then tells Celery their ids. The number on the way is bounded."""
        if time.monotonic() < self.broker_down_until:
            return 0
        ids = self._take(handler, now)
        try:
            for pk in ids:
                current_app.send_task("outbox.work", args=[kind, str(pk)], retry=False, headers={"portal_request": ""})
        except Exception as error:
            log.warning("the broker does not answer, the relay works alone: %s", error)
            self.broker_down_until = time.monotonic() + 5
        return len(ids)

    def _take(self, handler: Handler, now: dt.datetime) -> list[uuid.UUID]:
        rows = handler.model.objects  # type: ignore[attr-defined]
        with acting(SYSTEM_SCOPE):
            fresh = now - dt.timedelta(seconds=10)
            on_the_way = rows.filter(state__in=(State.QUEUED, State.RETRY), dispatched_at__gte=fresh).count()
            room = max(handler.in_flight - on_the_way, 0)
            ids = list(
                rows.to_dispatch(now).order_by("due_at").select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:room]
            )
            rows.filter(pk__in=ids).update(dispatched_at=now)
        return ids

    def do_neglected(self, kind: str, handler: Handler, now: dt.datetime) -> int:
        """The degraded mode: work that is due for long, or all of it while the broker is down, is done here."""
        alone = time.monotonic() < self.broker_down_until
        before = now if alone else now - INLINE_AFTER
        with acting(SYSTEM_SCOPE):
            rows = handler.model.objects.undone(now).filter(due_at__lte=before).exclude(state=State.IN_FLIGHT, lease_until__gte=now)  # type: ignore[attr-defined]
            ids = list(rows.order_by("due_at").values_list("pk", flat=True)[:INLINE_AT_ONCE])
        return sum(do(kind, pk, timezone.now()) for pk in ids)
