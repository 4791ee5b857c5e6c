"""Invitations from a sheet: reading .xlsx and .csv, naming every error by its row, and the sheet of codes that comes back.

Nothing here touches the database except the list of roles; the whole file is read, or all its errors are named.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import python_calamine
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.accounts.models import Role
from clair_portal.calendars.eras import DateError, parse_date
from clair_portal.language.folding import fold
from clair_portal.sheets.writing import OPTIONS, harmless

MOST_ROWS = 20_000
COLUMNS = {
    "name": gettext_lazy("Name"),
    "name_latin": gettext_lazy("Name in Latin letters"),
    "email": gettext_lazy("E-mail"),
    "role": gettext_lazy("Role"),
    "starts_on": pgettext_lazy("first day", "From"),
    "ends_on": pgettext_lazy("last day", "Until"),
}
# What people write above the columns, folded (width, case, spaces do not matter).
_HEADINGS = {
    "name": ("name", "氏名", "名前", "お名前"),
    "name_latin": (
        "name in latin letters",
        "latin name",
        "ローマ字",
        "ローマ字氏名",
        "氏名(ローマ字)",
        "英字氏名",
        "氏名ローマ字",
    ),
    "email": ("e-mail", "email", "mail", "e-mail address", "メール", "メールアドレス", "電子メール", "eメール"),
    "role": ("role", "役割", "権限", "ロール"),
    "starts_on": ("from", "start", "開始", "開始日", "着任日", "から"),
    "ends_on": ("until", "to", "end", "終了", "終了日", "離任日", "まで"),
}
_COLUMN_OF = {fold(words): name for name, all_words in _HEADINGS.items() for words in all_words}
REQUIRED = ("name", "email", "role", "starts_on")


@dataclass(frozen=True)
class Row:
    number: int
    name: str
    name_latin: str
    email: str
    role: str
    starts_on: dt.date
    ends_on: dt.date | None

    def as_json(self) -> dict[str, Any]:
        ends_on = self.ends_on.isoformat() if self.ends_on else None
        return {**asdict(self), "starts_on": self.starts_on.isoformat(), "ends_on": ends_on}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Row:
        ends_on = dt.date.fromisoformat(data["ends_on"]) if data["ends_on"] else None
        return cls(**{**data, "starts_on": dt.date.fromisoformat(data["starts_on"]), "ends_on": ends_on})


class Fault(NamedTuple):
    """One thing wrong: the row as the spreadsheet numbers it (0: the sheet as a whole), the column, what to do."""

    row: int
    column: str
    text: str


@dataclass
class Sheet:
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message is for the person."""


def cells_of(name: str, content: bytes) -> list[list[Any]]:
    """The cells of the first sheet, as they are. Raises Unreadable."""
    if name.lower().endswith(".csv"):
        return [list(row) for row in csv.reader(io.StringIO(_decoded(content), newline=""))]
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return list(book.get_sheet_by_index(0).to_python())
    except (python_calamine.CalamineError, IndexError, OSError) as error:
        raise Unreadable(_("The file could not be read. Save it as .xlsx or .csv and send it again.")) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The text is neither UTF-8 nor Shift JIS. Save the sheet again as UTF-8."))


def read_sheet(
    cells: Sequence[Sequence[Any]], *, roles: Iterable[Role], open_already: Iterable[tuple[str, str]]
) -> Sheet:
    """Rows and everything wrong with them. `open_already`: (address, role) of invitations that are open here.

    Raises Unreadable without a heading row that names the needed columns, with no rows, or with too many.
    """
    head, places = _heading(cells)
    body = [(number, row) for number, row in enumerate(cells[head + 1 :], head + 2) if any(_text(cell) for cell in row)]
    if not body:
        raise Unreadable(_("There are no rows below the headings."))
    if len(body) > MOST_ROWS:
        raise Unreadable(
            _("At most %(most)s rows fit into one sheet. Split it into several.") % {"most": f"{MOST_ROWS:,}"}
        )
    sheet, role_of, seen = Sheet(), _role_finder(roles), dict.fromkeys(open_already, 0)
    for number, row in body:
        values = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        _read_row(sheet, number, values, role_of, seen)
    return sheet


