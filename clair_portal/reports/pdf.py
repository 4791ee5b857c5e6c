"""PDF from a template and data, by Typst. Text of people is a value, never a part of a template's source.

Templates are in templates/typst; most documents are a list of blocks (`blocks.py`) for the template "document".
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from clair_portal.calendars.eras import format_era
from clair_portal.calendars.fiscal import tokyo_date
from clair_portal.language import cldr
from clair_portal.reports import fonts

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "typst"
STANDARD: Literal["ua-1"] = (
    "ua-1"  # tagged for screen readers; and a missing glyph is an error, where plain PDF prints a silent box
)
_PLAINER = {"≒": "≈"}
GETA = "〓"  # what Japanese printers have always set for a character they do not have
_WITHOUT_SPACES = r"\u0900-\u097f\u0e00-\u0e7f\u1000-\u109f"  # Typst knows where their lines may end
_LONG_RUN = re.compile(rf"[^\s{_WITHOUT_SPACES}\u3000-\u9fff\uff00-\uffef\u200b]{{25,}}")
_JOINERS = "\u200c\u200d"  # part of the spelling of Nepali and Burmese; elsewhere they come with pictures
_STRAY_JOINER = re.compile(f"(?<![\u0900-\u097f\u1000-\u109f])[{_JOINERS}]")
_EVERY = 8
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class NotPrintable(Exception):
    """The template and the data do not fit together; the message is Typst's and is for the log."""


def render(template: str, data: dict[str, Any], *, language: str, made_at: dt.datetime) -> bytes:
    """The PDF. The same arguments give the same bytes.

    `data` needs "title"; it may hold "subtitle", "letterhead", "running" (line at the top from page two), "sample",
    "mark" (a word across every page), "landscape", "author" (a list), and what the template wants ("blocks" for the template "document").
    Raises NotPrintable.
    """
    path = TEMPLATES / f"{template}.typ"
    if not path.is_file():
        raise NotPrintable(f"There is no template {template}.")
    printed, missing = printable(data)
    values = {**printed, **_frame(language, made_at), "missing": missing}
    try:
        made, warnings = _compiler(path).compile_with_warnings(
            format="pdf",
            sys_inputs={"data": json.dumps(values, ensure_ascii=False, sort_keys=True)},
            pdf_standards=[STANDARD],
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise NotPrintable(f"{template}: {error.diagnostic}") from error
    if warnings or not isinstance(made, bytes):
        raise NotPrintable(f"{template}: {warnings}")
    return made


def _frame(language: str, made_at: dt.datetime) -> dict[str, Any]:
    """What every template gets besides its data: the words of the frame, fonts, language."""
    tag = "ja" if language.startswith("ja") else language
    with translation.override(language):
        made = _("Made on %(date)s") % {"date": written_day(tokyo_date(made_at), language)}
        words = {
            "page": _("Page {page} of {pages}"),
            "sample": _("Sample"),
            "made": made,
            "missing": _("Characters shown as %(mark)s that this print cannot show:") % {"mark": GETA},
        }
    return {"words": words, "fonts": fonts.families(language), "lang": tag, "region": "jp" if tag == "ja" else "gb"}


def download(content: bytes, name: str) -> HttpResponse:
    """A PDF to be kept, never one a proxy or a browser keeps for somebody else."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def written_day(day: dt.date, language: str) -> str:
    """令和8年11月24日 in Japanese, 24 November 2026 in English: how a day is written on paper."""
    if language.startswith("ja"):
        return format_era(day)
    with translation.override(language):
        return cldr.day(day)


def _compiler(path: Path) -> typst.Compiler:
    return typst.Compiler(path, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())])


def printable(data: Any) -> tuple[Any, list[str]]:
    """The data with every string made printable, and the code points ("U+1F600") that no font of ours has."""
    found: set[str] = set()
    cleaned = _walk(data, found)
    return cleaned, sorted(f"U+{ord(character):04X}" for character in found)


def _walk(value: Any, missing: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: item if key == "svg" else _walk(item, missing) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(item, missing) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _text(str(value), missing)


def _text(text: str, missing: set[str]) -> str:
    """Composed, without control and direction characters, long runs breakable."""
    composed = unicodedata.normalize("NFC", _STRAY_JOINER.sub("", _VARIATION.sub("", text.replace("\r\n", "\n"))))
    return _LONG_RUN.sub(_breakable, "".join(_letter(character, missing) for character in composed))


def _letter(character: str, missing: set[str]) -> str:
    """The character; nothing for controls; a plainer form (xii for ⅻ) or 〓 for one that no font has."""
    if character in "\n\t":
        return "\n" if character == "\n" else " "
    category = unicodedata.category(character)
    if category in ("Cc", "Cf") and character not in _JOINERS:
        return ""
    if ord(character) in fonts.covered() and category != "Co":
        return character
    plainer = _PLAINER.get(character) or unicodedata.normalize("NFKC", character)
    if plainer != character and all(ord(letter) in fonts.covered() for letter in plainer):
        return plainer
    missing.add(character)
    return GETA


def _breakable(run: re.Match[str]) -> str:
    """A checksum or an address may be cut anywhere: zero-width spaces let the line end inside it."""
    text = run[0]
    return "\u200b".join(text[start : start + _EVERY] for start in range(0, len(text), _EVERY))
