"""Which row of a page holds the headings, and which column is which: one row or several, merged or not, anywhere near the top.

A heading in several rows can be named by all of them together (令和７年６月末 over 構成比: "令和7年6月末構成比") or by its lowest.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clair_portal.language.folding import fold
from clair_portal.language.words import listed
from clair_portal.sheets import cells
from clair_portal.sheets.cells import Cell
from clair_portal.sheets.pages import Merge, Page, Unreadable, column_letters

Text = Promise | str
LOOKED_AT = 100  # rows in which the headings are looked for
DEEPEST = 3  # rows of one heading
ALIKE = 0.6  # of two headings, from which on one may be meant for the other


@dataclass(frozen=True)
class Field:
    """A column that is looked for.

    `label`: its heading in the portal's files, known in every language of the portal; `names`: what else people write above it.
    `parse`: from `sheets.cells`. `needed`: the column must be there. `filled`: no row may leave it empty. `once`: no value
    twice. `computed`: where a formula stands, its result is taken (else a formula is an error of its row).
    """

    key: str
    label: Text
    parse: cells.Parser = cells.line
    names: tuple[str, ...] = ()
    needed: bool = True
    filled: bool = False
    once: bool = False
    computed: bool = False

    def spellings(self) -> set[str]:
        found = {fold(name) for name in self.names}
        for language, _name in settings.STAFF_LANGUAGES:
            with translation.override(language):
                found.add(fold(str(self.label)))
        return found


@dataclass(frozen=True)
class Head:
    """Where the headings stand: first and last row, the column of each field, and what is written above each column."""

    page: Page
    first: int
    last: int
    places: dict[str, int]
    written: dict[int, str]

    def ignored(self) -> list[str]:
        """Headings of columns that are not read."""
        read = set(self.places.values())
        return [words for place, words in sorted(self.written.items()) if place not in read and words]


def find(pages: Iterable[Page], fields: Sequence[Field]) -> Head:
    """The one table that has every needed column. Raises Unreadable: none, two of them, a column missing or twice."""
    known = {field.key: field.spellings() for field in fields}
    needed = {field.key for field in fields if field.needed}
    looked = [_candidates(page, known) for page in pages]
    full = [_best(heads) for heads in ([h for h in heads if needed <= h.places.keys()] for heads in looked) if heads]
    if len(full) > 1:
        raise Unreadable(
            _(
                "The sheets “%(one)s” and “%(other)s” both hold a table with these headings. Leave one of them in the file."
            )
            % {"one": full[0].page.name, "other": full[1].page.name}
        )
    if not full:
        raise _not_found([head for heads in looked for head in heads], fields)
    _only_once(full[0], fields, known)
    _nothing_renamed(full[0], fields)
    return full[0]


def _candidates(page: Page, known: dict[str, set[str]]) -> list[Head]:
    """Every block of rows near the top in which at least one heading is known."""
    top: dict[int, list[Cell]] = {}
    for number, row in page.rows():
        if number > LOOKED_AT:
            break
        top[number] = row
    merges = [merge for merge in page.merges if merge.first[0] <= LOOKED_AT]
    found = []
    for first in top:
        for last in range(first, min(first + DEEPEST, max(top) + 1)):
            head = _read(page, top, merges, first, last, known)
            if head.places:
                found.append(head)
    return found


def _read(
    page: Page, top: dict[int, list[Cell]], merges: list[Merge], first: int, last: int, known: dict[str, set[str]]
) -> Head:
    stacks = {place: _stack(top, merges, first, last, place) for place in range(max(map(len, top.values()), default=0))}
    written = {
        place: " ".join(dict.fromkeys(filled))
        for place, words in stacks.items()
        if (filled := list(filter(None, words)))
    }
    places = {}
    for key, spellings in known.items():
        if named := _named(stacks, spellings):
            places[key] = named[0]
    end = max([last, *(merge.last[0] for merge in merges for place in places.values() if (first, place) in merge)])
    return Head(page, first, end if places else last, places, written)


def _stack(top: dict[int, list[Cell]], merges: list[Merge], first: int, last: int, place: int) -> list[str]:
    """What stands above a column, from the top down. A merged cell stands in every row and column it covers; where nothing
    below tells its columns apart, they are counted (施設名, 施設名 2)."""
    words = []
    for number in range(first, last + 1):
        at = (number, place)
        merge = next((each for each in merges if at in each and each.first[0] >= first), None)
        row_number, column = merge.first if merge else at
        row = top.get(row_number, [])
        said = " ".join(cells.as_text(row[column]).split()) if column < len(row) else ""
        words.append(f"{said} {place - column + 1}" if said and number == last and place > column else said)
    return words


def _named(stacks: dict[int, list[str]], spellings: set[str]) -> list[int]:
    """Columns with that heading: all rows together, else the lowest, else the uppermost where nothing stands below."""
    ways = (
        lambda words: "".join(dict.fromkeys(words)),
        lambda words: words[-1],
        lambda words: words[0],
    )
    for way in ways:
        if found := [place for place, words in stacks.items() if (key := fold(way(words))) and key in spellings]:
            return found
    return []


def _best(heads: list[Head]) -> Head:
    """The block with most columns, of the fewest rows. Raises Unreadable where another one stands elsewhere on the page."""
    ordered = sorted(heads, key=lambda head: (-len(head.places), head.last - head.first, head.first))
    best = ordered[0]
    for other in ordered[1:]:
        if other.first > best.last or other.last < best.first:
            raise two_candidates(best.page, *sorted((best.first, other.first)))
    return best


def two_candidates(page: Page, one: int, other: int) -> Unreadable:
    words = {"one": one, "other": other, "sheet": page.name}
    text = (
        _(
            "Row %(one)s and row %(other)s of the sheet “%(sheet)s” both look like the headings. Leave one table in the sheet."
        )
        if page.name
        else _("Row %(one)s and row %(other)s both look like the headings. Leave one table in the file.")
    )
    return Unreadable(text % words)


def _only_once(head: Head, fields: Sequence[Field], known: dict[str, set[str]]) -> None:
    for field in fields:
        named = [place for place, words in head.written.items() if fold(words) in known[field.key]]
        if len(named) > 1:
            raise Unreadable(
                _("The columns %(one)s and %(other)s both have the heading “%(column)s”. Leave one of them.")
                % {"column": field.label, "one": column_letters(named[0]), "other": column_letters(named[1])}
            )


def _nothing_renamed(head: Head, fields: Sequence[Field]) -> None:
    """A column that is optional and seems to stand there under another name is asked about, not left out in silence."""
    lacking = [field for field in fields if field.key not in head.places]
    if said := _renamed(head, lacking):
        raise Unreadable(" ".join(said))


def _not_found(heads: list[Head], fields: Sequence[Field]) -> Unreadable:
    needed = [field for field in fields if field.needed]
    near = max(heads, key=lambda head: (len(head.places), head.first - head.last), default=None)
    if near is None or len(near.places) < max(2, len(needed) / 3) or len(fields) < 3:
        wanted = listed(str(field.label) for field in needed)
        return Unreadable(_("No row of headings was found. It must name at least: %(columns)s.") % {"columns": wanted})
    lacking = [field for field in needed if field.key not in near.places]
    missing = _("The headings in row %(row)s lack: %(columns)s.") % {
        "row": near.last, "columns": listed(str(field.label) for field in lacking),
    }  # fmt: skip
    return Unreadable(" ".join([missing, *_renamed(near, lacking)]))


def _renamed(head: Head, lacking: Sequence[Field]) -> list[str]:
    """One sentence for each field that lacks a column while a column nobody knows has a similar name."""
    read = set(head.places.values())
    unknown = {words: place for place, words in head.written.items() if place not in read}
    folded = {fold(words): words for words in unknown}
    said = []
    for field in lacking:
        near = [
            name for spelling in field.spellings() for name in difflib.get_close_matches(spelling, folded, 1, ALIKE)
        ]
        if near:
            words = folded[near[0]]
            said.append(
                _("Column %(letters)s is called “%(written)s”. If it is “%(column)s”, give it that name again.")
                % {"letters": column_letters(unknown[words]), "written": words[:40], "column": field.label}
            )
    return said
