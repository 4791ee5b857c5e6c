"""The one process that dispatches, runs the schedule, seals the log, and does the work itself when nobody else does.

Two relays at once are safe: rows are taken with SKIP LOCKED, turns of the schedule by row lock, sealing by advisory lock.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.core import checks
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q
from django.utils import timezone

from clair_portal.audit import chain
from clair_portal.outbox import schedule
from clair_portal.outbox.broker import Broker
from clair_portal.outbox.claiming import database_is_lost
from clair_portal.outbox.enums import UNDONE, WAITING, State
from clair_portal.outbox.handlers import HANDLERS, Handler, do
from clair_portal.outbox.queries import DISPATCH_AGAIN
from clair_portal.ui.request_id import use_request_id
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.relay")
PAUSE = 0.2  # after every turn: work that comes in meanwhile goes out together, which is far cheaper than one by one
REST = 30.0  # how long a step that failed is left out, while the others go on
INLINE_AFTER = dt.timedelta(seconds=12)  # due for so long, yet nobody claimed it: the relay does it itself
INLINE_AT_ONCE = 50
INLINE_SECONDS = 2.0  # a slow mail server must not keep the relay from everything else


class Relay:
    def __init__(self) -> None:
        self.broker = Broker()
        self._prepared = False
        self._rests_until: dict[str, float] = {}

    def run_for_ever(self) -> None:
        """Goes on through lost databases and brokers; only a signal ends it."""
        while True:
            try:
                self.turn(timezone.now())
            except (OperationalError, InterfaceError) as error:
                log.warning("the database does not answer: %s", error)
                connection.close()
            time.sleep(PAUSE)

    def turn(self, now: dt.datetime) -> int:
        """One round. Returns how many pieces of work were dispatched or done. Raises when the database is lost."""
        self._prepare(now)
        if not something_waits(now):
            return 0
        moved = 0
        for step in FIRST:
            moved += self._step(step.name, partial(step.run, now))
        for kind, handler in HANDLERS.items():
            moved += self._step(f"dispatching {kind}", partial(self.dispatch, kind, handler, now))
        for kind, handler in HANDLERS.items():
            if handler.inline:
                moved += self._step(f"doing {kind}", partial(self.do_neglected, kind, handler, now))
        use_request_id()
        self._step("the schedule", lambda: len(schedule.run_due(now)))
        self._step("sealing the log", chain.seal)
        return moved

    def _prepare(self, now: dt.datetime) -> None:
        """Here and not at the start, so that a database that is down at that moment does not end the relay."""
        if not self._prepared:
            refuse_unsafe_login()
            with acting(SYSTEM_SCOPE):
                schedule.write_rows(now)
            self._prepared = True

    def _step(self, name: str, run: Callable[[], int]) -> int:
        """A step that fails rests for a while; the others go on."""
        if time.monotonic() < self._rests_until.get(name, 0.0):
            return 0
        try:
            return run()
        except Exception as error:
            if database_is_lost(error):
                raise
            log.exception("%s failed; tried again in %d s", name, REST)
            self._rests_until[name] = time.monotonic() + REST
            return 0

    def dispatch(self, kind: str, handler: Handler, now: dt.datetime) -> int:
        """Marks rows as dispatched, commits, then tells Celery their ids. The number on the way is bounded."""
        if self.broker.away or not (room := self.broker.room()):
            return 0
        ids = self._take(handler, now, room * handler.batch)
        self.broker.send(kind, ids, handler.batch)
        return len(ids)

    def _take(self, handler: Handler, now: dt.datetime, room: int) -> list[uuid.UUID]:
        with acting(SYSTEM_SCOPE):
            free = Q(state__in=WAITING) | Q(state=State.IN_FLIGHT, lease_until__lt=now)
            on_the_way = handler.rows().filter(free, state__in=UNDONE, dispatched_at__gte=now - DISPATCH_AGAIN).count()
            room = max(min(room, handler.in_flight - on_the_way), 0)
            rows = handler.rows().to_dispatch(now).order_by("due_at").select_for_update(skip_locked=True, of=("self",))
            ids = list(rows.values_list("pk", flat=True)[:room])
            handler.rows().filter(pk__in=ids).update(dispatched_at=now)
        return ids

    def do_neglected(self, kind: str, handler: Handler, now: dt.datetime) -> int:
        """The degraded mode: what nobody claimed for long, or all of it while the broker is down, is done here."""
        with acting(SYSTEM_SCOPE):
            rows = handler.rows()
            found = rows.free(now) if self.broker.away else rows.to_dispatch(now).filter(due_at__lte=now - INLINE_AFTER)
            ids = list(found.order_by("due_at").values_list("pk", flat=True)[:INLINE_AT_ONCE])
        done, until = 0, time.monotonic() + INLINE_SECONDS
        for pk in ids:
            done += do(kind, pk, timezone.now())
            if time.monotonic() > until:
                break
        return done


@dataclass(frozen=True)
class Step:
    """What an app does at the beginning of a turn. `waits`: SQL that says whether there is anything to do."""

    name: str
    waits: str
    run: Callable[[dt.datetime], int]


FIRST: list[Step] = []  # apps add theirs in ready()
_WAITS = "exists (select from {table} where state in ('queued', 'retry', 'in_flight') and due_at <= %(now)s)"
_ALWAYS = (
    "exists (select from outbox_schedule where next_at <= %(now)s and name = any (%(turns)s))",
    "exists (select from audit_entry where sequence is null)",
)


def something_waits(now: dt.datetime) -> bool:
    """One question instead of a dozen: at night the relay asks it five times a second."""
    work = [_WAITS.format(table=handler.model._meta.db_table) for handler in HANDLERS.values()]
    with acting(SYSTEM_SCOPE), connection.cursor() as cursor:
        cursor.execute(
            f"select {' or '.join([*work, *_ALWAYS, *(step.waits for step in FIRST)])}",
            {"now": now, "turns": list(schedule.TURNS)},
        )
        return bool(cursor.fetchone()[0])


def refuse_unsafe_login() -> None:
    """The checks that ask the database: a process that owns tables, or a sample account outside the demo, ends here."""
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    if serious := [message for message in found if message.is_serious()]:
        raise SystemExit("\n".join(str(message) for message in serious))
