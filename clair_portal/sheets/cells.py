"""What one cell of somebody's sheet says: text, code, number, day, choice. Pure; every refusal is a sentence.

A parser takes a cell and gives its value, or None for an empty cell. It raises ValueError with what to write instead.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from clair_portal.calendars.eras import parse_date, within_reach
from clair_portal.language.folding import fold
from clair_portal.sheets.writing import like_formula

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Parser = Callable[[Any], Any]
SHOWN = 40  # characters of a cell in a sentence
MOST_DIGITS = 18  # of a whole number; 1E999999999 is no quantity, and writing it out would take all memory
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"}
_LINE_ENDS = re.compile(r"\r\n?|_x000D_\n?")
_LIST_MARKS = re.compile(r"[,、，;；\n]")
# Windows writes these of cp932 otherwise than the rest of the world does; in a comparison they are the same.
_WINDOWS = str.maketrans("～－∥￠￡￢―", "〜−‖¢£¬—")
FROM_CP932 = str.maketrans("～∥", "〜‖")  # the portal's own forms; the rest stays as Windows has it


def as_text(cell: Cell) -> str:
    """A cell letter by letter: whole numbers without a point, days as ISO writes them, line ends as \\n."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M}" if cell.time() != dt.time() else cell.date().isoformat()
    return _LINE_ENDS.sub("\n", str(cell))


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip("\u3000\xa0 \t\r\n'\u200b"))


def text(cell: Cell) -> str | None:
    """Running text. Half-width kana becomes full-width, spaces at the ends go; everything else stays as it was written."""
    if is_empty(cell):
        return None
    words = as_text(cell).strip()
    if words in ERRORS:
        raise ValueError(_("The cell shows the error %(error)s. Write what is meant.") % {"error": words})
    return _HALF_WIDTH_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), words)


def line(cell: Cell) -> str | None:
    """Text on one line: line breaks and runs of spaces are one space."""
    words = text(cell)
    return words and " ".join(words.split())


def plain(cell: Cell) -> str | None:
    """Names, keys and addresses: one line in narrow letters, spaces as one."""
    words = line(cell)
    return words and " ".join(unicodedata.normalize("NFKC", words).split())


def code(cell: Cell) -> str | None:
    """A number that is a name: narrow letters, without the apostrophe that keeps a spreadsheet from counting with it."""
    words = line(cell)
    return unicodedata.normalize("NFKC", words).strip().lstrip("'").strip() or None if words else None


def whole(cell: Cell) -> int | None:
    """A whole number, also in full-width digits and with commas."""
    found = number(cell)
    if found is None:
        return None
    if found.adjusted() > MOST_DIGITS or found != found.to_integral_value():
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": as_text(cell)[:SHOWN]})
    return int(found)


def number(cell: Cell) -> Decimal | None:
    if is_empty(cell):
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    digits = (code(cell) or "").replace(",", "").replace(" ", "").replace("−", "-").replace("△", "-").replace("▲", "-")
    try:
        found = Decimal(digits)
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite():
        raise ValueError(_("“%(text)s” is not a number.") % {"text": as_text(cell)[:SHOWN]})
    return found


def day(cell: Cell) -> dt.date | None:
    """A day as a spreadsheet keeps it, or as people write it: 令和8年11月22日, R8.11.22, ２０２６/11/22."""
    if isinstance(cell, dt.datetime):
        return within_reach(cell.date())
    if isinstance(cell, dt.date):
        return within_reach(cell)
    words = code(cell)
    return parse_date(words) if words else None


def at_most(length: int, parser: Parser = line) -> Parser:
    """The same parser, for what may have so many characters."""

    def parse(cell: Cell) -> Any:
        words = parser(cell)
        if words and len(words) > length:
            raise ValueError(
                _("%(count)s characters stand here; at most %(most)s fit.") % {"count": len(words), "most": length}
            )
        return words

    return parse


def filled(parser: Parser, otherwise: object) -> Parser:
    """The same parser, for what may not be empty. `otherwise`: the sentence then."""

    def parse(cell: Cell) -> Any:
        if (value := parser(cell)) is None:
            raise ValueError(str(otherwise))
        return value

    return parse


def one_of(choices: Mapping[str, Any]) -> Parser:
    """What stands for a value, by each spelling that is known. Width, case and spaces do not matter."""
    known = {fold(words): value for words, value in choices.items()}

    def parse(cell: Cell) -> Any:
        words = line(cell)
        if words is None:
            return None
        if (key := fold(words)) in known:
            return known[key]
        raise ValueError(_not_a_choice(words, choices))

    return parse


def some_of(choices: Mapping[str, Any]) -> Parser:
    """Several of them in one cell, between commas, 、 or line breaks; a list in the order of the cell, each once."""
    parse_one = one_of(choices)

    def parse(cell: Cell) -> list[Any]:
        parts = _LIST_MARKS.split(text(cell) or "")
        return list(dict.fromkeys(parse_one(part) for part in parts if part.strip()))

    return parse


def _not_a_choice(words: str, choices: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(words, list(choices), 3, 0.6) or list(choices)[:5]
    return _("“%(text)s” is not one of the choices here. Known are, for example: %(choices)s.") % {
        "text": words[:SHOWN], "choices": ", ".join(near),
    }  # fmt: skip


def bared(words: str) -> str:
    """What `writing.harmless` put before a text of a CSV file is taken off."""
    return words[1:] if words.startswith("'") and like_formula(words.lstrip("'")) else words


def same(one: object, other: object) -> bool:
    """Whether two values are the same to whoever reads them, whichever program wrote them: without the spaces at the ends,
    with kana of one width and the characters of cp932 as one."""
    return compared(one) == compared(other)


def compared(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str):
        return (text(value) or "").translate(_WINDOWS)
    if isinstance(value, list | tuple):
        return [compared(each) for each in value]
    return value
