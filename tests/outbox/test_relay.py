"""The relay: dispatches within bounds, survives faults, and does the work itself when nobody else does."""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.db import OperationalError, connection, connections
from django.utils import timezone

from clair_portal.audit.models import Entry
from clair_portal.audit.services import record
from clair_portal.outbox import handlers, schedule
from clair_portal.outbox.claiming import claim, database_is_lost, finish
from clair_portal.outbox.handlers import HANDLERS, Handler, do
from clair_portal.outbox.models import Email, Job, Message, Notification, Schedule
from clair_portal.outbox.relay import Relay, refuse_unsafe_login
from clair_portal.ui.request_id import current_request_id, use_request_id
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader
from tests.outbox.conftest import EVENT, in_threads

Write = Callable[..., Message]
pytestmark = pytest.mark.django_db


def messages(count: int, **values: Any) -> list[Message]:
    """Messages that address nobody."""
    now = timezone.now()
    fields = {"event": EVENT, "subject_type": "a.b", "subject_id": "1", "due_at": now, "created_at": now} | values
    return Message.objects.bulk_create([Message(key=f"m{number}", **fields) for number in range(count)])


def states() -> list[str]:
    return sorted(Message.objects.values_list("state", flat=True))


def queued(broker: redis.Redis) -> list[list[Any]]:
    """The arguments of the tasks that wait in the broker, oldest first."""
    bodies = [json.loads(raw)["body"] for raw in reversed(broker.lrange("celery", 0, -1))]
    return [json.loads(base64.b64decode(body))[0] for body in bodies]


# --- Dispatch ----------------------------------------------------------------------------------------------------------
def test_due_work_is_told_to_the_workers_oldest_first(broker: redis.Redis) -> None:
    now = timezone.now()
    late, early, tomorrow = messages(3)
    Message.objects.filter(pk=early.pk).update(due_at=now - dt.timedelta(hours=1))
    Message.objects.filter(pk=tomorrow.pk).update(due_at=now + dt.timedelta(days=1))
    assert Relay().dispatch("message", HANDLERS["message"], timezone.now()) == 2
    assert queued(broker) == [["message", [str(early.pk), str(late.pk)]]]
    assert states() == ["queued", "queued", "queued"]


def test_what_is_on_its_way_is_not_sent_again_before_ten_seconds_have_passed(broker: redis.Redis) -> None:
    messages(3)
    relay, now = Relay(), timezone.now()
    after = [relay.dispatch("message", HANDLERS["message"], now + dt.timedelta(seconds=s)) for s in (0, 1, 9, 11, 12)]
    assert after == [3, 0, 0, 3, 0]


def test_workers_are_told_ten_rows_at_once_and_jobs_one_by_one(broker: redis.Redis) -> None:
    messages(25)
    Job.objects.bulk_create([Job(kind="x", title="x", person=1, user=1, due_at=timezone.now()) for _job in range(2)])
    relay = Relay()
    for kind in ("message", "job"):
        relay.dispatch(kind, HANDLERS[kind], timezone.now())
    assert sorted((kind, len(pks)) for kind, pks in queued(broker)) == [
        ("job", 1),
        ("job", 1),
        ("message", 5),
        ("message", 10),
        ("message", 10),
    ]


def test_the_number_on_the_way_is_bounded(broker: redis.Redis) -> None:
    messages(30)
    handler = Handler(Message, HANDLERS["message"].run, in_flight=10)
    relay, now = Relay(), timezone.now()
    assert relay.dispatch("message", handler, now) == 10
    assert relay.dispatch("message", handler, now + dt.timedelta(seconds=1)) == 0
    done = Message.objects.exclude(dispatched_at=None).order_by("due_at")[:4]
    Message.objects.filter(pk__in=[message.pk for message in done]).update(state="done")
    assert relay.dispatch("message", handler, now + dt.timedelta(seconds=2)) == 4


def test_a_queue_that_nobody_empties_is_not_filled_without_end(broker: redis.Redis) -> None:
    messages(95)
    relay, now = Relay(), timezone.now()
    for turn in range(15):
        relay.dispatch("message", HANDLERS["message"], now + dt.timedelta(seconds=11 * turn))
    assert broker.llen("celery") == 100


def test_work_whose_holder_died_goes_out_again_once_per_ten_seconds(broker: redis.Redis) -> None:
    (message,) = messages(1)
    now = timezone.now()
    with acting(SYSTEM_SCOPE):
        assert claim(Message, message.pk, now, dt.timedelta(seconds=30))
    relay = Relay()
    after = [
        relay.dispatch("message", HANDLERS["message"], now + dt.timedelta(seconds=s)) for s in (1, 29, 31, 32, 33, 42)
    ]
    assert after == [0, 0, 1, 0, 0, 1]


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_send_each_piece_of_work_once(broker: redis.Redis) -> None:
    messages(60)
    now = timezone.now()
    sent = in_threads(2, lambda: Relay().dispatch("message", HANDLERS["message"], now))
    assert sum(sent) == 60
    told = [pk for _kind, pks in queued(broker) for pk in pks]
    assert len(told) == len(set(told)) == 60


