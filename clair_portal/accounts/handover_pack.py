"""What a leaver's desk holds, as panels of a handover pack. Apps declare theirs in ready(); this file knows none of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader

Text = Promise | str


@dataclass(frozen=True)
class Cell:
    """`url`: what it opens on the page, "" for nothing."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Table:
    """`widths`: shares of the line on paper. Every row has as many cells as there are heads."""

    heads: Sequence[Text]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()


@dataclass(frozen=True)
class Date:
    """Something on a day ahead."""

    day: dt.date
    what: str
    url: str = ""


Rows = Callable[[Posting, Reader, dt.datetime], Table]
Dates = Callable[[Posting, Reader, dt.datetime], list[Date]]


@dataclass(frozen=True)
class Panel:
    label: Text
    rows: Rows
    order: int
    nothing: Text


PANELS: dict[str, Panel] = {}
DATES: dict[str, Dates] = {}


def register(name: str, label: Text, rows: Rows, *, order: int, nothing: Text) -> None:
    """`rows(posting, reader, now)` gives what hangs on the posting and `reader` may see. `nothing`: said where it is empty."""
    if name in PANELS:
        raise ValueError(f"registered twice: {name}")
    PANELS[name] = Panel(label, rows, order, nothing)


def register_dates(name: str, dates: Dates) -> None:
    """`dates(posting, reader, now)` gives days from today on; the pack puts those of all apps into one list."""
    if name in DATES:
        raise ValueError(f"registered twice: {name}")
    DATES[name] = dates
