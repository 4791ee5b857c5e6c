"""Pages of long lists without counting rows away: a page begins after a row, or ends before one, whatever the order.

A page costs the same wherever it lies (measured: two-walls and list research). Rows without a value in the column of the
order come last in both directions.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

MARK = "~"
KEY = re.compile(r"[0-9a-f][0-9a-f-]*", re.ASCII)  # a number or a UUID


@dataclass(frozen=True)
class Order:
    """`field`: a column of the model that an index carries, or "pk"."""

    field: str = "pk"
    descending: bool = True


@dataclass(frozen=True)
class Cursor:
    """The row a page begins after (or, backwards, ends before): its value in the order and its key."""

    value: Any
    pk: Any
    backwards: bool = False


@dataclass(frozen=True)
class Page:
    """`next` and `previous`: where the neighbouring pages begin, "" where there is none."""

    rows: list[Any]
    next: str = ""
    previous: str = ""

    @property
    def is_everything(self) -> bool:
        return not (self.next or self.previous)


def cursor_of(text: str, rows: QuerySet[Any], order: Order, *, backwards: bool) -> Cursor | None:
    """Reads what `mark` wrote; None for anything else, so that an old or odd address shows the first page."""
    written, separator, said = text.rpartition(MARK)
    key = key_of(rows, said) if separator else None
    if key is None:
        return None
    if not written:
        return Cursor(None, key, backwards)
    try:
        value = rows.model._meta.get_field(order.field).to_python(written)
    except (ValidationError, LookupError, ValueError):
        return None
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return None
    return Cursor(value, key, backwards)


def key_of(rows: QuerySet[Any], text: str) -> Any:
    """The key of a row as its model reads it, a number or a UUID; None for what is none."""
    if not KEY.fullmatch(text) or (text.isdigit() and len(text) > 18):
        return None
    try:
        return rows.model._meta.pk.to_python(text)
    except ValidationError:
        return None


def mark(row: Any, order: Order) -> str:
    """The place of a row in the order, for an address."""
    value = "" if order.field == "pk" else getattr(row, order.field)
    if isinstance(value, dt.datetime):
        value = value.isoformat()
    return f"{'' if value is None else value}{MARK}{row.pk}"


def page_of(rows: QuerySet[Any], order: Order, cursor: Cursor | None, size: int) -> Page:
    """One page of `rows`, which must not be ordered. A page before the first full one becomes the first page."""
    backwards = cursor is not None and cursor.backwards
    found = _take(rows, order, cursor, size + 1)
    if backwards and len(found) <= size:
        backwards, cursor, found = False, None, _take(rows, order, None, size + 1)
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    if not shown:
        return Page([])
    first, last = mark(shown[0], order), mark(shown[-1], order)
    following = more or backwards
    before = more if backwards else cursor is not None
    return Page(shown, last if following else "", first if before else "")


def every_page(rows: QuerySet[Any], order: Order, size: int) -> Iterator[list[Any]]:
    """All rows, a page at a time."""
    cursor = None
    while found := _take(rows, order, cursor, size):
        yield found
        last = found[-1]
        cursor = Cursor(None if order.field == "pk" else getattr(last, order.field), last.pk)


def _take(rows: QuerySet[Any], order: Order, cursor: Cursor | None, most: int) -> list[Any]:
    backwards = cursor is not None and cursor.backwards
    down = order.descending != backwards
    if order.field == "pk":
        beyond = Q() if cursor is None else Q(pk__lt=cursor.pk) if down else Q(pk__gt=cursor.pk)
        return _first(rows.filter(beyond).order_by("-pk" if down else "pk"), most)
    found: list[Any] = []
    for part in _segments(rows, order.field, cursor, down=down, backwards=backwards):
        if len(found) < most:
            found += _first(part, most - len(found))
    return found


def _first(rows: QuerySet[Any], most: int) -> list[Any]:
    """The first rows, by the way the rows themselves know where there is one."""
    beginning = getattr(rows, "beginning", None)
    return list(beginning(most) if beginning else rows[:most])


def _segments(
    rows: QuerySet[Any], field: str, cursor: Cursor | None, *, down: bool, backwards: bool
) -> list[QuerySet[Any]]:
    """Rows with a value, then those without (backwards the other way round), from the cursor on."""
    sign = "-" if down else ""
    valued = rows.filter(**{f"{field}__isnull": False}).order_by(f"{sign}{field}", f"{sign}pk")
    empty = rows.filter(**{f"{field}__isnull": True}).order_by(f"{sign}pk")
    if cursor is None:
        return [valued, empty]
    if cursor.value is None:
        empty = empty.filter(Q(pk__lt=cursor.pk) if down else Q(pk__gt=cursor.pk))
        return [empty, valued] if backwards else [empty]
    beyond = (TupleLessThan if down else TupleGreaterThan)(Tuple(F(field), F("pk")), (cursor.value, cursor.pk))
    valued = valued.filter(beyond)
    return [valued] if backwards else [valued, empty]
