"""Work that comes again, and messages that are told later."""

from __future__ import annotations

import datetime as dt
import time
import zoneinfo
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.outbox import schedule
from clair_portal.outbox.models import Message, Reminder, Schedule
from clair_portal.outbox.schedule import Turn, next_time, run_due, tell_reminders, write_rows
from clair_portal.outbox.services import Post, remind, take_back
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader
from tests.outbox.conftest import in_threads

NOW = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)  # 10:00 in Tokyo
pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """When the one turn of this test ran."""
    times: list[dt.datetime] = []
    monkeypatch.setattr(schedule, "TURNS", {"test.turn": Turn(times.append, every=20)})
    return times


def row(**values: Any) -> Schedule:
    return Schedule(**{"name": "test.turn", "next_at": NOW, "zone": "Asia/Tokyo"} | values)


# --- Turns -------------------------------------------------------------------------------------------------------------
def test_a_turn_runs_when_it_is_due_and_not_before(ran: list[dt.datetime]) -> None:
    row(every=20).save()
    after = [run_due(NOW + dt.timedelta(seconds=s)) for s in (-1, 0, 1, 19, 20)]
    assert after == [[], ["test.turn"], [], [], ["test.turn"]]
    assert ran == [NOW, NOW + dt.timedelta(seconds=20)]


def test_turns_missed_during_six_hours_are_made_up_by_one_run(ran: list[dt.datetime]) -> None:
    row(every=20).save()
    late = NOW + dt.timedelta(hours=6)
    assert [run_due(late), run_due(late), run_due(late + dt.timedelta(seconds=19))] == [["test.turn"], [], []]
    assert Schedule.objects.get().next_at == late + dt.timedelta(seconds=20)


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_run_a_turn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[dt.datetime] = []

    def slow(now: dt.datetime) -> None:
        time.sleep(0.1)
        ran.append(now)

    monkeypatch.setattr(schedule, "TURNS", {"test.turn": Turn(slow, every=20)})
    row(every=20).save()
    results = in_threads(4, lambda: run_due(NOW))
    assert ran == [NOW]
    assert sorted(results) == [[], [], [], ["test.turn"]]


def test_a_turn_that_fails_leaves_nothing_behind_stops_no_other_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[dt.datetime] = []

    def broken(now: dt.datetime) -> None:
        Message.objects.create(key="half", event="x", subject_type="a.b", subject_id="1")
        raise LookupError

    monkeypatch.setattr(schedule, "TURNS", {"a.broken": Turn(broken, every=20), "b.good": Turn(ran.append, every=20)})
    row(name="a.broken", every=20).save()
    row(name="b.good", every=20).save()
    assert run_due(NOW) == ["b.good"]
    assert not Message.objects.exists()
    assert Schedule.objects.get(name="a.broken").next_at == NOW + dt.timedelta(minutes=1)
    assert Schedule.objects.get(name="a.broken").last_at is None


@pytest.mark.parametrize(
    ("zone", "local", "after", "expected"),
    [
        ("Asia/Tokyo", (8, 0), "2026-11-23T22:59:59+00:00", "2026-11-23T23:00:00+00:00"),
        ("Asia/Tokyo", (8, 0), "2026-11-23T23:00:00+00:00", "2026-11-24T23:00:00+00:00"),
        # London's clock goes forward on 29 March 2026 at 01:00
        ("Europe/London", (8, 0), "2026-03-27T09:00:00+00:00", "2026-03-28T08:00:00+00:00"),
        ("Europe/London", (8, 0), "2026-03-28T09:00:00+00:00", "2026-03-29T07:00:00+00:00"),
        # and back on 25 October 2026
        ("Europe/London", (8, 0), "2026-10-24T09:00:00+00:00", "2026-10-25T08:00:00+00:00"),
        # 02:30 does not exist in New York on 8 March 2026: it runs at 03:30 of that day
        ("America/New_York", (2, 30), "2026-03-07T08:00:00+00:00", "2026-03-08T07:30:00+00:00"),
        # 01:30 comes twice on 1 November 2026: it runs the first time only
        ("America/New_York", (1, 30), "2026-10-31T12:00:00+00:00", "2026-11-01T05:30:00+00:00"),
        ("America/New_York", (1, 30), "2026-11-01T05:30:00+00:00", "2026-11-02T06:30:00+00:00"),
    ],
)
def test_a_daily_turn_keeps_to_the_local_clock_across_summer_time(
    zone: str, local: tuple[int, int], after: str, expected: str
) -> None:
    found = next_time(row(local_time=dt.time(*local), zone=zone), dt.datetime.fromisoformat(after))
    assert found.isoformat() == expected


