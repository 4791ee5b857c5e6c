"""Readings in finished HTML: into the text of Japanese pages, and out of everything that carries none."""

from __future__ import annotations

import re

from clair_portal.language.reading_marks import MARK, without_readings
from clair_portal.language.readings.aligning import HAS_KANJI
from clair_portal.language.readings.words import Words, standard

_TAG = re.compile(
    r"""<!--.*?-->|<![^>]*>|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<rest>(?:"[^"]*"|'[^']*'|[^'">])*)>""", re.S
)
_LANGUAGE = re.compile(r"""\slang\s*=\s*["']?([A-Za-z0-9-]*)""")
_OFF = re.compile(r"""\sdata-reading\s*=\s*["']?off""")
_PAGE = re.compile(r"<html\b[^>]*>", re.I)
_ONE_PIECE = re.compile(r"\s*<ruby>[^<]*<rp>.</rp><rt>[^<]*</rt><rp>.</rp></ruby>\s*|[^<]*")
RAW = frozenset({"script", "style", "textarea", "title"})
WITHOUT = frozenset({"svg", "ruby", "option", "math", "template"})
TYPED = frozenset({"textarea", "input", "script", "style"})  # what somebody typed, or what is no text
# A text between other things in these becomes one thing beside them: they are laid out in rows and columns (static/css).
IN_ROWS = frozenset({"a", "button", "summary", "label", "li", "td", "th", "dt", "dd"})
ROWS = re.compile(r"""\bclass\s*=\s*["'][^"']*\b(?:btn|badge|chip|ball|key|toast|row|switch)\b""")
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)


def with_ruby(html: str, words: Words | None = None) -> str:
    """The page with `<ruby>` over the kanji of its Japanese text; of a page in another language, the page without marks.

    No reading in titles, attributes, drawings, choices, what stands in another language (`lang`), what says
    `data-reading="off"`, and where a reading stands already. The same page and words give the same bytes.
    """
    page = _PAGE.search(html)
    japanese = page is None or _is_japanese(page[0])
    if not japanese and not MARK.search(html):
        return html
    return _Pass(words or standard(), html, japanese).done()


def _is_japanese(tag: str) -> bool:
    found = _LANGUAGE.search(tag)
    return found is None or found[1] == "ja" or found[1].startswith("ja-")


class _Pass:
    """One way through a page, from tag to tag."""

    def __init__(self, words: Words, html: str, japanese: bool) -> None:
        self.words, self.html, self.japanese = words, html, japanese
        self.out: list[str] = []
        self.inside, self.depth = "", 0  # the element that carries no readings, and how often it is open
        self.open: list[tuple[str, bool]] = []  # elements around, and whether they lay out their parts in rows

    def done(self) -> str:
        place = 0
        while found := _TAG.search(self.html, place):
            self._text(self.html[place : found.start()])
            place = self._tag(found)
        self._text(self.html[place:])
        return "".join(self.out)

    def _text(self, text: str) -> None:
        if not self.japanese or self.inside:
            self.out.append(without_readings(text))
        elif not HAS_KANJI.search(text) and not MARK.search(text):
            self.out.append(text)
        else:
            ruby = self.words.ruby(text)
            self.out.append(f"<bdi>{ruby}</bdi>" if self._in_rows() and not _ONE_PIECE.fullmatch(ruby) else ruby)

    def _in_rows(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def _tag(self, found: re.Match[str]) -> int:
        """Writes the tag, and the whole of an element whose content is no markup. Where to go on."""
        name = (found["name"] or "").lower()
        self.out.append(found[0] if name in TYPED else without_readings(found[0]))
        if not name or name in VOID or found["rest"].endswith("/"):
            return found.end()
        if name in RAW and not found["end"]:
            return self._raw(name, found.end())
        if self.inside:
            self._nested(name, bool(found["end"]))
        elif found["end"]:
            self._close(name)
        elif self._carries_none(name, found["rest"]):
            self.inside, self.depth = name, 1
        else:
            self.open.append((name, name in IN_ROWS or bool(ROWS.search(found["rest"]))))
        return found.end()

    def _close(self, name: str) -> None:
        while any(name == each for each, _rows in self.open):
            if self.open.pop()[0] == name:
                return

    def _raw(self, name: str, start: int) -> int:
        end = re.compile(rf"</{name}\b", re.I).search(self.html, start)
        stop = end.start() if end else len(self.html)
        content = self.html[start:stop]
        self.out.append(content if name in TYPED else without_readings(content))
        return stop

    def _nested(self, name: str, closes: bool) -> None:
        if name == self.inside:
            self.depth += -1 if closes else 1
        if self.depth == 0:
            self.inside = ""

    @staticmethod
    def _carries_none(name: str, attributes: str) -> bool:
        if name in WITHOUT or _OFF.search(attributes):
            return True
        return not _is_japanese(attributes)
