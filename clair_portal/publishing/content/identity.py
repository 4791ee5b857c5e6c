"""Which sentence of a new version is which sentence of the old one. Pure.

An unchanged sentence stays itself, also when it moved; a changed one is what stands in the place of the old one. So a
translation stays with its sentence, and what is shown as changed is what was changed.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Sequence

from clair_portal.publishing.content.cutting import Piece, bare
from clair_portal.publishing.enums import SegmentKind

ALIKE = 0.5
MOST_COMPARED = 60  # sentences on either side


def followed(old: Sequence[Piece], new: Sequence[Piece]) -> list[int | None]:
    """For each new sentence the place of the old one that it goes on from; None: it is new. No old one twice."""
    before, after = [piece.digest for piece in old], [piece.digest for piece in new]
    places: list[int | None] = [None] * len(new)
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, i1, i2, j1, _j2 in codes:
        if tag == "equal":
            places[j1 : j1 + i2 - i1] = range(i1, i2)
    _moved(before, after, places)
    _titles(old, new, places)
    for tag, i1, i2, j1, j2 in codes:
        if tag == "replace":
            _changed(old, new, range(i1, i2), range(j1, j2), places)
    _alike(old, new, *_left(range(len(old)), range(len(new)), places), places)  # moved and changed at once
    return places


def _left(olds: range, news: range, places: list[int | None]) -> tuple[list[int], list[int]]:
    taken = set(places)
    return [i for i in olds if i not in taken], [j for j in news if places[j] is None]


def _moved(before: list[str], after: list[str], places: list[int | None]) -> None:
    free: dict[str, list[int]] = defaultdict(list)
    taken = set(places)
    for i, mark in enumerate(before):
        if i not in taken:
            free[mark].append(i)
    for j, mark in enumerate(after):
        if places[j] is None and free[mark]:
            places[j] = free[mark].pop(0)


def _titles(old: Sequence[Piece], new: Sequence[Piece], places: list[int | None]) -> None:
    """A title is followed by a title, however different."""
    if old and new and old[0].kind == new[0].kind == SegmentKind.TITLE and places[0] is None and 0 not in places:
        places[0] = 0


def _changed(
    old: Sequence[Piece], new: Sequence[Piece], gap_old: range, gap_new: range, places: list[int | None]
) -> None:
    left, right = _left(gap_old, gap_new, places)
    same_number = len(left) == len(right)
    _alike(old, new, left, right, places)
    if same_number:  # nothing was added or taken away: each stands in the place of one
        for i, j in zip(left, right, strict=True):
            places[j] = i


def _alike(
    old: Sequence[Piece], new: Sequence[Piece], left: list[int], right: list[int], places: list[int | None]
) -> None:
    """The most alike first. What is paired is taken out of `left` and `right`."""
    if max(len(left), len(right)) > MOST_COMPARED:
        return
    ratios = [
        (difflib.SequenceMatcher(None, bare(old[i].text), bare(new[j].text), autojunk=False).ratio(), -i, -j)
        for i in left
        for j in right
    ]
    for ratio, i, j in sorted(ratios, reverse=True):
        if ratio >= ALIKE and -i in left and -j in right:
            places[-j] = -i
            left.remove(-i)
            right.remove(-j)