def test_a_year_of_daily_turns_runs_once_on_every_local_day() -> None:
    zone = zoneinfo.ZoneInfo("America/New_York")
    daily, at, days = (
        row(local_time=dt.time(2, 30), zone="America/New_York"),
        dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC),
        [],
    )
    for _day in range(365):
        at = next_time(daily, at)
        days.append(at.astimezone(zone).date())
    assert days == [dt.date(2026, 1, 2) + dt.timedelta(days=n) for n in range(365)]


def test_rows_are_written_once_and_times_that_staff_changed_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = {"a.often": Turn(lambda now: None, every=20), "b.daily": Turn(lambda now: None, local_time=dt.time(8, 0))}
    monkeypatch.setattr(schedule, "TURNS", turns)
    write_rows(NOW)
    assert Schedule.objects.get(name="a.often").next_at == NOW
    assert Schedule.objects.get(name="b.daily").next_at == dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.UTC)
    Schedule.objects.filter(name="a.often").update(every=300)
    write_rows(NOW)
    assert Schedule.objects.get(name="a.often").every == 300
    assert Schedule.objects.count() == 2


def test_a_turn_nobody_declares_any_more_is_left_alone(ran: list[dt.datetime]) -> None:
    row(name="old.turn", every=20).save()
    assert run_due(NOW) == []


def test_everything_the_portal_declares_can_run(db: None) -> None:
    write_rows(NOW)
    Schedule.objects.update(next_at=NOW)
    assert run_due(NOW) == sorted(schedule.TURNS)


# --- Reminders ---------------------------------------------------------------------------------------------------------
def reminder(
    cast: SimpleNamespace, occasion: str = "1", event: str = "test.request.overdue", at: dt.datetime = NOW
) -> None:
    with acting(reader(cast, "otaru").scope):
        posts = [Post(cast.places["otaru"].pk, "cases.file")]
        remind(
            event,
            cast.places["otaru"],
            at=at,
            posts=posts,
            params={"days": 3},
            path="/desk/cases/1/",
            occasion=occasion,
        )


def tell_at(now: dt.datetime) -> int:
    with acting(SYSTEM_SCOPE):
        tell_reminders(now)
    return Message.objects.count()


def test_a_reminder_is_told_once_when_its_time_has_come(cast: SimpleNamespace) -> None:
    reminder(cast)
    assert [tell_at(NOW + dt.timedelta(seconds=s)) for s in (-1, 0, 1, 3600)] == [0, 1, 1, 1]
    message = Message.objects.get()
    assert message.key == f"reminder:test.request.overdue:network.organisation:{cast.places['otaru'].pk}:1"
    assert (message.event, message.params, message.path) == ("test.request.overdue", {"days": 3}, "/desk/cases/1/")
    assert message.addressed == [{"organisation": cast.places["otaru"].pk, "right": "cases.file"}]
    assert Reminder.objects.get().told_at == NOW


def test_the_same_reminder_is_written_once(cast: SimpleNamespace) -> None:
    reminder(cast)
    reminder(cast)
    assert Reminder.objects.count() == 1


def test_a_reminder_that_was_taken_back_is_not_told(cast: SimpleNamespace) -> None:
    reminder(cast, "1")
    reminder(cast, "2", event="test.request.waiting")
    with acting(reader(cast, "otaru").scope):
        assert take_back(cast.places["otaru"], now=NOW, event="test.request.overdue") == 1
        assert take_back(cast.places["otaru"], now=NOW, event="test.request.overdue") == 0
    assert tell_at(NOW) == 1
    assert Message.objects.get().event == "test.request.waiting"


def test_all_reminders_about_a_row_can_be_taken_back_and_no_other(cast: SimpleNamespace) -> None:
    reminder(cast, "1")
    reminder(cast, "2", event="test.request.waiting")
    with acting(reader(cast, "osaka").scope):
        remind("test.request.overdue", cast.places["osaka"], at=NOW, posts=[], params={}, path="", occasion="1")
    with acting(reader(cast, "otaru").scope):
        assert take_back(cast.places["otaru"], now=NOW) == 2
    assert tell_at(NOW) == 1
    assert Message.objects.get().subject_id == str(cast.places["osaka"].pk)


def test_a_reminder_with_a_very_long_key_can_be_told(cast: SimpleNamespace) -> None:
    reminder(cast, "a" * 300)
    assert tell_at(NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_tell_a_reminder_once(cast: SimpleNamespace) -> None:
    for occasion in range(20):
        reminder(cast, str(occasion))
    assert not any(isinstance(result, Exception) for result in in_threads(3, lambda: tell_at(NOW)))
    assert Message.objects.count() == 20
