"""A counted table as plain values that stay, and back again: what was published is shown as it was, whatever is declared now."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from clair_portal.accounts.reader import Reader
from clair_portal.audit.sentences import in_language
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.language.words import in_both
from clair_portal.reports.layout import column_label
from clair_portal.reports.tables import Cell, ClaimLine, Dimension, Grid, Head, Leaf, Measure, Table, count_cells, fill

LANGUAGES = ("ja", "en")
Frozen = dict[str, Any]
TOTAL = "total"  # the row of totals; no head has it, because keys of heads are ids, codes and months


def freeze(table: Table, reader: Reader, year: FiscalYear, *, now: dt.datetime) -> Frozen:
    """Counts the table once, and writes it down with labels in each language."""
    grids, counted = {}, count_cells(table, reader, year)
    for language in LANGUAGES:
        with translation.override(language):
            grids[language] = fill(table, reader, year, now=now, counted=counted)
    first, *others = grids.values()
    return {
        "key": table.key,
        "title": in_both(table.title),
        "note": in_both(table.note),
        "rows_title": in_both(table.rows.title),
        "columns_title": in_both(table.columns.title) if table.columns else None,
        "chart": table.chart,
        "measures": [{"key": m.key, "title": in_both(m.title), "number": m.number} for m in table.measures],
        "heads": _heads(first.heads, [grid.heads for grid in others]),
        "column_heads": _heads(first.column_heads, [grid.column_heads for grid in others]),
        "numbers": [cell.number for cell in first.foot],
        "body": [[cell.value for cell in cells] for cells in first.body],
        "foot": [cell.value for cell in first.foot],
        "claims": [_claim(lines) for lines in zip(*(grid.claims for grid in grids.values()), strict=True)],
    }


def _heads(first: Sequence[Head], others: Sequence[Sequence[Head]]) -> list[dict[str, Any]]:
    """In the order of the first language; a head is the same in another when it has the same key."""
    by_token = [{head.token: head for head in heads} for heads in (first, *others)]
    return [
        {
            "token": head.token,
            "label": {name: known[head.token].label for name, known in zip(LANGUAGES, by_token, strict=True)},
            "short": {name: known[head.token].short for name, known in zip(LANGUAGES, by_token, strict=True)},
        }
        for head in first
    ]


def _claim(lines: Sequence[ClaimLine]) -> dict[str, Any]:
    return {
        "what": {name: line.what for name, line in zip(LANGUAGES, lines, strict=True)},
        "value": {name: line.value for name, line in zip(LANGUAGES, lines, strict=True)},
        "ours": lines[0].ours.value,
        "number": lines[0].ours.number,
        "as_of": lines[0].as_of,
        "source": lines[0].source,
    }


def digest(collection: str, year: int, counted_at: dt.datetime, tables: Iterable[Frozen]) -> str:
    """SHA-256 of everything that was counted, labels with it."""
    said = [collection, year, counted_at.astimezone(dt.UTC).isoformat(), list(tables)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# --- Shown again ----------------------------------------------------------------------------------------------------------
def thawed(frozen: Frozen, year: FiscalYear, counted_at: dt.datetime) -> Grid:
    """The grid in the active language. Its numbers open nothing: the records may have changed since."""
    heads, column_heads = _known_heads(frozen["heads"]), _known_heads(frozen["column_heads"])
    measures = tuple(Measure(m["key"], in_language(m["title"]), number=m["number"]) for m in frozen["measures"])
    places: list[Head | None] = [*column_heads, None] if frozen["columns_title"] else [None]
    leaves = tuple(Leaf(place, measure) for place in places for measure in measures)
    body = tuple(_cells(values, frozen["numbers"]) for values in frozen["body"])
    claims = tuple(
        ClaimLine(
            in_language(c["what"]), Cell(c["ours"], c["number"]), in_language(c["value"]), c["as_of"], c["source"]
        )
        for c in frozen["claims"]
    )
    foot = _cells(frozen["foot"], frozen["numbers"])
    return Grid(_table(frozen, measures), year, counted_at, heads, column_heads, leaves, body, foot, claims)


def _known_heads(frozen: Iterable[dict[str, Any]]) -> tuple[Head, ...]:
    return tuple(Head(head["token"], in_language(head["label"]), in_language(head["short"])) for head in frozen)


def _cells(values: Iterable[Any], numbers: Iterable[Any]) -> tuple[Cell, ...]:
    return tuple(Cell(value, number) for value, number in zip(values, numbers, strict=True))


def _table(frozen: Frozen, measures: tuple[Measure, ...]) -> Table:
    """Words and layout as they were; it counts nothing."""

    def nothing(*_given: Any) -> Any:
        raise LookupError(f"{frozen['key']}: a frozen table counts nothing")

    columns = Dimension(in_language(frozen["columns_title"]), "", nothing) if frozen["columns_title"] else None
    return Table(
        key=frozen["key"], title=in_language(frozen["title"]), rows=Dimension(in_language(frozen["rows_title"]), "", nothing),
        measures=measures, source=nothing, record=nothing, columns=columns, chart=frozen["chart"],
        note=in_language(frozen["note"]),
    )  # fmt: skip


# --- Side by side ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Pair:
    """One number as it was frozen and as it is counted now. None: there was, or is, no such row or column."""

    row: str
    column: str
    then: Cell | None
    now: Cell | None

    @property
    def differs(self) -> bool:
        return _plain(self.then) != _plain(self.now)


def _plain(cell: Cell | None) -> Any:
    """Numbers are compared as they are written, to a tenth; a row that is missing has counted nothing."""
    value = None if cell is None else cell.value
    return round(value, 1) if isinstance(value, float) else value or None


@dataclass(frozen=True)
class Compared:
    """Labels of columns, and for each row its label with its numbers in the order of the columns."""

    columns: list[str]
    rows: list[tuple[str, list[Pair]]]

    @property
    def pairs(self) -> list[Pair]:
        return [pair for _row, pairs in self.rows for pair in pairs]


def side_by_side(then: Grid, now: Grid) -> Compared:
    """Every number of both, in the order of the frozen one, new rows and columns at the end. Two rows may share a label."""
    old, new = _by_place(then), _by_place(now)
    rows = _joined((*_tokens(then), TOTAL), (*_tokens(now), TOTAL))
    columns = _joined([_place(leaf) for leaf in then.leaves], [_place(leaf) for leaf in now.leaves])
    labels = {**_labels(now), **_labels(then)}
    words = {**_column_words(now), **_column_words(then)}
    lines = [
        (labels.get(row, ""), [
            Pair(labels.get(row, ""), words[column], old.get((row, column)), new.get((row, column)))
            for column in columns
        ])
        for row in rows
    ]  # fmt: skip
    return Compared([words[column] for column in columns], lines)


def _tokens(grid: Grid) -> list[str]:
    return [head.token for head in grid.heads]


def _place(leaf: Leaf) -> tuple[str, str]:
    return (TOTAL if leaf.head is None else leaf.head.token, leaf.measure.key)


def _joined(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys((*first, *second)))


def _by_place(grid: Grid) -> dict[tuple[str, tuple[str, str]], Cell]:
    lines = zip((*_tokens(grid), TOTAL), (*grid.body, grid.foot), strict=True)
    return {
        (row, _place(leaf)): cell for row, cells in lines for leaf, cell in zip(grid.leaves, cells, strict=True)
    }  # fmt: skip


def _labels(grid: Grid) -> dict[str, str]:
    return {head.token: head.label for head in grid.heads}


def _column_words(grid: Grid) -> dict[tuple[str, str], str]:
    return {_place(leaf): column_label(leaf, grid.table) for leaf in grid.leaves}
