"""A data set as bytes: CSV (RFC 4180, UTF-8 with BOM) and JSON. The same rows always make the same bytes."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from clair_portal.open_data.sets import DataSet
from clair_portal.sheets.writing import Head, Paper, Value, write_csv


@dataclass(frozen=True)
class Table:
    """The rows of a set as they are now."""

    data_set: DataSet
    rows: list[Sequence[Value]]

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 over the names of the columns and the rows."""
        said = [
            [column.name for column in self.data_set.columns],
            *([plain(value) for value in row] for row in self.rows),
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def read(data_set: DataSet) -> Table:
    return Table(data_set, [tuple(row) for row in data_set.rows()])


def as_csv(heads: Iterable[object], rows: Iterable[Sequence[Value]]) -> bytes:
    """Every CSV file for the public is made here. Text that a spreadsheet would run gets an apostrophe (sheets.writing)."""
    out = io.BytesIO()
    write_csv(out, Paper("", [Head(str(head)) for head in heads]), rows)
    return out.getvalue()


def csv_file(name: str, heads: Iterable[object], rows: Iterable[Sequence[Value]]) -> HttpResponse:
    """A table of a public page as a file. `name`: without its ending."""
    response = HttpResponse(as_csv(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_of(table: Table) -> bytes:
    """With the names of the columns as headings, in every language the same."""
    return as_csv([column.name for column in table.data_set.columns], table.rows)


def as_objects(table: Table) -> Iterator[dict[str, Any]]:
    """Rows as JSON has them, by the names of their columns."""
    names = [column.name for column in table.data_set.columns]
    for row in table.rows:
        yield dict(zip(names, map(plain, row), strict=True))


def json_of(table: Table, about: dict[str, Any]) -> bytes:
    """`about` and the rows as objects, a line each."""
    lines = map(_written, as_objects(table))
    head = json.dumps(about, ensure_ascii=False, indent=1).removesuffix("\n}")
    return "".join((head, ',\n "rows": [\n', ",\n".join(lines), "\n]}\n")).encode()


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def plain(value: Value) -> Any:
    """What JSON has: days as ISO writes them, an empty text as null."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return None if value == "" else value
