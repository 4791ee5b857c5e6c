"""Workers that reconnect to a restarted broker and then consume nothing are a known fault of Celery with Redis.

A thread in the worker's main process looks at the database: work older than 30 s waits, this worker got none for 30 s,
and the broker answers - then the worker ends itself, and whoever started it (demo, container) starts a new one.
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
from django.db import connection
from django.utils import timezone

from clair_portal.outbox.handlers import HANDLERS
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.watchdog")
PATIENCE = 30.0
_last_life = Value("d", time.time())  # shared with the pool's processes, which are forked


def note_life() -> None:
    _last_life.value = time.time()


def oldest_waiting_seconds() -> float:
    """How long the oldest due piece of work waits; 0 when nothing waits."""
    now = timezone.now()
    with acting(SYSTEM_SCOPE):
        ages = [handler.model.objects.oldest_undone(now) for handler in HANDLERS.values()]  # type: ignore[attr-defined]
    return max([(now - oldest).total_seconds() for oldest in ages if oldest], default=0.0)


def stalled() -> bool:
    return time.time() - _last_life.value > PATIENCE and oldest_waiting_seconds() > PATIENCE and _broker_answers()


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:
        return False
    return True


def _watch() -> None:
    while True:
        time.sleep(5)
        try:
            if stalled():
                log.error("work waits, the broker answers, and this worker gets nothing: it ends itself to be started anew")
                os._exit(70)
        except Exception:
            log.warning("the watchdog could not look", exc_info=True)
        finally:
            connection.close()


@worker_ready.connect
def start(**_: Any) -> None:
    note_life()
    threading.Thread(target=_watch, name="watchdog", daemon=True).start()