def _heading(cells: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """The first row, among the first ten, that names every needed column."""
    for at, row in enumerate(cells[:10]):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            if name := _COLUMN_OF.get(fold(_text(cell))):
                found.setdefault(name, place)
        if all(name in found for name in REQUIRED):
            return at, found
    wanted = ", ".join(str(COLUMNS[name]) for name in REQUIRED)
    raise Unreadable(_("No row of headings was found. It must name at least: %(columns)s.") % {"columns": wanted})


def _role_finder(roles: Iterable[Role]) -> Callable[[str], str | None]:
    known: dict[str, str] = {}
    for role in roles:
        for words in (role.code, role.name_ja, role.name_en):  # type: ignore[attr-defined]
            if words:
                known[fold(words)] = role.code
    return lambda text: known.get(fold(text))


def _read_row(
    sheet: Sheet,
    number: int,
    cells: dict[str, Any],
    role_of: Callable[[str], str | None],
    seen: dict[tuple[str, str], int],
) -> None:
    before = len(sheet.faults)

    def wrong(column: str, text: str) -> None:
        sheet.faults.append(Fault(number, str(COLUMNS[column]), text))

    name = _limited("name", cells, wrong)
    latin = _limited("name_latin", cells, wrong)
    email = _email(cells, wrong)
    role = role_of(_text(cells["role"]))
    if role is None:
        wrong("role", _("There is no role “%(role)s” at this organisation.") % {"role": _text(cells["role"])[:40]})
    starts_on, ends_on = _day("starts_on", cells, wrong), _day("ends_on", cells, wrong)
    if starts_on is None and not _text(cells["starts_on"]):
        wrong("starts_on", _("Enter the first day."))
    if starts_on and ends_on and ends_on < starts_on:
        wrong("ends_on", _("The posting ends before it begins."))
    if email and role:
        _only_once(number, (email, role), seen, wrong)
    if len(sheet.faults) == before and role and starts_on:
        sheet.rows.append(Row(number, name, latin, email, role, starts_on, ends_on))


Wrong = Callable[[str, str], None]


def _limited(column: str, cells: dict[str, Any], wrong: Wrong) -> str:
    text = _text(cells.get(column, ""))
    if len(text) > 100:
        wrong(column, _("At most 100 characters fit here."))
    if not text and column in REQUIRED:
        wrong(column, _("Enter the name."))
    return text


def _email(cells: dict[str, Any], wrong: Wrong) -> str:
    text = _text(cells["email"]).lower()
    try:
        validate_email(text)
    except ValidationError:
        wrong("email", _("“%(text)s” is not an e-mail address.") % {"text": text[:80]})
        return ""
    return text


def _day(column: str, cells: dict[str, Any], wrong: Wrong) -> dt.date | None:
    value = cells.get(column, "")
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not (text := _text(value)):
        return None
    try:
        return parse_date(text)
    except DateError as error:
        wrong(column, str(error))
        return None


def _only_once(number: int, pair: tuple[str, str], seen: dict[tuple[str, str], int], wrong: Wrong) -> None:
    if pair not in seen:
        seen[pair] = number
    elif seen[pair]:
        wrong("email", _("This address and role stand in row %(row)s already.") % {"row": seen[pair]})
    else:
        wrong("email", _("An invitation for this address and role is open already."))


def _text(cell: Any) -> str:
    """A cell as text: width folded, spaces at the ends gone; 1.0 of a spreadsheet is 1."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(unicodedata.normalize("NFKC", str(cell if cell is not None else "")).split())


# --- the sheets that go out -----------------------------------------------------------------------------------------


def write_workbook(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet of texts. Nothing in it is ever a formula, also after somebody has saved it as CSV."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": True}) as book:
        page, strong = book.add_worksheet(), book.add_format({"bold": True})
        for place, head in enumerate(heads):
            page.write_string(0, place, head, strong)
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row):
                page.write_string(number, place, harmless(text))
        page.freeze_panes(1, 0)
        page.set_column(0, len(heads) - 1, 22)
    return out.getvalue()
