"""What a finished page says: its title, its description and the text of <main>, without what only leads elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from clair_portal.language.reading_marks import MARK, without_readings
from clair_portal.search.models import NO_DAY

_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "i", "kbd", "mark", "q", "rb", "rp", "rt", "ruby", "s",
     "small", "span", "strong", "sub", "sup", "time", "u", "wbr")
)  # fmt: skip
_LEFT_OUT = frozenset(
    ("nav", "form", "script", "style", "svg", "template", "noscript", "select", "button", "rp", "dialog")
)  # fmt: skip
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)  # fmt: skip
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
LONGEST = 60_000  # characters of a page that are searched


@dataclass
class Page:
    """`readings`: words of the text with how they are read. `kept_out`: the page asks search engines to leave it.
    `language`: of its text, where that is not the page's own."""

    title: str = ""
    description: str = ""
    text: str = ""
    readings: list[tuple[str, str]] = field(default_factory=list)
    day: dt.date = NO_DAY
    kept_out: bool = False
    language: str = ""


def read(html: str) -> Page:
    """The <title> up to its dash, which says what a page is among others; the first heading where that says as much."""
    parser = _Parser()
    parser.feed(_worth_reading(html))
    parser.close()
    page, heading = parser.page, _tidy(parser.heading)
    title = _tidy(parser.title).rpartition(" — ")[0] or _tidy(parser.title)
    page.title = heading if heading and title in heading else title
    above = f"{heading}\n" if heading and heading != page.title else ""
    page.text = _without_marks(above + "".join(parser.main), page)[:LONGEST]
    page.title = _without_marks(page.title, page).replace("\n", " ")
    return page


def _worth_reading(html: str) -> str:
    """<head> and <main>. What stands around them, the same on every page, is more than half of the markup."""
    head, closed, body = html.partition("</head>")
    begins, ends = body.find("<main"), body.rfind("</main>")
    return f"{head}{closed}{body[begins : ends + len('</main>')]}" if 0 <= begins < ends else html


def _tidy(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _without_marks(text: str, page: Page) -> str:
    page.readings += [(found[1], found[2]) for found in MARK.finditer(text)]
    return _LINES.sub("\n", _SPACES.sub(" ", without_readings(text))).strip()


class _Parser(HTMLParser):
    """`left_out`: how many elements deep the parser is inside one that is not read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.title: list[str] = []
        self.heading: list[str] = []
        self.main: list[str] = []
        self.base: list[str] = []
        self.reading: list[str] = []
        self.open: list[str] = []
        self.left_out = 0
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            self._meta(given)
        if tag not in _INLINE:
            self._say("\n")
        elif "lang" in given:
            self._say(" ")  # a name in two languages, one beside the other
        if tag in _VOID:
            return
        self.open.append(tag)
        if self.left_out or tag in _LEFT_OUT or _is_not_read(given):
            self.left_out += 1
        self.headings += tag == "h1"
        if tag == "ruby":
            self.base, self.reading = [], []

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while self.open:
            closed = self.open.pop()
            self.left_out = max(self.left_out - 1, 0)
            if closed == "ruby" and self.reading:
                self.page.readings.append(("".join(self.base).strip(), "".join(self.reading).strip()))
            if closed == tag:
                break
        if tag not in _INLINE:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        if "title" in self.open and "svg" not in self.open and "head" in self.open:
            self.title.append(data)
        elif "rt" in self.open:
            self.reading.append(data)
        elif not self.left_out:
            self._say(data)

    def _say(self, data: str) -> None:
        if "main" not in self.open or self.left_out:
            return
        if "h1" in self.open and self.headings == 1:
            self.heading.append(data)
        else:
            self.main.append(data)
        if "ruby" in self.open:
            self.base.append(data)

    def _meta(self, given: dict[str, str | None]) -> None:
        name, content = given.get("name") or given.get("property") or "", given.get("content") or ""
        if name == "description":
            self.page.description = content.strip()
        elif name == "robots":
            self.page.kept_out = "noindex" in content
        elif name == "dc.language":
            self.page.language = content
        elif name == "article:published_time":
            self.page.day = _day(content)


def _is_not_read(given: dict[str, str | None]) -> bool:
    """`data-unsearched`: a text of another language on a page that says more; it is found where it is at home."""
    return "hidden" in given or given.get("aria-hidden") == "true" or "data-unsearched" in given


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return NO_DAY
