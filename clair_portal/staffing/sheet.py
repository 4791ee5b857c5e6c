"""The sheet of changes: the workbook that goes out with everybody on it, and reading it back. Nothing here asks the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.accounts.invitation_sheet import Fault
from clair_portal.accounts.models import Posting
from clair_portal.sheets import cells, reading
from clair_portal.sheets.writing import Head, Paper, Value, write_xlsx

MOST_ROWS = 2_000
COLUMNS = {
    "name": gettext_lazy("Name"),
    "name_latin": gettext_lazy("Name in Latin letters"),
    "email": gettext_lazy("E-mail"),
    "key": pgettext_lazy("of a sheet", "Key"),
    "now": gettext_lazy("Post now"),
    "ends_on": gettext_lazy("Last day in the post now"),
    "successor": gettext_lazy("Successor in the post now"),
    "organisation": gettext_lazy("Next organisation"),
    "role": gettext_lazy("Next role"),
    "title": gettext_lazy("Title of the next post"),
    "starts_on": gettext_lazy("First day in the next post"),
    "next_ends_on": gettext_lazy("Last day in the next post"),
    "sending_body": gettext_lazy("Sending body"),
    "note": gettext_lazy("Note"),
}
DATES = ("ends_on", "starts_on", "next_ends_on")
NEEDED = ("name", "ends_on", "organisation")
LONGEST = 200
LIMITS = {"title": 120, "name": 100, "name_latin": 100, "email": 254, "note": 300}
OTHER_HEADINGS = {
    "name": ("氏名", "名前", "職員名"),
    "email": ("e-mail address", "メールアドレス", "メール", "電子メール"),
    "ends_on": ("until", "退任日", "離任日"),
    "successor": ("successor", "後任", "後任者"),
    "organisation": ("異動先", "新所属"),
    "role": ("新役割", "新職"),
    "title": ("職名", "新職名"),
    "starts_on": ("from", "着任日", "発令日"),
    "sending_body": ("派遣元", "派遣元団体"),
    "note": ("備考", "摘要"),
}
WIDTHS = {"name": 18, "email": 26, "key": 8, "now": 30, "successor": 22, "organisation": 18, "role": 18, "note": 30}


@dataclass(frozen=True)
class Row:
    """One line as it was read; what the words mean is found out by plan.py."""

    number: int
    name: str = ""
    name_latin: str = ""
    email: str = ""
    key: str = ""
    now: str = ""
    ends_on: dt.date | None = None
    successor: str = ""
    organisation: str = ""
    role: str = ""
    title: str = ""
    starts_on: dt.date | None = None
    next_ends_on: dt.date | None = None
    sending_body: str = ""
    note: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Row:
        days = {name: dt.date.fromisoformat(data[name]) if data.get(name) else None for name in DATES}
        return cls(**{**data, **days})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def goes_on(self) -> bool:
        """Whether a next post is named."""
        return bool(self.organisation or self.role or self.starts_on)


def read_rows(name: str, content: bytes) -> tuple[list[Row], list[Fault]]:
    """Every row below the headings, and every cell that cannot be what its column wants.

    Raises Unreadable without a row of headings, with no rows, or with too many.
    """
    rows: list[Row] = []
    faults: list[Fault] = []
    for row in reading.read(name, content, _fields(), most=MOST_ROWS).rows():
        faults += [Fault(fault.row, fault.column, fault.text) for fault in row.faults]
        values: dict[str, Any] = {key: value if key in DATES else value or "" for key, value in row.values.items()}
        rows.append(Row(row.number, **{**values, "email": values["email"].lower()}))
    return rows, faults


def _fields() -> list[reading.Field]:
    return [
        reading.Field(
            key, label, cells.day if key in DATES else cells.at_most(LIMITS.get(key, LONGEST), cells.plain),
            OTHER_HEADINGS.get(key, ()), needed=key in NEEDED, computed=key in DATES,
        )
        for key, label in COLUMNS.items()
    ]  # fmt: skip


# --- The sheet that goes out ----------------------------------------------------------------------------------------------
def write_template(out: BinaryIO, postings: Iterable[Posting], *, title: str, made_at: dt.datetime) -> int:
    """Everybody as they are posted now, with empty columns for what changes. Returns the number of rows."""
    lines = [
        _(
            "Fill in the last day of whoever leaves the post, and the next post of whoever goes on. Leave other rows as they are."
        ),
        _("New people: a row below with name, e-mail and the next post, without a key. They are invited."),
        _("Days: 2027-03-31, 令和9年3月31日 or R9.3.31. Organisations: their code or name."),
    ]
    heads = [Head(str(label), WIDTHS.get(name, 16)) for name, label in COLUMNS.items()]
    return write_xlsx(out, Paper(title, heads, lines), map(_as_row, postings), made_at=made_at, small=True)


def _as_row(posting: Posting) -> list[Value]:
    person, now = posting.person, f"{posting.organisation} {posting.title or posting.role}"
    return [
        person.name, person.name_latin, person.email, str(posting.pk), now, posting.ends_on, "", "", "", "", None, None,
        str(posting.sending_body or ""), "",
    ]  # fmt: skip
