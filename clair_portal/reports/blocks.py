"""What documents are made of. Each function gives one block for `pdf.render("document", {"blocks": [...]}, ...)`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Block = dict[str, Any]
Level = Literal["info", "ok", "warn", "err"]


@dataclass(frozen=True)
class Column:
    """A column of a table. `width`: share of the line; without one, as wide as its content. `number`: set right."""

    label: str
    width: int | None = None
    number: bool = False


@dataclass(frozen=True)
class TimelineEntry:
    when: str
    who: str
    what: str
    text: str = ""


def heading(text: str, level: int = 1) -> Block:
    """Level 1 to 3; a level must not be left out on the way down (PDF/UA)."""
    return {"kind": "heading", "text": str(text), "level": level}


def text(content: str) -> Block:
    """Paragraphs; an empty line begins a new one."""
    return {"kind": "text", "text": content}


def quiet(content: str) -> Block:
    """Small print."""
    return {"kind": "quiet", "text": content}


def facts(rows: Iterable[tuple[object, object]], label_width: int = 11) -> Block:
    """Labels and values; `label_width` in letters of the text."""
    pairs = [[str(label), str(value)] for label, value in rows]
    return {"kind": "facts", "rows": pairs, "label_width": label_width}


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    foot: Iterable[Sequence[object]] = (),
    caption: str = "",
) -> Block:
    """The head is repeated on every page; `foot` holds rows of totals. ValueError where a row has another length."""
    body, totals = [list(map(str, row)) for row in rows], [list(map(str, row)) for row in foot]
    if wrong := [row for row in [*body, *totals] if len(row) != len(columns)]:
        raise ValueError(f"{len(columns)} columns, but a row has {len(wrong[0])} cells.")
    return {"kind": "table", "columns": [asdict(c) for c in columns], "rows": body, "foot": totals, "caption": caption}


def boxes(count: int, caption: str = "") -> Block:
    """Empty boxes for stamps or signatures, side by side; the row above them is for the names of the posts."""
    return {"kind": "boxes", "count": count, "caption": caption}


def stamps(set_so_far: Iterable[Any], caption: str = "") -> Block:
    """Seals side by side, each with its post above it; a place without a stamp stays empty.

    Of each: `post`, `surname`, `day` (empty: not stamped), `mark` (代 for a proxy), `said` (the sentence for those who do not
    see it).
    """
    names = ("post", "surname", "day", "mark", "said")
    return {"kind": "stamps", "caption": caption, "items": [{n: str(getattr(s, n)) for n in names} for s in set_so_far]}


def timeline(entries: Iterable[TimelineEntry]) -> Block:
    return {"kind": "timeline", "entries": [asdict(entry) for entry in entries]}


def notice(content: str, *, level: Level = "info", title: str = "") -> Block:
    return {"kind": "notice", "text": content, "level": level, "title": title}


def picture(svg: str, alt: str) -> Block:
    """A drawing with fixed colours (no classes, no variables) and the sentence that says what it shows."""
    return {"kind": "picture", "svg": svg, "alt": alt}


def new_page() -> Block:
    return {"kind": "new_page"}
