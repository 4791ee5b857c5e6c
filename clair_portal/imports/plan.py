"""The dry run: what a sheet would change, row by row, and everything that stands against it. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.imports.editing import Context, EditableList, EditColumn, Standing, standings, values_mark
from clair_portal.imports.enums import Finding
from clair_portal.sheets import cells
from clair_portal.sheets.editable import about_of
from clair_portal.sheets.pages import Page, Unreadable
from clair_portal.sheets.reading import MOST_ROWS, Fault, Field, Row, Table, read_pages
from clair_portal.sheets.writing import written

KEY = pgettext_lazy("of a row", "Key")
MARK = gettext_lazy("Mark of the row")
BATCH = 500
SHOWN = 500  # characters of a value in the page of differences


@dataclass
class Found:
    """What one row of the sheet says. `changes`: new values by column, only where nothing stands against the row."""

    number: int
    finding: Finding | None = None
    subject: str = ""
    name: str = ""
    standing: Standing | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    details: list[dict[str, str]] = field(default_factory=list)
    overtaken: bool = False


def table_of(pages: Sequence[Page], editable: EditableList, context: Context) -> Table:
    """Raises Unreadable: no such table, another list, or a file of an older version of the list."""
    about = about_of(pages)
    if about.get("list", editable.listing.key) != editable.listing.key:
        raise Unreadable(
            _("This file was made of another list. Send it on the page of that list, or take the file of this one.")
        )
    if about.get("version", str(editable.version)) != str(editable.version):
        raise Unreadable(
            _("The columns of this list have changed since the file was made. Take the file for editing once more.")
        )
    fields = [Field("key", KEY, _key, filled=True, once=True), Field("mark", MARK, _mark)]
    fields += [Field(column.key, column.label, column.parser(context)) for column in editable.columns]
    return read_pages(pages, fields, most=MOST_ROWS)


def _key(cell: Any) -> int | None:
    words = cells.code(cell)
    if words is None:
        raise ValueError(_("This row has no key. Rows cannot be added here: take the row out."))
    if not (words.isascii() and words.isdigit() and len(words) < 19):
        raise ValueError(
            _("“%(text)s” is not a key of this list. Take the row from the file for editing again.")
            % {"text": words[:20]}
        )
    return int(words)


def _mark(cell: Any) -> str:
    words = cells.code(cell) or ""
    if len(words) != 25 or words[12] != "-":
        raise ValueError(_("The mark of this row is missing or damaged. Take the row from the file for editing again."))
    return words


def findings(
    table: Table,
    editable: EditableList,
    context: Context,
    *,
    lock: bool,
    step: Callable[[int], Any] = lambda done: None,
) -> Iterator[Found]:
    """Every row that is read, in the order of the sheet. `lock`: the records stay locked until the transaction ends."""
    done, rest = 0, table.rows()
    while rows := list(islice(rest, BATCH)):
        yield from _of_batch(rows, table, editable, context, lock)
        done += len(rows)
        step(done)


def _of_batch(
    rows: Sequence[Row], table: Table, editable: EditableList, context: Context, lock: bool
) -> Iterator[Found]:
    keys = [row.values["key"] for row in rows if row.values["key"] is not None]
    records = list(editable.records(keys, context.reader, lock))
    by_key = {standing.record.pk: standing for standing in standings(editable, records, context.reader)}
    for row in rows:
        yield _of_row(row, by_key.get(row.values["key"]), table, editable, context)


def _of_row(row: Row, standing: Standing | None, table: Table, editable: EditableList, context: Context) -> Found:
    found = Found(row.number, subject=str(row.values["key"] or ""))
    if standing is None:
        return _without_record(found, row, table)
    found.standing, found.name = standing, editable.name(standing.record)[:300]
    words = standing.words(context)
    sheet, faults = _as_meant(row, standing, words)
    faults += [fault for fault in row.faults if fault.key in ("key", "mark")]
    if faults:
        return _with_errors(found, faults)
    touched = [column for column in editable.columns if not cells.same(sheet[column.key], standing.values[column.key])]
    if not touched:
        return found
    if row.values["mark"] != standing.mark:
        return _overtaken(found, row, sheet, touched, table, context)
    return _changed(found, sheet, touched, table, editable, context)


def _without_record(found: Found, row: Row, table: Table) -> Found:
    faults = [fault for fault in row.faults if fault.key in ("key", "mark")]
    gone = _("This row is no longer in the list, or you may not see it. Take it out.")
    return _with_errors(found, faults or [table.fault(row.number, "key", gone)])


def _as_meant(row: Row, standing: Standing, words: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The values of the sheet. A cell that says letter by letter what stands now is no change, whatever is thought of it."""
    values, faults = {}, []
    for column in standing.editable.columns:
        wrong = [fault for fault in row.faults if fault.key == column.key]
        if cells.same(cells.as_text(row.raw[column.key]), cells.bared(written(words[column.key]))):
            values[column.key] = standing.values[column.key]
        else:
            values[column.key] = row.values[column.key]
            faults += wrong
    return values, faults


def _overtaken(
    found: Found, row: Row, sheet: dict[str, Any], touched: list[EditColumn], table: Table, context: Context
) -> Found:
    """Somebody changed the record after the file was made. Where the sender left the row as it was, theirs stands."""
    assert found.standing is not None
    if values_mark(found.standing.record.pk, sheet) == row.values["mark"][:12]:
        found.overtaken = True
        return found
    found.finding = Finding.CONFLICT
    text = _("Somebody changed this row after the file was made. Take the file for editing again and change it there.")
    found.details = [_detail(found, column, sheet, table, context, text) for column in touched]
    return found


def _changed(
    found: Found,
    sheet: dict[str, Any],
    touched: list[EditColumn],
    table: Table,
    editable: EditableList,
    context: Context,
) -> Found:
    assert found.standing is not None
    record = found.standing.record
    said = [(c.key, text) for c in touched if (text := c.refused(record, context.reader))]
    changes = {column.key: sheet[column.key] for column in touched}
    said = said or editable.check(record, changes, context.reader)
    if said:
        return _with_errors(found, [table.fault(found.number, key, text) for key, text in said])
    found.finding, found.changes = Finding.CHANGE, changes
    found.details = [_detail(found, column, sheet, table, context, "") for column in touched]
    return found


def _with_errors(found: Found, faults: Sequence[Fault]) -> Found:
    found.finding = Finding.ERROR
    found.details = [{"label": f.column, "cell": f.cell, "text": f.text} for f in faults]
    return found


def _detail(
    found: Found, column: EditColumn, sheet: dict[str, Any], table: Table, context: Context, text: str
) -> dict[str, str]:
    assert found.standing is not None
    old, new = (column.words(value[column.key], context) for value in (found.standing.values, sheet))
    fault = table.fault(found.number, column.key, text)
    return {
        "key": column.key, "label": fault.column, "cell": fault.cell, "old": _said(old), "new": _said(new), "text": text
    }  # fmt: skip


def _said(value: Any) -> str:
    """A value for the page; there an apostrophe before a formula is of no use."""
    return cells.bared(written(value))[:SHOWN]
