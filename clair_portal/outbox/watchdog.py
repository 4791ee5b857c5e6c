"""Workers that reconnect to a restarted broker and then consume nothing are a known fault of Celery with Redis.

A thread in the worker's main process looks: nothing was done here for 30 s and nothing is in hand, yet the broker holds
messages, or due work waits for 30 s while the broker answers. Seen twice in a row, the worker ends itself, and whoever
started it (demo, container) starts a new one.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from multiprocessing import Value
from typing import Any

from celery import current_app
from celery.signals import worker_ready
from celery.worker import state as worker_state
from django.db import connection
from django.utils import timezone

from clair_portal.outbox.broker import waiting_in
from clair_portal.outbox.handlers import HANDLERS
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.watchdog")
PATIENCE = 30.0
LOOK_EVERY = 5.0
_last_life = Value("d", time.time())  # shared with the pool's processes, which are forked


def note_life(at: float | None = None) -> None:
    _last_life.value = time.time() if at is None else at


def oldest_waiting_seconds() -> float:
    """How long the oldest due piece of work waits; 0 when nothing waits. What somebody works on does not wait."""
    now = timezone.now()
    with acting(SYSTEM_SCOPE):
        ages = [handler.rows().oldest_free(now) for handler in HANDLERS.values()]
    return max([(now - oldest).total_seconds() for oldest in ages if oldest], default=0.0)


def stalled() -> bool:
    """Whether this worker should have had work and got none. A worker with a long job in hand is busy, not stalled."""
    if time.time() - _last_life.value <= PATIENCE or worker_state.active_requests:
        return False
    messages = _messages_in_broker()
    return messages is not None and (messages > 0 or oldest_waiting_seconds() > PATIENCE)


def _messages_in_broker() -> int | None:
    """None: the broker does not answer; then a new worker would get nothing either."""
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            return waiting_in(broker, current_app.conf.task_default_queue)
    except Exception:
        return None


def _watch() -> None:
    seen = 0
    while True:
        time.sleep(LOOK_EVERY)
        try:
            seen = seen + 1 if stalled() else 0
        except Exception:
            log.warning("the watchdog could not look", exc_info=True)
        finally:
            connection.close()
        if seen >= 2:
            log.error("work waits, the broker answers, and this worker gets nothing: it ends itself to be started anew")
            os._exit(70)


@worker_ready.connect
def start(**_: Any) -> None:
    note_life()
    threading.Thread(target=_watch, name="watchdog", daemon=True).start()
