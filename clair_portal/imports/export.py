"""The file for editing: the rows of a list as its page shows them, with what can be changed and the mark of each row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import BinaryIO

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.casework.keyset import every_page
from clair_portal.casework.list_file import BATCH, Step, Written, paper_of
from clair_portal.casework.listing import Asked, Column, SheetColumn, gathered_for
from clair_portal.imports.editing import LISTS, Context, EditableList, Standing, standings
from clair_portal.imports.plan import KEY, MARK
from clair_portal.sheets.editable import EditHead, EditRow, write_editable
from clair_portal.sheets.reading import MOST_ROWS
from clair_portal.sheets.writing import Head, Paper

SMALL = 2000


def offered(asked: Asked) -> bool:
    editable = LISTS.get(asked.listing.key)
    return editable is not None and editable.offered(asked.reader)


def back(asked: Asked) -> tuple[str, str]:
    """Where the file comes back to, and what the link says."""
    return reverse("sheet_send", args=[asked.listing.key]), _("Send a changed sheet")


def write(asked: Asked, out: BinaryIO, *, now: dt.datetime, step: Step) -> Written:
    """At most as many rows as can be read at once, in the order of the list."""
    editable = LISTS[asked.listing.key]
    expected, context = min(asked.found.count(), MOST_ROWS), editable.context(asked.reader)
    shown = _shown(asked, editable)
    paper = _paper(asked, expected, now, shown)
    about = {"list": asked.listing.key, "version": str(editable.version), "language": get_language() or "en"}
    count = write_editable(
        out, paper, _heads(editable, context), _rows(asked, editable, context, shown, expected, now, step),
        key=str(KEY), mark=str(MARK), about=about, made_at=now, small=expected <= SMALL,
    )  # fmt: skip
    return Written(expected, count)


def _shown(asked: Asked, editable: EditableList) -> list[tuple[Column, SheetColumn]]:
    """The columns of the page that are only for orientation: what can be changed stands once, in its own column."""
    changed = {str(column.label) for column in editable.columns}
    pairs = [(column, each) for column in asked.columns for each in column.sheet_columns()]
    return [(column, each) for column, each in pairs if str(each.label) not in changed]


def _paper(asked: Asked, expected: int, now: dt.datetime, shown: list[tuple[Column, SheetColumn]]) -> Paper:
    paper = paper_of(asked, expected, now)
    how = _(
        "Change the blue columns, save, and send the file back on the page of the list. Grey cells stay as they are."
    )
    return Paper(paper.title, [Head(str(each.label), each.width) for _column, each in shown], [*paper.lines, how])


def _heads(editable: EditableList, context: Context) -> list[EditHead]:
    return [
        EditHead(str(column.label), column.width, column.choices(context), str(column.help), column.number)
        for column in editable.columns
    ]


def _rows(
    asked: Asked, editable: EditableList, context: Context, shown: list[tuple[Column, SheetColumn]], expected: int,
    now: dt.datetime, step: Step,
) -> Iterator[EditRow]:  # fmt: skip
    count = 0
    for records in every_page(asked.found, asked.order, BATCH):
        rows, gathered = asked.listing.rows(records, asked.reader, now), gathered_for(asked, records)
        for row, standing in zip(rows, standings(editable, records, asked.reader), strict=True):
            if count == expected:
                return
            count += 1
            pk = standing.record.pk
            values = [gathered[c.key].get(pk, "") if c.gather else each.value(row) for c, each in shown]
            yield _row(standing, values, context)
        step(count, expected)


def _row(standing: Standing, shown: list, context: Context) -> EditRow:
    words, columns = standing.words(context), standing.editable.columns
    return EditRow(
        key=str(standing.record.pk), shown=shown, values=[words[column.key] for column in columns],
        open=[not column.refused(standing.record, context.reader) for column in columns], mark=standing.mark,
    )  # fmt: skip
