"""Things of public lists that have no page of their own: apps register them, each leads to a public address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from clair_portal.search.kinds import Kind


@dataclass(frozen=True)
class Record:
    """`path`: a public address without the language, with a query where needed. `titles` and `texts`: by language.
    `spellings`: other forms of its name. `weight` is added to that of its kind.
    """

    key: str
    path: str
    titles: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    spellings: tuple[str, ...] = ()
    weight: int = 0


@dataclass(frozen=True)
class Source:
    """`rows`: all records of the kind that are public now."""

    kind: Kind
    rows: Callable[[], Iterable[Record]]


SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Called in ready(). The same kind again replaces the earlier source."""
    from clair_portal.search import kinds

    kinds.declare(source.kind)
    SOURCES[source.kind.key] = source
