"""What people really send, as rows: `read()` finds the table, numbers its rows as the spreadsheet does, and names every error.

    FIELDS = [
        Field("name", _("Name"), at_most(100), names=("氏名", "お名前"), filled=True),
        Field("from", _("From"), cells.day, names=("着任日",), filled=True),
        Field("note", _("Note"), cells.text, needed=False),
    ]
    table = read(file.name, content, FIELDS)     # Unreadable: one sentence for the person
    rows = list(table.rows())                    # Unreadable as well: too many rows, a second row of headings
    for row in rows:
        row.number, row.values["from"], row.faults

`values` has every field of `FIELDS`, None where the cell is empty, the column not there, or the cell wrong; what is wrong
stands in `faults` (row, column, cell, sentence). What a row means for the database is checked by the caller, who names
faults of that kind with `table.fault(row, key, sentence)`.

Found wherever it stands: headings in one or several rows, merged or not, below titles, beginning at B2, in any order, in any
language of the portal. Rows without any cell are left out, also thousands of them at the end. A cell merged over several rows
holds for each of them. A row with one text and nothing else, while every row needs more, is a title of a section or a
note: it is no row, and is listed in `table.asides` for the person to see. Columns nobody asked for are in `table.ignored`.

What a formula gives is read only where a field says `computed`; elsewhere it is an error. In .xls formulas cannot be told from
values. Memory grows with the file (65,000 x 25: 160 MB), not with what the caller keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from clair_portal.language.folding import fold
from clair_portal.sheets import cells
from clair_portal.sheets.cells import Cell
from clair_portal.sheets.headings import Field, Head, find, two_candidates
from clair_portal.sheets.pages import Merge, Page, Unreadable, column_letters, open_pages

__all__ = ["MOST_ROWS", "Fault", "Field", "Row", "Table", "Unreadable", "read", "read_pages"]
MOST_ROWS = 65_000


class Fault(NamedTuple):
    """One thing wrong: row as the spreadsheet numbers it, key of the field, heading, cell (C5), and what to do."""

    row: int
    key: str
    column: str
    cell: str
    text: str


@dataclass
class Row:
    """`section`: the last title of a section above it. `raw`: the cells as they stood."""

    number: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    section: str = ""
    raw: dict[str, Cell] = field(default_factory=dict)


@dataclass
class Table:
    head: Head
    fields: Sequence[Field]
    most: int
    asides: list[tuple[int, str]] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        return self.head.page.name

    @property
    def ignored(self) -> list[str]:
        return self.head.ignored()

    def fault(self, row: int, key: str, text: str) -> Fault:
        label = next((str(each.label) for each in self.fields if each.key == key), key)
        place = self.head.places.get(key)
        return Fault(row, key, label, "" if place is None else f"{column_letters(place)}{row}", text)

    def rows(self) -> Iterator[Row]:
        """Each row once, from the top. Raises Unreadable: none at all, too many, or the headings a second time."""
        seen: dict[tuple[str, Any], int] = {}
        count, section = 0, ""
        self.asides.clear()
        for number, row in _below(self.head):
            if (said := _aside(row, self.head, self.fields)) is not None:
                section = said
                self.asides.append((number, said))
                continue
            count += 1
            if count > self.most:
                continue
            if _is_head(row, self.head):
                raise two_candidates(self.head.page, self.head.first, number)
            yield self._row(number, row, section, seen)
        if count > self.most:
            raise _too_many(count, self.most)
        if not count:
            raise Unreadable(_("There are no rows below the headings."))

    def _row(self, number: int, cells_: list[Cell], section: str, seen: dict[tuple[str, Any], int]) -> Row:
        made = Row(number, {}, section=section)
        for each in self.fields:
            place = self.head.places.get(each.key)
            cell = cells_[place] if place is not None and place < len(cells_) else None
            made.raw[each.key] = cell
            try:
                if place is not None:
                    self._no_formula(each, (number, place))
                made.values[each.key] = value = each.parse(cell)
                _must_hold(each, value, number, seen)
            except ValueError as error:
                made.values[each.key] = None
                made.faults.append(self.fault(number, each.key, str(error)))
        return made

    def _no_formula(self, each: Field, at: tuple[int, int]) -> None:
        if at in self.head.page.formulas and not each.computed:
            raise ValueError(_("A formula stands here. Replace it by its value (copy, then paste as values)."))


def read(name: str, content: bytes, fields: Sequence[Field], *, most: int = MOST_ROWS) -> Table:
    """The table of a file; its rows are read by `rows()`. Raises Unreadable with a sentence for the person."""
    return read_pages(open_pages(name, content), fields, most=most)


def read_pages(pages: Iterable[Page], fields: Sequence[Field], *, most: int = MOST_ROWS) -> Table:
    """The same of pages that are open already. Hidden sheets are not looked at."""
    return Table(find([page for page in pages if not page.hidden], fields), fields, most)


def _below(head: Head) -> Iterator[tuple[int, list[Cell]]]:
    """Rows below the headings that are not empty; a cell merged over several rows holds for each of them."""
    merges = [merge for merge in head.page.merges if merge.last[0] > head.last and merge.last[0] > merge.first[0]]
    kept: dict[Merge, Cell] = {}
    for number, row in head.page.rows():
        if number <= head.last:
            continue
        if all(cells.is_empty(cell) for cell in row):
            continue
        if merges:
            row = list(row)
            _fill_down(number, row, merges, kept)
        yield number, row


def _fill_down(number: int, row: list[Cell], merges: list[Merge], kept: dict[Merge, Cell]) -> None:
    for merge in merges:
        place = merge.first[1]
        if place >= len(row):
            continue
        if number == merge.first[0]:
            kept[merge] = row[place]
        elif merge in kept and number <= merge.last[0]:
            row[place] = kept[merge]


def _aside(row: list[Cell], head: Head, fields: Sequence[Field]) -> str | None:
    """The text of a row that holds one text and nothing else, while every row of the table needs something more.

    A row with nothing but its key is a row."""
    filled = [(place, cell) for place, cell in enumerate(row) if not cells.is_empty(cell)]
    if len(filled) != 1 or not isinstance(filled[0][1], str):
        return None
    place = filled[0][0]
    if any(each.once and head.places.get(each.key) == place and _accepts(each, filled[0][1]) for each in fields):
        return None
    wanted = [each for each in fields if each.filled and head.places.get(each.key) not in (None, place)]
    return " ".join(filled[0][1].split()) if wanted else None


def _accepts(each: Field, cell: Cell) -> bool:
    try:
        return each.parse(cell) is not None
    except ValueError:
        return False


def _is_head(row: list[Cell], head: Head) -> bool:
    """Whether a row says the headings again, as where two tables stand on one sheet."""
    return len(head.places) > 1 and all(
        place < len(row) and isinstance(row[place], str) and fold(str(row[place])) == fold(head.written.get(place, ""))
        for place in head.places.values()
    )


def _must_hold(each: Field, value: Any, number: int, seen: dict[tuple[str, Any], int]) -> None:
    if each.filled and value in (None, "", []):
        raise ValueError(_("This must not stay empty."))
    if each.once and value not in (None, ""):
        before = seen.setdefault((each.key, value), number)
        if before != number:
            raise ValueError(_("The same stands in row %(row)s already. Leave one of the two rows.") % {"row": before})


def _too_many(count: int, most: int) -> Unreadable:
    words = {"count": f"{count:,}", "most": f"{most:,}"}
    return Unreadable(
        _("The sheet has %(count)s rows; at most %(most)s can be read at once. Split it into several files.") % words
    )