# --- Claiming ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_row_that_one_worker_has_is_not_taken_by_a_second() -> None:
    (message,) = messages(1)
    now = timezone.now()
    with acting(SYSTEM_SCOPE):
        assert claim(Message, message.pk, now)
        assert in_threads(1, lambda: claimed(message, now)) == [False]  # locked: skipped, not waited for
    assert claimed(message, now + dt.timedelta(seconds=29)) is False
    assert claimed(message, now + dt.timedelta(seconds=31)) is True


def claimed(message: Message, now: dt.datetime) -> bool:
    with acting(SYSTEM_SCOPE):
        return claim(Message, message.pk, now) is not None


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_exactly_one_gets_the_row() -> None:
    (message,) = messages(1)
    now = timezone.now()
    assert sorted(in_threads(8, lambda: claimed(message, now))) == [False] * 7 + [True]


def test_a_worker_that_comes_back_after_its_lease_changes_nothing() -> None:
    (message,) = messages(1)
    now = timezone.now()
    with acting(SYSTEM_SCOPE):
        first = claim(Message, message.pk, now)
        second = claim(Message, message.pk, now + dt.timedelta(seconds=31))
        assert finish(first, "failed", now + dt.timedelta(seconds=32)) is False
        assert finish(second, "done", now + dt.timedelta(seconds=33)) is True
    assert states() == ["done"]


# --- Faults ------------------------------------------------------------------------------------------------------------
def broken(pk: Any, now: dt.datetime) -> bool:
    raise LookupError("no such template")


def test_a_handler_that_raises_is_noted_and_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    (message,) = messages(1)
    monkeypatch.setitem(HANDLERS, "message", Handler(Message, broken, 10))
    now = timezone.now()
    assert do("message", message.pk, now) is False
    message.refresh_from_db()
    assert (message.state, message.error, message.attempts) == ("retry", "LookupError: no such template", 1)
    assert message.due_at == now + dt.timedelta(seconds=30)
    assert do("message", message.pk, now + dt.timedelta(seconds=1)) is False
    message.refresh_from_db()
    assert message.attempts == 1


def test_a_handler_that_raises_every_time_has_failed_after_eight_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    (message,) = messages(1)
    monkeypatch.setitem(HANDLERS, "message", Handler(Message, broken, 10))
    for _attempt in range(8):
        message.refresh_from_db()
        do("message", message.pk, message.due_at)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 8)


def test_one_broken_message_stops_no_other(cast: SimpleNamespace, write: Write) -> None:
    bad, good = write(("hq", "cases.triage")), write(("london", "cases.work"), occasion="2")
    Message.objects.filter(pk=bad.pk).update(addressed=[{"nonsense": 1}], due_at=timezone.now() - dt.timedelta(hours=1))
    Relay().turn(timezone.now())
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.error) == ("retry", "KeyError: 'organisation'")
    assert good.state == "done"


def test_a_step_that_fails_stops_no_other_and_rests_for_a_while(settings: Any, tmp_path: Any, caplog: Any) -> None:
    """The folder of the head files cannot be written: sealing fails, messages go out."""
    (tmp_path / "file").write_text("")
    settings.LOG_HEADS_DIR = tmp_path / "file" / "folder"
    messages(1)
    with acting(SYSTEM_SCOPE):
        Entry(event="x", subject_type="a.b", subject_id="1").save(force_insert=True)
    relay = Relay()
    for _turn in range(3):
        relay.turn(timezone.now())
    assert states() == ["done"]
    assert [line.getMessage() for line in caplog.records if line.levelno == logging.ERROR] == [
        "sealing the log failed; tried again in 30 s"
    ]


