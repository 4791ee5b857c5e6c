"""Which public pages there are and what each of them reads. Apps declare their pages in `ready()`:

    families.declare(Family("story", addresses=stories, reads=("publishing_publication:story:{slug}", "network_country")))

A key is the name of a table ("gatherings_event": any row the public sees), a row of it ("gatherings_event:{pk}", filled from
the address), those of its rows that stand on one list ("publishing_publication:of:{code}": of an office; "…:of:story": of a kind), or
"day" (the page changes at midnight in Tokyo). Tables named here get triggers that note what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.urls import reverse
from django.utils import translation

DAY = "day"
LIST = ":of:"  # in keys of lists: they wait for the pages of the rows themselves
Kwargs = Mapping[str, Any]


def _one() -> list[Kwargs]:
    return [{}]


@dataclass(frozen=True)
class Family:
    """Public pages of one URL name. `addresses`: the kwargs of every page, without language, asked as the system; what
    stands on a page is asked as the public, and an address that answers 404 is no page. `reads`: keys, as above.

    `in_languages`: False for what has no language in its address (robots.txt).
    """

    name: str
    addresses: Callable[[], Iterable[Kwargs]] = _one
    reads: tuple[str, ...] = ()
    in_languages: bool = True

    @property
    def tables(self) -> set[str]:
        return {key.split(":")[0] for key in self.reads} - {DAY}

    @property
    def is_one_page(self) -> bool:
        return self.addresses is _one

    def keys(self, kwargs: Kwargs) -> list[str]:
        return sorted({key.format(**kwargs) for key in self.reads})

    def languages(self) -> list[str]:
        return [code for code, _name in settings.LANGUAGES] if self.in_languages else [""]

    def path(self, language: str, kwargs: Kwargs) -> str:
        """The address as people read it, not percent-encoded."""
        with translation.override(language or None):
            return unquote(reverse(self.name, kwargs=dict(kwargs)))

    def named_by(self, key: str) -> Kwargs | None:
        """The kwargs of the one page whose row key this is, where the key says all of them."""
        for template in self.reads:
            parts = list(Formatter().parse(template))
            slots = [name for _text, name, _spec, _conversion in parts if name]
            start = parts[0][0]
            if len(slots) == 1 and len(parts) == 1 and key.startswith(start) and len(key) > len(start):
                return {slots[0]: key[len(start) :]}
        return None


@dataclass(frozen=True)
class Rows:
    """How changes of a table are noted. `key`: SQL over its row, the part after the colon; `of`: the table named before it.

    `shown` and `columns`: which rows and columns the public reads; None: what the row policies of the table say.
    """

    key: str = ""
    of: str = ""
    shown: str | None = None
    columns: tuple[str, ...] | None = None


FAMILIES: dict[str, Family] = {}
ROWS: dict[str, tuple[Rows, ...]] = {}
MOMENTS: dict[str, tuple[str, ...]] = {}
ALSO: dict[str, tuple[str, ...]] = {}
AFTER_PUBLISH: list[Callable[[str, str, str], None]] = []
AFTER_REMOVAL: list[Callable[[str, str], None]] = []


def declare(*families: Family) -> None:
    """Called in ready(). The same name again replaces the earlier one."""
    FAMILIES.update({family.name: family for family in families})


def rows(
    table: str, key: str = "", *, of: str = "", shown: str | None = None, columns: tuple[str, ...] | None = None
) -> None:
    """Called in ready(), where pages read rows of the table: rows("gatherings_speaker", "event_id", of="gatherings_event").

    A table may have several, if its rows show on pages of different kinds.
    """
    row = Rows(key, of, shown, columns)
    ROWS[table] = (*(each for each in ROWS.get(table, ()) if each != row), row)


def also(languages: Iterable[str], *keys: str) -> None:
    """Called in ready(): every page in these languages reads this too (readings over kanji)."""
    for language in languages:
        ALSO[language] = tuple(sorted({*ALSO.get(language, ()), *keys}))


def moments(table: str, *expressions: str) -> None:
    """Called in ready(): a row of the table counts as changed when one of these times (SQL over its row) has come."""
    MOMENTS[table] = expressions


def after_publish(hook: Callable[[str, str, str], None]) -> None:
    """Called in ready(): hook(address, language, html), for each page that says something new, in its transaction, as the system.

    Files with an ending of their own (feeds, tables, the icon) are no pages.
    """
    AFTER_PUBLISH.append(hook)


def after_removal(hook: Callable[[str, str], None]) -> None:
    """Called in ready(): hook(address, language), for each page that is no longer there."""
    AFTER_REMOVAL.append(hook)


def tables() -> set[str]:
    """All tables that public pages read, with those whose rows count as rows of another one."""
    read = {table for family in FAMILIES.values() for table in family.tables}
    read |= {key.split(":")[0] for keys in ALSO.values() for key in keys}
    return read | {table for table, each in ROWS.items() if any(row.of in read for row in each)}


@dataclass(frozen=True)
class Address:
    """One page in one language. `without_language` is what its versions share."""

    path: str
    language: str
    family: str
    reads: tuple[str, ...]

    @property
    def without_language(self) -> str:
        return self.path.removeprefix(f"/{self.language}") if self.language else self.path


def versions(family: Family, kwargs: Kwargs) -> Iterator[Address]:
    """The page in every language."""
    for language in family.languages():
        yield version(family, language, kwargs)


def version(family: Family, language: str, kwargs: Kwargs) -> Address:
    reads = {*family.keys(kwargs), *ALSO.get(language, ())}
    return Address(family.path(language, kwargs), language, family.name, tuple(sorted(reads)))


def every_address(names: Iterable[str] | None = None) -> Iterator[Address]:
    """Every page there is, asked now; `names`: only of these families. Call as the system."""
    for family in [FAMILIES[name] for name in names] if names is not None else list(FAMILIES.values()):
        for kwargs in family.addresses():
            yield from versions(family, kwargs)
