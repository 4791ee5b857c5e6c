"""When a worker should end itself, and when not."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery.worker import state as worker_state
from django.utils import timezone

from clair_portal.celery import app
from clair_portal.outbox import watchdog
from clair_portal.outbox.models import Message
from clair_portal.outbox.watchdog import note_life, oldest_waiting_seconds, stalled

pytestmark = pytest.mark.django_db


@pytest.fixture
def idle(broker: redis.Redis, settings: Any) -> Iterator[redis.Redis]:
    """A worker that got nothing for 31 seconds, on a broker that answers."""
    before, app.conf.broker_url = app.conf.broker_url, settings.CELERY_BROKER_URL
    app.set_current()
    app.conf.broker_read_url = app.conf.broker_write_url = settings.CELERY_BROKER_URL
    note_life(time.time() - 31)
    yield broker
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = before
    note_life()


def waiting(seconds: float, **values: Any) -> None:
    since = timezone.now() - dt.timedelta(seconds=seconds)
    Message.objects.create(
        **{"key": "k", "event": "x", "subject_type": "a.b", "subject_id": "1", "due_at": since} | values
    )


def test_an_idle_worker_with_nothing_to_do_is_well(idle: redis.Redis) -> None:
    assert stalled() is False


def test_a_worker_that_gets_nothing_while_work_waits_is_stalled(idle: redis.Redis) -> None:
    waiting(31)
    assert stalled() is True


def test_a_worker_that_gets_nothing_while_messages_wait_in_the_broker_is_stalled(idle: redis.Redis) -> None:
    """The relay does neglected work after twelve seconds, so the database alone would look healthy for ever."""
    idle.lpush("celery", "{}")
    assert stalled() is True


def test_a_worker_that_did_something_lately_is_well(idle: redis.Redis) -> None:
    waiting(31)
    note_life()
    assert stalled() is False


def test_work_that_fell_due_a_moment_ago_is_no_sign(idle: redis.Redis) -> None:
    waiting(29)
    assert stalled() is False


def test_a_long_job_somebody_works_on_does_not_wait(idle: redis.Redis) -> None:
    waiting(600, state="in_flight", lease_until=timezone.now() + dt.timedelta(minutes=1))
    assert oldest_waiting_seconds() == 0
    assert stalled() is False


def test_work_whose_holder_died_waits(idle: redis.Redis) -> None:
    waiting(600, state="in_flight", lease_until=timezone.now() - dt.timedelta(minutes=1))
    assert 599 < oldest_waiting_seconds() < 605
    assert stalled() is True


def test_a_worker_with_a_long_job_in_hand_is_busy_not_stalled(
    idle: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(31)
    monkeypatch.setattr(worker_state, "active_requests", {object()})
    assert stalled() is False


def test_without_a_broker_a_new_worker_would_get_nothing_either(idle: redis.Redis) -> None:
    waiting(31)
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    assert stalled() is False


def test_work_for_tomorrow_does_not_wait(idle: redis.Redis) -> None:
    waiting(-3600)
    assert oldest_waiting_seconds() == 0


def test_the_watchdog_is_started_by_every_worker() -> None:
    from celery.signals import worker_ready

    assert watchdog.start in [receiver() for _key, receiver in worker_ready.receivers]
