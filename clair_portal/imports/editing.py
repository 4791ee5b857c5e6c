"""Which lists can be changed in a sheet: their columns, how each is read, who may change it, and what writes it.

A list declares an `EditableList` beside its `Listing`; export, dry run, differences and confirmation follow from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from clair_portal.accounts.reader import Reader
from clair_portal.casework.listing import Listing, Text
from clair_portal.language.words import listed
from clair_portal.sheets import cells
from clair_portal.sheets.cells import Parser
from clair_portal.sheets.writing import Value


@dataclass(frozen=True)
class Context:
    """What parsers and words of a list need: the reader, and what the list has read once (`know`)."""

    reader: Reader
    known: Any


@dataclass(frozen=True)
class EditColumn:
    """A column that can be changed.

    `now`: the value of a record (and of what was gathered for it). `parser`: reads a cell into such a value. `words`: a value
    as the sheet shows it; `parser` must read it back. `choices`: drop-down. `refused`: why this reader cannot change it in this
    record, or "".
    """

    key: str
    label: Text
    now: Callable[[Any, Any], Any]
    parser: Callable[[Context], Parser]
    words: Callable[[Any, Context], Value] = lambda value, context: value
    choices: Callable[[Context], Sequence[str]] = lambda context: ()
    refused: Callable[[Any, Reader], str] = lambda record, reader: ""
    help: Text = ""
    width: int = 24
    number: bool = False


@dataclass(frozen=True)
class EditableList:
    """`version`: counted up when columns change, so that older files are refused. `offered`: whether the reader gets such files.

    `name`: what a row is called in the page of differences. `know`: read once; `gather`: once for a batch of records, what `now`
    needs. `records`: rows by key the reader sees, locked for writing when asked. `stamp`: what else must be as it was when the
    file was made. `check`: what is wrong with the changes of one record (key of the column, sentence). `write`: applies them
    with the list's own services; it may raise NotAllowed.
    """

    listing: Listing
    version: int
    columns: tuple[EditColumn, ...]
    offered: Callable[[Reader], bool]
    name: Callable[[Any], str]
    records: Callable[[Sequence[int], Reader, bool], Any]
    write: Callable[..., None]
    know: Callable[[Reader], Any] = lambda reader: None
    gather: Callable[[Sequence[Any], Reader], Mapping[Any, Any]] = lambda records, reader: {}
    stamp: Callable[[Any], Any] = lambda record: None
    check: Callable[[Any, dict[str, Any], Reader], list[tuple[str, str]]] = lambda record, changes, reader: []

    def context(self, reader: Reader) -> Context:
        return Context(reader, self.know(reader))


# --- Columns of choices ---------------------------------------------------------------------------------------------------
def in_each_language(words: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What is called so in one of the languages of staff: a file crosses languages. `words`: in the active one."""
    known: dict[str, Any] = {}
    for language in ("ja", "en"):
        with translation.override(language):
            known |= words()
    return known


def some_of(choices: type[TextChoices]) -> Parser:
    """Several of a set of choices, by their words in either language or by their keys."""
    known = in_each_language(lambda: {str(label): value for value, label in choices.choices})
    return cells.some_of(known | {value: value for value in choices.values})


def words_of(choices: type[TextChoices], values: Sequence[str]) -> str:
    """As `some_of` reads them back; what is no choice any more is left out."""
    return listed(choices(value).label for value in values if value in choices.values)


LISTS: dict[str, EditableList] = {}


def declare(editable: EditableList) -> EditableList:
    LISTS[editable.listing.key] = editable
    return editable


@dataclass(frozen=True)
class Standing:
    """A record as it stands now: its values by column, and the mark a file carries of it."""

    editable: EditableList
    record: Any
    values: dict[str, Any]

    @cached_property
    def mark(self) -> str:
        """Two halves: of the values that can be changed, and of what else must not have changed."""
        return (
            f"{values_mark(self.record.pk, self.values)}-{_digest([self.record.pk, self.editable.stamp(self.record)])}"
        )

    def words(self, context: Context) -> dict[str, Value]:
        return {column.key: column.words(self.values[column.key], context) for column in self.editable.columns}


def standings(editable: EditableList, records: Sequence[Any], reader: Reader) -> list[Standing]:
    gathered = editable.gather(records, reader) if records else {}
    return [
        Standing(editable, record, {c.key: c.now(record, gathered.get(record.pk)) for c in editable.columns})
        for record in records
    ]


def values_mark(pk: Any, values: Mapping[str, Any]) -> str:
    return _digest([pk, {key: cells.compared(value) for key, value in values.items()}])


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
