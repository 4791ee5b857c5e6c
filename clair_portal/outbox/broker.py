"""The relay's way to Celery: it only sends ids, gives up at once where nobody answers, and never fills the queue."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Sequence
from typing import Any

from celery import Celery
from kombu.exceptions import ChannelError

log = logging.getLogger("portal.relay")
MOST_WAITING = 100  # tasks in the queue; rows that are dispatched again and again would fill it otherwise
STAY_AWAY = 5.0
FAIL_FAST = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "connect_retries_timeout": 2,
}


class Broker:
    """An application of its own: `manage.py relay` does not load the workers' one, and waits for nobody."""

    def __init__(self) -> None:
        self.app = Celery("relay", set_as_current=False)
        self.app.config_from_object("django.conf:settings", namespace="CELERY")
        self.app.conf.broker_transport_options = {**self.app.conf.broker_transport_options, **FAIL_FAST}
        self.none = self.app.conf.broker_url.startswith("memory:")
        self._connection: Any = None
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether the relay works alone: no broker is set up, or it did not answer a moment ago."""
        return self.none or time.monotonic() < self._away_until

    def room(self) -> int:
        """How many more tasks the queue may take; 0 also when the broker does not answer."""
        try:
            return max(MOST_WAITING - waiting_in(self._connected(), self.app.conf.task_default_queue), 0)
        except Exception as error:
            self._lost(error)
            return 0

    def send(self, kind: str, ids: Sequence[uuid.UUID], batch: int) -> None:
        """Tells the workers, `batch` rows a task. A broker lost on the way is no fault: the rows go out again, or are done here."""
        if not ids:
            return
        try:
            producer = self.app.amqp.Producer(self._connected(), auto_declare=False)
            for start in range(0, len(ids), batch):
                args = [kind, [str(pk) for pk in ids[start : start + batch]]]
                self.app.send_task("outbox.work", args=args, producer=producer, retry=False, ignore_result=True)
        except Exception as error:
            self._lost(error)

    def _connected(self) -> Any:
        if self._connection is None:
            self._connection = self.app.connection_for_write(connect_timeout=2)
        return self._connection

    def _lost(self, error: Exception) -> None:
        log.warning("the broker does not answer, the relay works alone: %s", error)
        connection, self._connection = self._connection, None
        self._away_until = time.monotonic() + STAY_AWAY
        try:
            if connection is not None:
                connection.release()
        except Exception:
            log.debug("the lost connection could not be closed", exc_info=True)


def waiting_in(connection: Any, queue: str) -> int:
    """How many messages nobody has fetched. An empty queue does not exist in Valkey, which kombu reports as an error."""
    try:
        return int(connection.default_channel.queue_declare(queue=queue, passive=True).message_count)
    except ChannelError:
        return 0
