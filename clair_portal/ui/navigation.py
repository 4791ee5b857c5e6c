"""What stands in the navigation. Apps declare it in `ready()`: register(Item(_("Requests"), "requests", ...))."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Section:
    """A group of items between two lines. "public" and "foot" stand on public pages, all others on staff pages."""

    key: str
    order: int = 100


@dataclass(frozen=True)
class Item:
    """One way in. `label` is lazy; `right`: shown only to readers who have it; `under`: url_name of its parent.

    `count`: what is behind it, asked only when the item is shown; `mine`: the count waits for the reader.
    `exact`: current on its own page only, not on those below its address.
    """

    label: str | _StrPromise
    url_name: str
    icon: str = ""
    order: int = 100
    section: str = "pillars"
    right: str = ""
    count: Callable[[HttpRequest], int] | None = None
    mine: bool = False
    under: str = ""
    exact: bool = False


@dataclass(frozen=True)
class Link:
    """An item as the template prints it. `current`: "page", "true" (somewhere below it) or ""."""

    label: str | _StrPromise
    url: str
    icon: str
    count: int | None
    mine: bool
    current: str
    items: tuple[Link, ...] = ()


PUBLIC = frozenset({"public", "foot"})
_sections: dict[str, Section] = {}
_items: dict[tuple[str, str], Item] = {}


def register(*entries: Section | Item) -> None:
    """Adds to the navigation; the same key or address again replaces the earlier entry."""
    for entry in entries:
        if isinstance(entry, Section):
            _sections[entry.key] = entry
        else:
            _items[entry.section, entry.url_name] = entry


register(Section("desk", 10), Section("pillars", 20), Section("tools", 30))


def staff_sections(request: HttpRequest) -> list[list[Link]]:
    """The sections of staff pages, in order, with what this reader may see; empty ones left out."""
    keys = sorted({item.section for item in _items.values()} - PUBLIC, key=lambda key: (_order(key), key))
    return _linked(request, [_visible(request, key) for key in keys])


def public_links(request: HttpRequest, section: str) -> list[Link]:
    """The links of the head ("public") or foot ("foot") of public pages."""
    found = _linked(request, [_visible(request, section)])
    return found[0] if found else []


def _order(key: str) -> int:
    return _sections[key].order if key in _sections else 100


def _visible(request: HttpRequest, section: str) -> list[Item]:
    chosen = getattr(getattr(request, "reader", None), "chosen", None)
    rights: frozenset[str] = getattr(chosen, "rights", frozenset())
    items = [item for item in _items.values() if item.section == section and (not item.right or item.right in rights)]
    return sorted(items, key=lambda item: (item.order, item.url_name))


def _linked(request: HttpRequest, sections: list[list[Item]]) -> list[list[Link]]:
    addresses = {item.url_name: reverse(item.url_name) for items in sections for item in items}
    current = _current(request.path, [(item, addresses[item.url_name]) for items in sections for item in items])

    def link(item: Item, children: Iterable[Item]) -> Link:
        url = addresses[item.url_name]
        here = "" if item.url_name != current else "page" if url == request.path else "true"
        number = item.count(request) if item.count else None
        below = tuple(link(child, ()) for child in children)
        return Link(item.label, url, item.icon, number, item.mine, here, below)

    def tops(items: list[Item]) -> list[Link]:
        shown = {item.url_name for item in items}
        return [
            link(item, [child for child in items if child.under == item.url_name])
            for item in items
            if item.under not in shown
        ]

    return [tops(items) for items in sections if items]


def _current(path: str, pairs: list[tuple[Item, str]]) -> str:
    """The url_name of the item whose address the path begins with; of several the longest."""
    matches = [
        (len(url), item.url_name) for item, url in pairs if path == url or (not item.exact and path.startswith(url))
    ]
    return max(matches)[1] if matches else ""
