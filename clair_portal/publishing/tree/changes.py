"""From what changed to the pages that show it. Time changes pages as well: midnight in Tokyo, and moments of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import connection

from clair_portal.calendars.fiscal import tokyo_date
from clair_portal.outbox.models import Schedule
from clair_portal.publishing.models import Change, Page
from clair_portal.publishing.tree import families, write
from clair_portal.publishing.tree.families import DAY, FAMILIES, LIST, MOMENTS, Address, Family
from clair_portal.publishing.tree.triggers import noted
from clair_portal.publishing.tree.work import register
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

TURN = "publishing.time"  # in the schedule: its last run is up to when time has been looked at
AT_ONCE = 5000
PATIENCE = {"publishing_page": dt.timedelta(seconds=10)}  # while many pages appear, sitemaps wait for the last
# The page of the row itself is rendered before lists that name it, also before those of earlier changes that still wait.
ROW_FIRST = dt.timedelta(seconds=8)


def take(now: dt.datetime) -> int:
    """Marks the pages of what changed since. Returns how many keys were taken; two relays take different ones."""
    with acting(SYSTEM_SCOPE):
        rows = list(Change.objects.order_by("pk").select_for_update(skip_locked=True)[:AT_ONCE])
        if rows and write.is_kept():
            mark({row.key for row in rows}, now)
        Change.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def mark(keys: set[str], now: dt.datetime) -> None:
    """Pages that read these keys wait to be rendered, those that appear with them too. In the caller's transaction."""
    of_rows = {key for key in keys if ":" in key and LIST not in key}
    register(_new(keys, of_rows), now - ROW_FIRST)
    Page.objects.in_order().that_read(keys - of_rows - PATIENCE.keys()).mark(now)
    for key in PATIENCE.keys() & keys:
        Page.objects.in_order().that_read({key}).mark(now + PATIENCE[key])
    Page.objects.in_order().that_read(of_rows).mark(now - ROW_FIRST)


def _new(keys: set[str], of_rows: set[str]) -> Iterator[Address]:
    """Addresses that may have appeared: those a row key names, or all of a family where it does not name them."""
    changed = {key.split(":")[0] for key in keys}
    for family in FAMILIES.values():
        if family.is_one_page or not family.tables & changed:
            continue
        kwargs = [found for key in of_rows if (found := family.named_by(key)) is not None]
        if not _is_named_by_rows(family):
            kwargs = list(family.addresses())
        for each in kwargs:
            yield from families.versions(family, each)


def _is_named_by_rows(family: Family) -> bool:
    """Whether one row key says the whole address, so that nobody needs to list all of them."""
    slots = [template for template in family.reads if template.count("{") == 1 and template.endswith("}")]
    return any(family.named_by(template.split("{")[0] + "x") for template in slots)


# --- Time -----------------------------------------------------------------------------------------------------------------
def pass_time(now: dt.datetime) -> None:
    """Schedule: what became true by the clock alone since the last turn counts as changed."""
    since = Schedule.objects.filter(name=TURN).values_list("last_at", flat=True).first()
    note_time(since or now, now)


def note_time(since: dt.datetime, now: dt.datetime) -> None:
    """Both ends count, so that a page rendered at the very moment is rendered once more after it."""
    keys = {DAY} if tokyo_date(since) != tokyo_date(now) else set()
    for table, expressions in MOMENTS.items():
        keys |= set(_reached(table, expressions, since, now))
    Change.objects.bulk_create([Change(key=key) for key in sorted(keys)])


def _reached(table: str, expressions: Iterable[str], since: dt.datetime, now: dt.datetime) -> list[str]:
    of_table = noted(table)
    reached = " or ".join(f"{expression} between %(since)s and %(now)s" for expression in expressions)
    with connection.cursor() as cursor:
        cursor.execute(
            f'select distinct k.key from "{table}", unnest({of_table.keys}) as k(key) '  # noqa: S608 - declared in code
            f"where k.key is not null and ({of_table.shown}) and ({reached})",
            {"since": since, "now": now},
        )
        return [key for (key,) in cursor.fetchall()]
