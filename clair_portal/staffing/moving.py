"""On the day: at the midnight after a last day, the open work goes to the successor, once."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from clair_portal.accounts import handover
from clair_portal.accounts.ending import end_access, ends_at, zones_of
from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.outbox.claiming import database_is_lost
from clair_portal.staffing import packs, telling
from clair_portal.staffing.models import ChangeState, StaffChange, StaffLine
from clair_portal.staffing.services import posting_of
from clair_portal.staffing.telling import TOKYO
from clair_portal.walls.scope import SYSTEM_SCOPE, Scope

log = logging.getLogger("portal.staffing")
AT_ONCE = 200


@dataclass(frozen=True)
class Appointed(Reader):
    """The system, for whoever confirmed the change: their name in the log, though they may have left on the same day."""

    signed: dict[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return SYSTEM_SCOPE

    @property
    def signature(self) -> dict[str, str]:
        return self.signed


def actor_of(change: StaffChange, now: dt.datetime) -> Appointed:
    signed: dict[str, Any] = change.confirmed_as or change.signature
    return Appointed(
        person=change.confirmed_by or 0, name_as_written=signed.get("ja", ""), name_latin=signed.get("en", ""), email="",
        language="ja", time_zone="Asia/Tokyo", posts=(), chosen=None, today=now.date(), signed=signed,
    )  # fmt: skip


def run(now: dt.datetime) -> None:
    """Schedule: every minute. What ended is handed over, and whoever has no post left is signed out."""
    move_due(now)
    end_access(now)


def move_due(now: dt.datetime) -> int:
    """Hands over every line whose midnight has passed; one that fails stops no other. Returns how many were moved."""
    due = StaffLine.objects.filter(due_at__lte=now, moved_at=None, change__state=ChangeState.CONFIRMED)
    done: dict[StaffChange, list[StaffLine]] = {}
    for pk in list(
        due.order_by(F("waits_since").asc(nulls_first=True), "due_at", "row").values_list("pk", flat=True)[:AT_ONCE]
    ):
        try:
            with transaction.atomic():
                line = _move(pk, now)
        except Exception as error:
            if database_is_lost(error):
                raise
            log.exception("the work of line %s could not be handed over; it is tried again", pk)
            continue
        if line:
            done.setdefault(line.change, []).append(line)
    for change, lines in done.items():
        telling.tell_happened(change, lines, now)
    return sum(len(lines) for lines in done.values())


def _move(pk: Any, now: dt.datetime) -> StaffLine | None:
    """The line once it is moved; None while it waits, or where another relay has it."""
    rows = StaffLine.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, moved_at=None)
    line = rows.select_related("change", "posting__person", "posting__organisation", "heir").first()
    if line is None or line.posting is None:
        return None
    if _ends_later(line, line.posting, now):
        return None
    successor = _successor(line)
    if successor is None and line.heir_id:
        _wait(line, line.posting, now)
        return None
    packs.keep_desk(line.posting, now)
    if successor:
        line.moved = handover.hand_over(
            from_posting=line.posting,
            to_posting=successor,
            actor=actor_of(line.change, now),
            now=_last_moment(line.posting, now),
        )
    line.moved_at = now
    line.save(update_fields=["moved_at", "moved"])
    telling.tell_moved(line, line.posting, successor, line.moved)
    return line


def _ends_later(line: StaffLine, posting: Posting, now: dt.datetime) -> bool:
    """The last day was changed after the confirmation: the work moves then, and not at all where there is no end any more."""
    if posting.ends_on == line.ends_on:
        return False
    zone = zones_of([posting.organisation])[posting.organisation_id]
    line.ends_on, line.due_at = posting.ends_on, ends_at(posting.ends_on, zone) if posting.ends_on else None
    line.save(update_fields=["ends_on", "due_at"])
    return line.due_at is None or line.due_at > now


def _last_moment(posting: Posting, now: dt.datetime) -> dt.datetime:
    """Of the last day, as the portal counts days: who held which post is asked for a moment at which it was still held."""
    assert posting.ends_on
    return min(now, ends_at(posting.ends_on, TOKYO) - dt.timedelta(seconds=1))


def _successor(line: StaffLine) -> Posting | None:
    if line.successor_id:
        return Posting.objects.select_related("person", "organisation").get(pk=line.successor_id)
    found = posting_of(line.heir) if line.heir else None
    return Posting.objects.select_related("person", "organisation").get(pk=found.pk) if found else None


def _wait(line: StaffLine, posting: Posting, now: dt.datetime) -> None:
    if line.waits_since is None:
        line.waits_since = now
        line.save(update_fields=["waits_since"])
        telling.tell_waits(line, posting)
