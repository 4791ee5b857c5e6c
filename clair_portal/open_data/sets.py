"""Data sets as their owners declare them: what a row is, what each column means, and where it comes from.

What never changes once it was published: the key of a set, the names of its columns, and the values of its key columns.
A column may be added at the end; a set that must change otherwise gets a new key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from clair_portal.publishing.tree import families
from clair_portal.publishing.tree.families import Family
from clair_portal.sheets.writing import Value

if TYPE_CHECKING:
    from django.utils.functional import Promise, _StrPromise

TYPES = ("string", "integer", "number", "date", "year")  # those of Table Schema that are used here


@dataclass(frozen=True)
class Column:
    """`name`: heading of the file, for ever. `title`: what a reader calls it. `codes`: every value it may have, and what
    each means. `needed`: never empty."""

    name: str
    title: str | _StrPromise
    type: str = "string"
    note: str | _StrPromise = ""
    unit: str | _StrPromise = ""
    codes: Mapping[str, str | Promise] | None = None
    needed: bool = False

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"{self.name}: {self.type} is not one of {', '.join(TYPES)}")


@dataclass(frozen=True)
class Source:
    """Where rows come from, in the words of whoever publishes it, and under which licence. "": it names none."""

    title: str
    licence: str = ""
    address: str = ""


@dataclass(frozen=True)
class DataSet:
    """`rows`: in an order that does not change by itself, each with a value for every column; at most three statements.

    `key_columns`: what tells rows apart, for ever. `as_of`: the day the data hold for; None where the
    portal itself keeps them, so that they hold from their last change on. `reads`: the tables behind it. `api`: name of
    an address of its own under /api/v1/; every other set is read at /api/v1/open-data/.
    """

    key: str
    title: str | _StrPromise
    description: str | _StrPromise
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Sequence[Value]]]
    key_columns: tuple[str, ...]
    sources: Sequence[Source]
    reads: tuple[str, ...]
    as_of: dt.date | None = None
    api: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        if unknown := set(self.key_columns) - {column.name for column in self.columns}:
            raise ValueError(f"{self.key}: {', '.join(sorted(unknown))} are no columns")

    @property
    def api_address(self) -> str:
        return reverse(self.api) if self.api else reverse("api_open_data", args=[self.key])


_sets: dict[str, DataSet] = {}


def declare(*sets: DataSet) -> None:
    """Called in ready() of the app that owns the data."""
    for each in sets:
        if _sets.setdefault(each.key, each) is not each:
            raise ValueError(f"the data set {each.key} is declared twice")
    _declare_pages()


def _declare_pages() -> None:
    """Pages and files of all sets are published anew when one of their tables changes, or a change was noted."""
    every = tuple(sorted({table for each in _sets.values() for table in each.reads}))
    noted = ("open_data_edition",)
    families.declare(
        Family("open_data", reads=noted),
        Family("open_data_set", _addresses, reads=noted),
        Family("open_data_csv", _addresses, reads=(*every, *noted), in_languages=False),
        Family("open_data_json", _addresses, reads=(*every, *noted), in_languages=False),
        Family("open_data_schema", _addresses, in_languages=False),
        Family("open_data_catalogue", reads=noted, in_languages=False),
    )


def _addresses() -> list[dict[str, str]]:
    return [{"key": each.key} for each in known()]


def known() -> list[DataSet]:
    return sorted(_sets.values(), key=lambda each: (each.order, each.key))


def find(key: str) -> DataSet | None:
    return _sets.get(key)
