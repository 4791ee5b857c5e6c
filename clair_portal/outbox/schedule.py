"""Work that comes again, as rows: the run happens in the transaction that sets the next time, so each turn runs once."""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass

from clair_portal.outbox.claiming import database_is_lost
from clair_portal.outbox.models import Message, Reminder, Schedule
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.relay")
AFTER_A_FAULT = dt.timedelta(minutes=1)
Run = Callable[[dt.datetime], None]


@dataclass(frozen=True)
class Turn:
    run: Run
    every: int | None = None
    local_time: dt.time | None = None
    zone: str = "Asia/Tokyo"


TURNS: dict[str, Turn] = {}


def register(
    name: str, run: Run, *, every: int | None = None, local_time: dt.time | None = None, zone: str = "Asia/Tokyo"
) -> None:
    """Apps declare their turns in ready(): every so many seconds, or once a day at a local time."""
    TURNS[name] = Turn(run, every, local_time, zone)


def write_rows(now: dt.datetime) -> None:
    """Rows for turns that have none yet. Times that staff changed stay."""
    known = set(Schedule.objects.values_list("name", flat=True))
    missing = [
        Schedule(name=name, every=turn.every, local_time=turn.local_time, zone=turn.zone, next_at=now)
        for name, turn in TURNS.items()
        if name not in known
    ]
    for row in missing:
        if row.local_time:  # what is meant for the night does not run because the relay was set up at noon
            row.next_at = next_time(row, now)
    Schedule.objects.bulk_create(missing, ignore_conflicts=True)


def next_time(row: Schedule, after: dt.datetime) -> dt.datetime:
    """The first time later than `after`; turns missed while nobody ran are made up by one run, not by many."""
    if row.every:
        return after + dt.timedelta(seconds=row.every)
    assert row.local_time is not None
    zone = zoneinfo.ZoneInfo(row.zone)
    today = dt.datetime.combine(after.astimezone(zone).date(), row.local_time, zone)
    if today.astimezone(dt.UTC) > after:  # in UTC: within one zone Python compares the clocks, not the instants
        return today.astimezone(dt.UTC)
    return dt.datetime.combine(today.date() + dt.timedelta(days=1), row.local_time, zone).astimezone(dt.UTC)


def run_due(now: dt.datetime) -> list[str]:
    """Runs what is due, each in its own transaction; one that fails stops no other. Returns the names that ran."""
    with acting(SYSTEM_SCOPE):
        due = Schedule.objects.filter(next_at__lte=now, name__in=sorted(TURNS)).order_by("next_at", "name")
        names = list(due.values_list("name", flat=True))
    return [name for name in names if _run_or_put_off(name, now)]


def _run_or_put_off(name: str, now: dt.datetime) -> bool:
    try:
        return _run_one(name, now)
    except Exception as error:
        if database_is_lost(error):
            raise
        log.exception("the turn %s failed; tried again in %s", name, AFTER_A_FAULT)
        with acting(SYSTEM_SCOPE):
            Schedule.objects.filter(name=name, next_at__lte=now).update(next_at=now + AFTER_A_FAULT)
        return False


def _run_one(name: str, now: dt.datetime) -> bool:
    with acting(SYSTEM_SCOPE):
        row = Schedule.objects.select_for_update(skip_locked=True).filter(name=name, next_at__lte=now).first()
        if row is None:
            return False
        TURNS[name].run(now)
        row.last_at, row.next_at = now, next_time(row, now)
        row.save(update_fields=["last_at", "next_at"])
    return True


def tell_reminders(now: dt.datetime) -> None:
    """Reminders that are due become messages, in the same transaction."""
    due = list(
        Reminder.objects.select_for_update(skip_locked=True).filter(at__lte=now, told_at=None, dropped_at=None)[:500]
    )
    Message.objects.bulk_create(
        [
            Message(
                key=f"reminder:{row.key}", event=row.event, subject_type=row.subject_type, subject_id=row.subject_id,
                addressed=row.addressed, params=row.params, path=row.path,
            )
            for row in due
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    Reminder.objects.filter(pk__in=[row.pk for row in due]).update(told_at=now)
