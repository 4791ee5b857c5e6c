"""A file that somebody sends as pages of cells: .xlsx, .xls, .ods by calamine, CSV in UTF-8 or Shift JIS. Pure.

Rows come one after the other, numbered as the spreadsheet numbers them, whatever stands empty above or left of the table.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import python_calamine
from django.utils.translation import gettext as _

from clair_portal.sheets.cells import FROM_CP932, Cell, bared
from clair_portal.sheets.writing import CP932, UTF8

Place = tuple[int, int]  # row from 1, column from 0
ENDINGS = ("xlsx", "xls", "csv")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TOP = 20_000  # bytes in which the mark between cells is looked for
_PIECE = 1 << 20
_OVERLAP = 400  # bytes: longer than the beginning of a cell
_WITH_FORMULA = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f[\s/>]")
_CELL_NAME = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_WIDEST_CELL = 1 << 20  # characters of one cell of CSV


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message is for the person."""


@dataclass(frozen=True)
class Merge:
    first: Place
    last: Place

    def __contains__(self, place: Place) -> bool:
        return self.first[0] <= place[0] <= self.last[0] and self.first[1] <= place[1] <= self.last[1]


@dataclass
class Page:
    """One sheet. `formulas`: the cells whose value a formula gives (.xlsx; in CSV a cell that begins with =, known once its
    row has been read)."""

    name: str
    _sheet: python_calamine.CalamineSheet | None = None
    _csv: CsvText | None = None
    hidden: bool = False
    merges: list[Merge] = field(default_factory=list)
    formulas: set[Place] = field(default_factory=set)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Number and cells of each row, from the first column on. Raises Unreadable where CSV breaks off."""
        if self._csv is not None:
            yield from self._csv.rows(self.formulas)
        if self._sheet is None:
            return
        _top, left = self._sheet.start or (0, 0)
        margin: list[Cell] = [
            None
        ] * left  # calamine gives the empty rows above a table, but not the columns left of it
        for number, cells in enumerate(self._sheet.iter_rows(), 1):
            yield number, [*margin, *cells]


def open_pages(name: str, content: bytes) -> list[Page]:
    """All pages of a file. Raises Unreadable with what to send instead."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending == "csv" or (ending in ("txt", "tsv") and not content.startswith((_OLE, b"PK"))):
        return [_csv_page(content)]
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        pages = [_page(book, each) for each in book.sheets_metadata if _is_sheet(each)]
    except python_calamine.PasswordError as error:
        raise _protected() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise _not_read(content) from error
    for page, formulas in _formulas(content).items():
        for each in pages:
            if each.name == page:
                each.formulas = formulas
    return pages


def _is_sheet(meta: python_calamine.SheetMetadata) -> bool:
    return bool(meta.typ == python_calamine.SheetTypeEnum.WorkSheet)


def _page(book: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata) -> Page:
    sheet = book.get_sheet_by_name(meta.name)
    merges = [Merge((top + 1, left), (end + 1, right)) for (top, left), (end, right) in sheet.merged_cell_ranges or []]
    return Page(meta.name, sheet, hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible, merges=merges)


def _protected() -> Unreadable:
    return Unreadable(_("The file is protected by a password. Remove the password and send it again."))


def _not_read(content: bytes) -> Unreadable:
    if content.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        return _protected()
    return Unreadable(_("The file could not be read. Save it as .xlsx or .csv and send it again."))


# --- Formulas -----------------------------------------------------------------------------------------------------------
def _formulas(content: bytes) -> dict[str, set[Place]]:
    """By name of the sheet the cells that hold a formula. What calamine gives is only the value they had when saved."""
    if not content.startswith(b"PK"):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: _formulas_of(archive, part) for name, part in _parts(archive)}
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ElementTree.ParseError, LookupError) as error:
        raise _not_read(content) from error


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet."""
    names = set(archive.namelist())
    if not {_BOOK, _RELATIONS} <= names:
        return
    targets = {each.get("Id"): each.get("Target", "") for each in _elements(archive, _RELATIONS)}
    for sheet in _elements(archive, _BOOK):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        target = targets.get(key, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield sheet.get("name", ""), part


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    return ElementTree.fromstring(archive.read(part)).iter()  # noqa: S314 - entities do not grow in the parser's own limits


def _formulas_of(archive: zipfile.ZipFile, part: str) -> set[Place]:
    found: set[Place] = set()
    with archive.open(part) as stream:
        rest = b""
        while piece := stream.read(_PIECE):
            text = rest + piece
            for cell in _WITH_FORMULA.finditer(text):
                if name := _CELL_NAME.search(cell[1]):
                    found.add((int(name[2]), column_number(name[1].decode())))
            rest = text[-_OVERLAP:]
    return found


def column_number(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def column_letters(place: int) -> str:
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- CSV ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CsvText:
    """A CSV file that is read anew at each turn, so that its cells are never all there at once."""

    content: bytes
    encoding: str
    delimiter: str

    def rows(self, formulas: set[Place]) -> Iterator[tuple[int, list[Cell]]]:
        """An apostrophe that keeps a text from running as a formula is taken off; what begins with = without it is one."""
        csv.field_size_limit(_WIDEST_CELL)
        with io.TextIOWrapper(io.BytesIO(self.content), encoding=self.encoding, newline="") as text:
            rows = csv.reader(text, delimiter=self.delimiter)
            try:
                for number, row in enumerate(rows, 1):
                    formulas.update((number, place) for place, cell in enumerate(row) if _is_formula(cell))
                    yield number, [self._as_meant(cell) for cell in row]
            except csv.Error as error:
                raise Unreadable(
                    _(
                        "The file could not be read as CSV: a quotation mark is opened and never closed, or a cell is far too long."
                    )
                ) from error

    def _as_meant(self, cell: str) -> str:
        return bared(cell.translate(FROM_CP932) if self.encoding == CP932 else cell)


def _is_formula(cell: str) -> bool:
    bare = cell.strip()
    return len(bare) > 1 and bare.startswith(("=", "＝"))


def _csv_page(content: bytes) -> Page:
    encoding = _encoding(content)
    top = content[:TOP].decode(encoding, "ignore")
    return Page("", _csv=CsvText(content, encoding, _delimiter(top)))


def _encoding(content: bytes) -> str:
    for encoding in (UTF8, CP932):
        try:
            content.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The text is neither UTF-8 nor Shift JIS. Save the sheet again as UTF-8."))


def _delimiter(top: str) -> str:
    """The comma, unless a line near the top has more semicolons (European Excel) or tabs (copied cells)."""
    lines = top.splitlines()[:20]
    return max(",;\t", key=lambda mark: max((line.count(mark) for line in lines), default=0))
