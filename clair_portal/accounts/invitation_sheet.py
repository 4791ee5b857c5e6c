"""Invitations from a sheet: reading .xlsx and .csv, naming every error by its row, and the sheet of codes that comes back.

Nothing here touches the database except the list of roles; the whole file is read, or all its errors are named.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.accounts.models import Role
from clair_portal.language.folding import fold
from clair_portal.sheets import cells, reading
from clair_portal.sheets.reading import Unreadable
from clair_portal.sheets.writing import OPTIONS, harmless

__all__ = ["COLUMNS", "Fault", "Row", "Sheet", "Unreadable", "read_sheet", "write_workbook"]

MOST_ROWS = 20_000
COLUMNS = {
    "name": gettext_lazy("Name"),
    "name_latin": gettext_lazy("Name in Latin letters"),
    "email": gettext_lazy("E-mail"),
    "role": gettext_lazy("Role"),
    "starts_on": pgettext_lazy("first day", "From"),
    "ends_on": pgettext_lazy("last day", "Until"),
}
NAMES = {
    "name": ("氏名", "名前", "お名前"),
    "name_latin": ("latin name", "ローマ字", "ローマ字氏名", "氏名(ローマ字)", "英字氏名", "氏名ローマ字"),
    "email": ("email", "mail", "e-mail address", "メール", "メールアドレス", "電子メール", "eメール"),
    "role": ("役割", "権限", "ロール"),
    "starts_on": ("start", "開始", "開始日", "着任日", "から"),
    "ends_on": ("to", "end", "終了", "終了日", "離任日", "まで"),
}  # what else people write above the columns
OPTIONAL = ("name_latin", "ends_on")


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


def read_sheet(name: str, content: bytes, *, roles: Iterable[Role], open_already: Iterable[tuple[str, str]]) -> Sheet:
    """Rows of a file and everything wrong with them. `open_already`: (address, role) of invitations that are open here.

    Raises Unreadable without a heading row that names the needed columns, with no rows, or with too many.
    """
    sheet, seen = Sheet(), dict.fromkeys(open_already, 0)
    table = reading.read(name, content, _fields(roles), most=MOST_ROWS)
    for row in table.rows():
        faults = [Fault(fault.row, fault.column, fault.text) for fault in row.faults]
        faults += _as_a_whole(row, seen)
        sheet.faults += faults
        if not faults:
            sheet.rows.append(Row(row.number, **{**row.values, "name_latin": row.values["name_latin"] or ""}))
    return sheet


def _fields(roles: Iterable[Role]) -> list[reading.Field]:
    parsers: dict[str, cells.Parser] = {
        "name": cells.filled(cells.at_most(100, cells.plain), _("Enter the name.")),
        "name_latin": cells.at_most(100, cells.plain),
        "email": _email,
        "role": _role_parser(roles),
        "starts_on": cells.filled(cells.day, _("Enter the first day.")),
        "ends_on": cells.day,
    }
    days = ("starts_on", "ends_on")
    return [
        reading.Field(key, label, parsers[key], NAMES[key], needed=key not in OPTIONAL, computed=key in days)
        for key, label in COLUMNS.items()
    ]


def _email(cell: Any) -> str:
    text = (cells.plain(cell) or "").lower()
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError(_("“%(text)s” is not an e-mail address.") % {"text": text[:80]}) from error
    return text


def _role_parser(roles: Iterable[Role]) -> cells.Parser:
    known: dict[str, str] = {}
    for role in roles:
        for words in (role.code, role.name_ja, role.name_en):  # type: ignore[attr-defined]
            if words:
                known[fold(words)] = role.code

    def parse(cell: Any) -> str:
        words = cells.plain(cell) or ""
        if fold(words) not in known:
            raise ValueError(_("There is no role “%(role)s” at this organisation.") % {"role": words[:40]})
        return known[fold(words)]

    return parse


def _as_a_whole(row: reading.Row, seen: dict[tuple[str, str], int]) -> list[Fault]:
    """What is wrong between the cells of a row, and between rows."""
    values, faults = row.values, []
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        faults.append(Fault(row.number, str(COLUMNS["ends_on"]), _("The posting ends before it begins.")))
    if values["email"] and values["role"]:
        said = _only_once(row.number, (values["email"], values["role"]), seen)
        faults += [Fault(row.number, str(COLUMNS["email"]), said)] if said else []
    return faults


def _only_once(number: int, pair: tuple[str, str], seen: dict[tuple[str, str], int]) -> str:
    before = seen.setdefault(pair, number)
    if before == number:
        return ""
    if before:
        return _("This address and role stand in row %(row)s already.") % {"row": before}
    return _("An invitation for this address and role is open already.")


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
