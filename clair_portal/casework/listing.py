"""Lists as data: what a list shows, by what it is narrowed and ordered, is declared; address, pages, chips and file follow.

Everything a reader chooses stands in the address: filters, columns, order, page. An address with a value that is not
known (any more) still opens; the value is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.keyset import Cursor, Order, Page, cursor_of, page_of
from clair_portal.sheets.writing import Value

Text = Promise | str
SIZE = 50
COUNTED = 1000  # lists are not counted further than this
SOUGHT = 100  # nor lists that only a search narrows, which goes from the newest to older rows, than this
LONGEST = 100  # characters of a word in an address
FOLDED = 8  # boxes of one filter; more than these are folded away until one is ticked
AFTER, BEFORE, SORT, COLUMNS = "after", "before", "sort", "columns"


@dataclass(frozen=True)
class SheetColumn:
    """A column of the workbook; `width` in characters."""

    label: Text
    value: Callable[[Any], Value]
    width: int = 16


@dataclass(frozen=True)
class Column:
    """`value`: what the workbook holds and, without `html`, what the page shows. `sort`: the field it orders by,
    `falling` first (the newest, the most).

    `gather`: asked once a page (records, reader, what the list knows) for what needs another query; it answers with the
    value by key of the row, or with something `taken` takes the value from: columns that share a `gather` ask once for all
    of them. `sheet`: the columns of the workbook, where the page shows several things in one. `head`: names the row, always
    shown.
    """

    key: str
    label: Text
    value: Callable[[Any], Value] = lambda row: ""
    html: Callable[[Any], str] | None = None
    sort: str = ""
    falling: bool = False
    width: int = 16
    shown: bool = True
    head: bool = False
    gather: Callable[[Sequence[Any], Reader, Any], Mapping[Any, Any]] | None = None
    taken: Callable[[Any], str] = str
    sheet: tuple[SheetColumn, ...] = ()

    def sheet_columns(self) -> tuple[SheetColumn, ...]:
        return self.sheet or (SheetColumn(self.label, self.value, self.width),)


Narrow = Callable[[Any, list[str], Reader], Any]  # rows, values, reader -> rows
Options = Sequence[tuple[str, Any]]  # value and its words, lazy or not


@dataclass(frozen=True)
class Filter:
    """`options`: what can be chosen (reader, what the list knows); None: free text. `narrow`: rows, values, reader -> rows.
    `sought`: the same as conditions for the search of the list, which is asked for several at once, or for one that has no
    `narrow`; None where the values are no such conditions.

    `many`: several values at once. `look`: how the page offers it: boxes, select, text, box (one yes), seg (links) or hidden
    (links elsewhere lead here); of a hidden one `name` says what a value means, "" for one that is not known.
    `roles`: database roles it is offered to; empty: everybody. `headings`: what stands above boxes, by value; equal ones
    that follow each other stand once.
    """

    key: str
    label: Text
    narrow: Narrow | None
    options: Callable[[Reader, Any], Options] | None = None
    look: str = "boxes"
    roles: tuple[str, ...] = ()
    name: Callable[[str, Reader], str] | None = None
    headings: Callable[[Reader], Mapping[str, str]] | None = None
    sought: Callable[[list[str]], Sequence[Any] | None] | None = None

    @property
    def many(self) -> bool:
        return self.look == "boxes"


@dataclass(frozen=True)
class Listing:
    """`source`: everything the reader may see in this list. `rows`: prepared rows for a page of records. `know`: read once
    for all filters. `order`: the first order, as in the address ("-due": latest first). `path`: of the page; the files are at
    `file/` below it."""

    key: str
    path: str
    title: Text
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    source: Callable[[Reader], QuerySet[Any]]
    rows: Callable[[Sequence[Any], Reader, dt.datetime], list[Any]]
    know: Callable[[Reader], Any] = lambda reader: None
    order: str = ""
    search: str = ""  # key of the free text filter that stands first
    seek: Callable[..., Any] | None = None  # narrows rows by what filters seek: rows, conditions, most, below=

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


LISTINGS: dict[str, Listing] = {}


def declare(listing: Listing) -> Listing:
    LISTINGS[listing.key] = listing
    return listing


Chosen = Mapping[str, list[str]]  # values by key of the filter
Sought = Mapping[str, Sequence[Any]]  # conditions by key of the filter


def sought_of(listing: Listing, chosen: Chosen) -> Sought:
    """What the search of the list is asked; empty where filters do without."""
    filters = [each for each in listing.filters if each.key in chosen and each.sought]
    asked = {each.key: each.sought(chosen[each.key]) for each in filters if each.sought}
    sought = {key: conditions for key, conditions in asked.items() if conditions is not None}
    return sought if len(sought) > 1 or any(each.narrow is None for each in filters) else {}


def narrowed_by(
    listing: Listing, rows: Any, chosen: Chosen, sought: Sought, reader: Reader, *how: int, **more: Any
) -> Any:
    """Rows of the list that all filters leave; `how` and `more` go to its search."""
    if sought and listing.seek:
        rows = listing.seek(rows, [each for asked in sought.values() for each in asked], *how, **more)
    for each in listing.filters:
        if each.narrow and each.key in chosen and each.key not in sought:
            rows = each.narrow(rows, chosen[each.key], reader)
    return rows


@dataclass(frozen=True)
class Counted:
    """`total`, or None where there are more than `more_than` and counting stopped."""

    total: int | None
    more_than: int = 0


@dataclass
class Asked:
    """What an address asks a list for, read by `asked_of`."""

    listing: Listing
    reader: Reader
    chosen: dict[str, list[str]]
    options: dict[str, Options]
    sort: str
    keys: list[str]
    known: Any = field(repr=False)
    query: QueryDict = field(repr=False)

    @property
    def columns(self) -> list[Column]:
        return [column for column in self.listing.columns if column.head or column.key in self.keys]

    @property
    def order(self) -> Order:
        column = self.listing.column(self.sort.removeprefix("-"))
        assert column is not None
        return Order(column.sort, self.sort.startswith("-"))

    @cached_property
    def _sought(self) -> Sought:
        return sought_of(self.listing, self.chosen)

    @property
    def _by_search_alone(self) -> bool:
        return bool(self._sought) and self._sought.keys() == self.chosen.keys()

    @cached_property
    def found(self) -> QuerySet[Any]:
        """The rows asked for, in no order."""
        return self._narrowed()

    def _narrowed(self, *how: int, **more: Any) -> QuerySet[Any]:
        rows = self.listing.source(self.reader)
        return narrowed_by(self.listing, rows, self.chosen, self._sought, self.reader, *how, **more).order_by()

    @cached_property
    def _newest(self) -> QuerySet[Any]:
        """The same rows, as far as the first page and the count need them."""
        return self._narrowed(SOUGHT) if self._by_search_alone and self.order == Order() else self.found

    @cached_property
    def _paged(self) -> QuerySet[Any]:
        """The same rows, as far as this page needs them."""
        cursor = self.cursor
        if cursor is None or self._newest is self.found:
            return self._newest
        return self.found if cursor.backwards else self._narrowed(SOUGHT, below=cursor.pk)

    def counted(self, page: Page | None = None) -> Counted:
        """How many, as far as lists are counted. What stands on a first `page` is not counted once more."""
        first = page if page is not None and self.cursor is None else None
        if first is not None and first.is_everything:
            return Counted(len(first.rows))
        rows: Any = self._newest
        most = SOUGHT if self._by_search_alone or getattr(rows, "dear", False) else COUNTED
        if self._by_search_alone and bool(getattr(rows, "more_than", 0)):
            return Counted(None, most)
        shown = 0
        if first is not None and self.order == Order():
            shown, rows = len(first.rows), rows.filter(pk__lt=first.rows[-1].pk)
        left = most + 1 - shown
        counted_to = getattr(rows, "counted_to", None)
        number = shown + int(counted_to(left) if counted_to else rows.values("pk")[:left].count())
        return Counted(number) if number <= most else Counted(None, most)

    @cached_property
    def cursor(self) -> Cursor | None:
        for name in (AFTER, BEFORE):
            if text := self.query.get(name, ""):
                return cursor_of(text, self.listing.source(self.reader), self.order, backwards=name == BEFORE)
        return None

    def page(self, size: int = SIZE) -> Page:
        return page_of(self._paged, self.order, self.cursor, size)

    def pairs(self) -> list[tuple[str, str]]:
        """Everything chosen, as the address says it, without the page."""
        pairs = [(key, value) for key, values in self.chosen.items() for value in values]
        if self.sort != self.listing.order:
            pairs.append((SORT, self.sort))
        if self.keys != default_keys(self.listing):
            pairs.append((COLUMNS, ",".join(self.keys)))
        return pairs

    def address(self, *, without: tuple[str, str] | None = None, **changes: str) -> str:
        """The address with some things changed ("": taken away), `without` one value; the page is forgotten."""
        pairs = [pair for pair in self.pairs() if pair != without and pair[0] not in changes]
        return "?" + urlencode(pairs + [(key, value) for key, value in changes.items() if value])

    def pairs_without(self, *names: str) -> list[tuple[str, str]]:
        """For hidden fields of a form that asks for `names` itself."""
        return [pair for pair in self.pairs() if pair[0] not in names]


def asked_of(listing: Listing, query: QueryDict, reader: Reader) -> Asked:
    return _asked(listing, query, reader, listing.know(reader))


def asked_again(asked: Asked, query: QueryDict) -> Asked:
    """The same list and reader with another address; what the list knows is not read a second time."""
    return _asked(asked.listing, query, asked.reader, asked.known)


def _asked(listing: Listing, query: QueryDict, reader: Reader, known: Any) -> Asked:
    options: dict[str, Options] = {}
    chosen: dict[str, list[str]] = {}
    for each in listing.filters:
        if each.roles and reader.scope.role not in each.roles:
            continue
        options[each.key] = _options(each, query, reader, known)
        if values := _values(each, query.getlist(each.key), options[each.key]):
            chosen[each.key] = values
    return Asked(listing, reader, chosen, options, _sort(listing, query), _keys(listing, query), known, query)


def _options(each: Filter, query: QueryDict, reader: Reader, known: Any) -> Options:
    if each.name is not None:
        return [(value, label) for value in query.getlist(each.key)[:1] if (label := each.name(value, reader))]
    return each.options(reader, known) if each.options else []


def _values(each: Filter, given: list[str], options: Options) -> list[str]:
    values = [value.strip()[:LONGEST] for value in given if value.strip()]
    if each.options is not None or each.name is not None:
        known = {value for value, _label in options}
        values = [value for value in dict.fromkeys(values) if value in known]
    return values if each.many else values[:1]


def _sort(listing: Listing, query: QueryDict) -> str:
    asked = query.get(SORT, "")
    column = listing.column(asked.removeprefix("-"))
    return asked if column is not None and column.sort else listing.order


def default_keys(listing: Listing) -> list[str]:
    return [column.key for column in listing.columns if column.shown]


def _keys(listing: Listing, query: QueryDict) -> list[str]:
    asked = {key for text in query.getlist(COLUMNS) for key in text.split(",")}
    chosen = [column.key for column in listing.columns if column.key in asked or column.head]
    return chosen if asked & {column.key for column in listing.columns} else default_keys(listing)


# --- For the page -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    label: Text
    html: SafeString
    head: bool


def lines_of(asked: Asked, records: Sequence[Any], now: dt.datetime) -> list[dict[str, Any]]:
    """The rows of a page as cells."""
    rows, gathered = asked.listing.rows(records, asked.reader, now), gathered_for(asked, records)
    return [
        {"key": record.pk, "row": row, "cells": [_cell(column, row, record, gathered) for column in asked.columns]}
        for row, record in zip(rows, records, strict=True)
    ]


def gathered_for(asked: Asked, records: Sequence[Any]) -> dict[str, Mapping[Any, str]]:
    """What columns need from elsewhere, one question for those that share it."""
    answers: dict[Any, Mapping[Any, Any]] = {}
    found: dict[str, Mapping[Any, str]] = {}
    for column in asked.columns if records else ():
        if ask := column.gather:
            if ask not in answers:
                answers[ask] = ask(records, asked.reader, asked.known)
            found[column.key] = {key: column.taken(answer) for key, answer in answers[ask].items()}
    return found


def _cell(column: Column, row: Any, record: Any, gathered: dict[str, Mapping[Any, str]]) -> Cell:
    if column.gather:
        shown: Any = gathered[column.key].get(record.pk, "")
    else:
        shown = column.html(row) if column.html else column.value(row)
    return Cell(column.label, conditional_escape("" if shown is None else shown), column.head)


def heads_of(asked: Asked) -> list[dict[str, Any]]:
    """The heads of the columns, with the address that orders by them."""
    heads = []
    for column in asked.columns:
        now = {column.key: "ascending", f"-{column.key}": "descending"}.get(asked.sort, "")
        falling = now == "ascending" or (column.falling and not now)
        again = f"-{column.key}" if falling else column.key
        heads.append(
            {"label": column.label, "direction": now, "url": asked.address(sort=again) if column.sort else "",
             "mark": {"ascending": "▲", "descending": "▼"}.get(now, "")}
        )  # fmt: skip
    return heads


def chips_of(asked: Asked) -> list[dict[str, Any]]:
    """One chip for each value that narrows the list; its link takes it off."""
    chips = []
    for each in asked.listing.filters:
        labels = dict(asked.options.get(each.key, []))
        for value in asked.chosen.get(each.key, []) if each.look != "seg" else []:
            said = labels.get(value, value)
            label = (
                each.label if each.look == "box" else _("%(filter)s: %(value)s") % {"filter": each.label, "value": said}
            )
            chips.append({"label": label, "url": asked.address(without=(each.key, value)), "on": True})
    return chips


def filters_of(asked: Asked) -> list[dict[str, Any]]:
    """The filters as the page offers them."""
    return [
        {
            "key": each.key, "label": each.label, "look": each.look, "on": each.key in asked.chosen,
            "folded": each.many and len(asked.options[each.key]) > FOLDED, "value": (asked.chosen.get(each.key) or [""])[0],
            "options": _offered(asked, each),
        }
        for each in asked.listing.filters
        if each.key in asked.options and each.look not in ("seg", "hidden")
    ]  # fmt: skip


def _offered(asked: Asked, each: Filter) -> list[dict[str, Any]]:
    headings, chosen = each.headings(asked.reader) if each.headings else {}, asked.chosen.get(each.key, [])
    return [
        {"value": value, "label": label, "on": value in chosen, "heading": headings.get(value, "")}
        for value, label in asked.options[each.key]
    ]


def segs_of(asked: Asked) -> list[dict[str, Any]]:
    """The few ways to look at the list that stand above it as links; no value is the last of them."""
    each = next((each for each in asked.listing.filters if each.look == "seg"), None)
    if each is None:
        return []
    now = (asked.chosen.get(each.key) or [""])[0]
    return [
        {"label": label, "url": asked.address(without=None, **{each.key: value}), "current": now == value}
        for value, label in [*asked.options[each.key], ("", _("All"))]
    ]