# --- Degraded mode -----------------------------------------------------------------------------------------------------
def test_without_a_broker_the_relay_does_the_work_itself(cast: SimpleNamespace, write: Write) -> None:
    write(("hq", "cases.triage"))
    relay = Relay()
    relay.turn(timezone.now())
    assert states() == ["done"]
    assert Notification.objects.count() == 2
    relay.turn(timezone.now())
    assert set(Email.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/valkey.sock?virtual_host=0"])
def test_with_a_broker_that_refuses_the_relay_does_the_work_itself_at_once(
    cast: SimpleNamespace, write: Write, settings: Any, address: str
) -> None:
    settings.CELERY_BROKER_URL = address
    write(("hq", "cases.triage"))
    relay, started = Relay(), time.monotonic()
    relay.turn(timezone.now())
    assert states() == ["done"]
    assert time.monotonic() - started < 3
    assert relay.broker.away


def test_a_broker_that_takes_connections_and_never_answers_holds_the_relay_for_seconds_only(settings: Any) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
        messages(1)
        started = time.monotonic()
        Relay().turn(timezone.now())
        assert time.monotonic() - started < 5
    assert states() == ["done"]


def test_when_the_broker_is_back_the_workers_get_the_work_again(
    settings: Any, broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay()
    relay.broker._lost(ConnectionError("gone"))
    assert relay.broker.away
    messages(1)
    relay.broker._away_until = 0.0
    assert relay.dispatch("message", HANDLERS["message"], timezone.now()) == 1
    assert broker.llen("celery") == 1


def test_with_a_broker_but_no_workers_the_relay_does_what_nobody_claimed_for_twelve_seconds(
    broker: redis.Redis,
) -> None:
    messages(1)
    relay, now = Relay(), timezone.now()
    relay.turn(now)
    assert states() == ["queued"]
    relay.turn(now + dt.timedelta(seconds=9))
    assert states() == ["queued"]
    Message.objects.update(due_at=now - dt.timedelta(seconds=13), dispatched_at=now - dt.timedelta(seconds=13))
    relay.do_neglected("message", HANDLERS["message"], now)
    assert states() == ["done"]


def test_the_relay_leaves_long_jobs_to_the_workers() -> None:
    assert HANDLERS["job"].inline is False


def test_a_slow_mail_server_holds_the_relay_for_two_seconds_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(pk: Any, now: dt.datetime) -> bool:
        time.sleep(0.52)
        return True

    monkeypatch.setitem(HANDLERS, "message", Handler(Message, slow, 10))
    messages(40)
    assert Relay().do_neglected("message", HANDLERS["message"], timezone.now()) == 4


# --- PostgreSQL restarts -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_relay_goes_on_when_postgresql_ends_its_connection() -> None:
    relay, faults, ended = Relay(), [], threading.Event()
    pids: list[int] = []

    def run() -> None:
        relay.turn(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        ended.wait(5)
        try:
            relay.turn(timezone.now())
        except Exception as error:
            faults.append(database_is_lost(error))
        relay.turn(timezone.now())
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    while not pids:
        time.sleep(0.01)
    messages(1)
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [pids[0]])
    ended.set()
    thread.join()
    assert faults in ([True], [])  # the connection may have been found dead, and replaced, before it was used
    assert states() == ["done"]


def test_a_statement_that_fails_is_not_taken_for_a_lost_database() -> None:
    class Cause(Exception):
        sqlstate = "57014"  # statement timeout

    error = OperationalError("canceling statement due to statement timeout")
    error.__cause__ = Cause()
    assert database_is_lost(error) is False


def test_the_relay_refuses_a_login_that_owns_tables(settings: Any) -> None:
    settings.PORTAL_LOGIN = "worker"
    with pytest.raises(SystemExit, match="owns tables"):
        refuse_unsafe_login()


# --- One request id, all the way ----------------------------------------------------------------------------------------
def test_the_id_of_the_request_goes_into_the_message_the_mail_and_what_the_worker_writes(
    cast: SimpleNamespace, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def noting(pk: Any, now: dt.datetime) -> bool:
        told = deliver(pk, now)
        seen.append(current_request_id())
        with acting(reader(cast, "hq_officer").scope):
            record("test.thing.done", cast.places["hq"])
        return told

    deliver = handlers.delivery.deliver
    monkeypatch.setitem(HANDLERS, "message", Handler(Message, noting, 10))
    use_request_id("request-0042")
    message = write(("hq", "outbox.manage"))
    use_request_id("something-else")
    do("message", message.pk, timezone.now())
    assert message.request_id == "request-0042"
    assert seen == ["request-0042"]
    assert Email.objects.get().request_id == "request-0042"
    assert Entry.objects.get(event="test.thing.done").request_id == "request-0042"


def test_the_id_of_one_request_does_not_stick_to_the_work_of_the_next() -> None:
    first, second = messages(2)
    Message.objects.filter(pk=first.pk).update(request_id="request-0001")
    do("message", first.pk, timezone.now())
    do("message", second.pk, timezone.now())
    assert current_request_id() not in ("request-0001", "")


# --- The schedule is part of a turn ---------------------------------------------------------------------------------------
def test_a_turn_writes_the_rows_of_the_schedule_and_runs_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[dt.datetime] = []
    monkeypatch.setitem(schedule.TURNS, "test.turn", schedule.Turn(ran.append, every=60))
    now = timezone.now()
    relay = Relay()
    relay.turn(now)
    relay.turn(now + dt.timedelta(seconds=59))
    relay.turn(now + dt.timedelta(seconds=60))
    assert ran == [now, now + dt.timedelta(seconds=60)]
    assert Schedule.objects.filter(name="test.turn").exists()
