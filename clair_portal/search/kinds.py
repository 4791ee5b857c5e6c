"""What kinds of things are found, and what a page counts as. Apps declare theirs in ready()."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = Promise | str


@dataclass(frozen=True)
class Kind:
    """`paths`: what the addresses of its pages begin with, without the language. `weight`: more stands first."""

    key: str
    label: Text
    paths: tuple[str, ...] = ()
    weight: int = 50
    order: int = 100


PAGE = Kind("page", _("Pages"), weight=60, order=10)
ORGANISATION = Kind("organisation", _("Local governments"), ("/branches/",), weight=40, order=20)
KINDS: dict[str, Kind] = {}
FRONT = 90  # a page with pages below it stands before them


def declare(*kinds: Kind) -> None:
    """Called in ready(). The same key again replaces the earlier kind."""
    KINDS.update({kind.key: kind for kind in kinds})


declare(PAGE, ORGANISATION)


def listed() -> list[Kind]:
    return sorted(KINDS.values(), key=lambda kind: (kind.order, kind.key))


def of(path: str) -> tuple[str, int]:
    """Kind and weight of the page at `path` (without language): the kind with the longest beginning, else a page."""
    fitting = [(len(start), kind) for kind in KINDS.values() for start in kind.paths if path.startswith(start)]
    start, kind = max(fitting, key=lambda pair: pair[0]) if fitting else (0, PAGE)
    top = path.count("/") <= 2 and path.endswith("/")  # "/" and "/offices/"
    return ("page" if start == len(path) else kind.key), FRONT if top else kind.weight
