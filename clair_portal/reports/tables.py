"""Statistics as data: a table says what is counted, by what, and from which rows; this engine counts and lays it out.

One `Grid` is what the screen, the workbook and the PDF are made from, so they cannot differ. Behind every number stands
the list of the records it counts, taken from the same source with the same conditions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Count, F, Model, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear

Text = Promise | str
Chart = Literal["", "bar", "stacked", "line"]
Number = Literal["count", "days", "hours", "score", "percent", "yen"]
ROW, COLUMN = "row_key", "column_key"
COUNTED = "counted"
NONE = "-"  # how an empty key is written in an address
UNPUBLISHED = "unpublished"


@dataclass(frozen=True)
class Head:
    """One row or column: the key its records carry and the words above it, in the active language. `short`: for charts."""

    key: Any
    label: str
    short: str = ""

    @property
    def token(self) -> str:
        return NONE if self.key is None else str(self.key)


@dataclass(frozen=True)
class Question:
    """What heads may depend on: who asks, about which year, and which keys were counted."""

    reader: Reader
    year: FiscalYear
    keys: Collection[Any]


@dataclass(frozen=True)
class Dimension:
    """By what is counted. `field`: a lookup or an expression. `heads`: those shown, in order, also such that count
    nothing; a key that was counted and has no head gets one at the end, so that totals are always the sum of what is shown.
    `match`: which records a key stands for, where that is not simply `field` = key (an array that is unfolded: a record
    stands in several rows).
    """

    title: Text
    field: Any
    heads: Callable[[Question], Sequence[Head]]
    match: Callable[[Any], Q] | None = None

    @property
    def expression(self) -> Any:
        return F(self.field) if isinstance(self.field, str) else self.field

    def all_heads(self, question: Question) -> list[Head]:
        heads = list(self.heads(question))
        known = {head.key for head in heads}
        others = sorted((key for key in question.keys if key not in known and key is not None), key=str)
        nothing = [Head(None, _("Not given"))] if None in question.keys and None not in known else []
        return [*heads, *(Head(key, str(key)) for key in others), *nothing]


@dataclass(frozen=True)
class Measure:
    """What is counted. `only`: of which records. `missing`: what stands where nothing was found - 0, a dash (a median of
    nothing), or "not published" (a source has the row but gives no value, which is not 0). `share_of`: instead of an
    aggregate, the part of the total of that measure in per cent. `opens`: whether its numbers lead to records. `once`: a
    field whose records count once in the total of all, where several rows hold one (the case of two referrals).
    """

    key: str
    title: Text
    aggregate: Any = None
    only: Q | None = None
    number: Number = "count"
    missing: Literal["zero", "dash", "unpublished"] = "zero"
    share_of: str = ""
    opens: bool = True
    once: str = ""

    @property
    def expression(self) -> Any:
        if self.aggregate is None:
            return Count("pk", filter=self.only, distinct=True)
        return self.aggregate


@dataclass(frozen=True)
class Beside:
    """A claim of others shown beside the number of ours: Claim.subject, Claim.claim, and where our number stands.
    `row`: key of a row; left out: the total."""

    subject: str
    claim: str
    measure: str
    row: Any = None


@dataclass(frozen=True)
class Published:
    """What the organisations of the rows published themselves for the year of the table: Claim.claim, with the year as
    Claim.as_of. `measure`: our number beside it. An organisation that published nothing has a line that says so."""

    claim: str
    measure: str


@dataclass(frozen=True)
class Record:
    """One line of the list behind a number."""

    label: str
    url: str
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """`source`: the rows that are counted, from visible_to(reader.scope) on. `record`: how one of them is listed for this
    reader, with `record_heads` above its facts. `together`: a field whose records are one line of that list, as they are
    one in the numbers (the request of two referrals); what it holds has all of them under the name COUNTED. `right`: which
    a posting must give to see the table. `first_year`: the earliest offered.
    """

    key: str
    title: Text
    rows: Dimension
    measures: tuple[Measure, ...]
    source: Callable[[Reader, FiscalYear], QuerySet[Any]]
    record: Callable[[Any, Reader], Record]
    columns: Dimension | None = None
    record_heads: tuple[Text, ...] = ()
    chart: Chart = "bar"
    claims: tuple[Beside, ...] = ()
    published: Published | None = None
    note: Text = ""
    right: str = ""
    related: tuple[str, ...] = ()  # what `record` reads of other tables, for select_related
    together: str = ""
    first_year: int = 2026
    order: int = 100

    def measure(self, key: str) -> Measure:
        """Raises LookupError for a key that the table does not have."""
        for measure in self.measures:
            if measure.key == key:
                return measure
        raise LookupError(key)

    def may_be_seen_by(self, reader: Reader) -> bool:
        return not self.right or reader.can(self.right)


TABLES: dict[str, Table] = {}


def declare(*tables: Table) -> None:
    """Called in ready(). ValueError: a share of something that the table does not count."""
    for table in tables:
        keys = {measure.key for measure in table.measures}
        if any(measure.share_of and measure.share_of not in keys for measure in table.measures):
            raise ValueError(f"{table.key}: a share names no measure of the table")
        TABLES[table.key] = table


# --- The counted table --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    """A number and the address of its records (empty where there is nothing to open)."""

    value: Any
    number: Number = "count"
    url: str = ""


@dataclass(frozen=True)
class Leaf:
    """One column of numbers: below which head (None: the total, or there are no heads) and of which measure."""

    head: Head | None
    measure: Measure

    @property
    def is_total(self) -> bool:
        return self.head is None


@dataclass(frozen=True)
class ClaimLine:
    """What others say about a number of ours."""

    what: str
    ours: Cell
    value: str
    as_of: str
    source: str


@dataclass(frozen=True)
class Grid:
    table: Table
    year: FiscalYear
    counted_at: dt.datetime
    heads: tuple[Head, ...]
    column_heads: tuple[Head, ...]
    leaves: tuple[Leaf, ...]
    body: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...]
    claims: tuple[ClaimLine, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return all(not cell.value for cell in self.foot)

    def cell(self, row: Any, column: Any = None, measure: str = "") -> Cell:
        """By keys; `column` None is the total of the row. The totals of columns are in `foot`. Raises LookupError."""
        wanted = measure or self.table.measures[0].key
        line = next(cells for head, cells in zip(self.heads, self.body, strict=True) if head.key == row)
        for leaf, found in zip(self.leaves, line, strict=True):
            if leaf.measure.key == wanted and (leaf.head.key if leaf.head else None) == column:
                return found
        raise LookupError((row, column, measure))


Counted = Mapping[tuple[Any, Any], Mapping[str, Any]]
TOTAL = object()  # the key of a margin: distinct from None, which is a key that records may carry


def fill(table: Table, reader: Reader, year: FiscalYear, *, now: dt.datetime, counted: Counted | None = None) -> Grid:
    """The table with its heads and claims in the active language; `counted`: by `count_cells` before, for another one."""
    counted = count_cells(table, reader, year) if counted is None else counted
    rows = _heads(table.rows, reader, year, {row for row, _column in counted if row is not TOTAL})
    columns = (
        _heads(table.columns, reader, year, {column for _row, column in counted if column is not TOTAL})
        if table.columns
        else ()
    )
    leaves = _leaves(table, columns)
    body = tuple(_line(table, year, counted, leaves, head) for head in rows)
    foot = _line(table, year, counted, leaves, None)
    claims = (*_beside(table, rows, leaves, body, foot), *_published(table, year, rows, leaves, body, foot))
    return Grid(table, year, now, rows, columns, leaves, body, foot, claims)


def count_cells(table: Table, reader: Reader, year: FiscalYear) -> Counted:
    """Every cell and every margin, by keys: in at most four queries, however many rows there are, and one for each `once`.

    Totals are counted, not added up: a median of medians, or a record that stands in two rows, would be wrong.
    """
    source = table.source(reader, year)
    measures = {measure.key: measure.expression for measure in table.measures if not measure.share_of}
    sides: list[dict[str, Any]] = [{ROW: table.rows.expression}, {}]
    if table.columns is not None:
        column = {COLUMN: table.columns.expression}
        sides = [{**sides[0], **column}, sides[0], column, {}]
    found: dict[tuple[Any, Any], Mapping[str, Any]] = {}
    for side in sides:
        if not side:
            found[TOTAL, TOTAL] = source.order_by().aggregate(**measures) | _each_once(table, source)
            continue
        for line in source.order_by().annotate(**side).values(*side).annotate(**measures):
            found[line.get(ROW, TOTAL), line.get(COLUMN, TOTAL)] = line
    return found


def _each_once(table: Table, source: QuerySet[Any]) -> dict[str, Any]:
    """Totals of the measures that take one row for each of what `once` names."""
    found: dict[str, Any] = {}
    for measure in table.measures:
        if measure.once:
            rows = _one_each(source.filter(measure.only) if measure.only is not None else source, measure.once)
            found |= rows.order_by().aggregate(**{measure.key: measure.expression})
    return found


def _one_each(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    """The first row of each of what the field holds."""
    return rows.model._default_manager.filter(pk__in=rows.order_by(name, "pk").distinct(name).values("pk"))


def _heads(dimension: Dimension, reader: Reader, year: FiscalYear, keys: Collection[Any]) -> tuple[Head, ...]:
    return tuple(dimension.all_heads(Question(reader, year, keys)))


def _leaves(table: Table, columns: Sequence[Head]) -> tuple[Leaf, ...]:
    heads: list[Head | None] = [*columns, None] if table.columns is not None else [None]
    return tuple(Leaf(head, measure) for head in heads for measure in table.measures)


def _line(
    table: Table, year: FiscalYear, counted: Counted, leaves: Sequence[Leaf], row: Head | None
) -> tuple[Cell, ...]:
    return tuple(_cell(table, year, counted, leaf, row) for leaf in leaves)


def _cell(table: Table, year: FiscalYear, counted: Counted, leaf: Leaf, row: Head | None) -> Cell:
    row_key = TOTAL if row is None else row.key
    column_key = TOTAL if leaf.head is None else leaf.head.key
    measure = leaf.measure
    if measure.share_of:
        part, whole = (counted.get((key, column_key), {}).get(measure.share_of) or 0 for key in (row_key, TOTAL))
        return Cell(100 * part / whole if whole else None, "percent")
    value = _value(counted.get((row_key, column_key)), measure)
    opens = measure.opens and isinstance(value, int | float) and value != 0
    return Cell(value, measure.number, _address(table, year, leaf, row) if opens else "")


def _value(line: Mapping[str, Any] | None, measure: Measure) -> Any:
    """A number; None for a dash; UNPUBLISHED where a source has the row but no value for it."""
    value = None if line is None else line[measure.key]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if value is not None:
        return value
    if measure.missing == "zero":
        return 0
    return UNPUBLISHED if measure.missing == "unpublished" and line is not None else None


def _address(table: Table, year: FiscalYear, leaf: Leaf, row: Head | None) -> str:
    query = {"year": str(year.year)}
    if row is not None:
        query["row"] = row.token
    if leaf.head is not None:
        query["column"] = leaf.head.token
    if leaf.measure.only is not None:
        query["measure"] = leaf.measure.key
    return f"{reverse('statistics_records', args=[table.key])}?{urlencode(query)}"


def _beside(
    table: Table, rows: Sequence[Head], leaves: Sequence[Leaf], body: Sequence[Sequence[Cell]], foot: Sequence[Cell]
) -> tuple[ClaimLine, ...]:
    """One query for all claims. A row that the reader does not see has no line."""
    if not table.claims:
        return ()
    from clair_portal.network.models import Claim

    places = {(claim.subject, claim.claim): claim for claim in table.claims}
    found = Claim.objects.filter(
        subject__in={subject for subject, _claim in places}, claim__in={claim for _subject, claim in places}
    )
    lines = []
    for claim in found.order_by("subject", "claim", "id"):
        place = places.get((claim.subject, claim.claim))
        number = _number_at(place, rows, leaves, body, foot) if place else None
        if number:
            lines.append(ClaimLine(number[0], number[1], claim.value, claim.as_of, claim.source))
    return tuple(lines)


def _published(
    table: Table,
    year: FiscalYear,
    rows: Sequence[Head],
    leaves: Sequence[Leaf],
    body: Sequence[Sequence[Cell]],
    foot: Sequence[Cell],
) -> tuple[ClaimLine, ...]:
    """A line for each row: the value for this very year, or that there is none; one line where nobody has one. One query."""
    if table.published is None:
        return ()
    from clair_portal.network.models import Claim

    measure, said = table.published.measure, str(year.year)
    at = next(n for n, leaf in enumerate(leaves) if leaf.is_total and leaf.measure.key == measure)
    found = Claim.objects.filter(
        claim=table.published.claim, as_of=said, organisation__in=[head.key for head in rows]
    ).order_by("id")
    by_row: dict[Any, list[Claim]] = {}
    for claim in found:
        by_row.setdefault(claim.organisation_id, []).append(claim)
    title = str(leaves[at].measure.title)
    if not by_row:
        return tuple(_lines_of(title, foot[at], [], said))
    return tuple(
        line for head, cells in zip(rows, body, strict=True)
        for line in _lines_of(f"{head.label} · {title}", cells[at], by_row.get(head.key, []), said)
    )  # fmt: skip


def _lines_of(what: str, ours: Cell, claims: Sequence[Any], year: str) -> list[ClaimLine]:
    if not claims:
        return [ClaimLine(what, ours, _("not published"), year, "")]
    return [ClaimLine(what, ours, claim.value, claim.as_of, claim.source) for claim in claims]


def _number_at(
    place: Beside, rows: Sequence[Head], leaves: Sequence[Leaf], body: Sequence[Sequence[Cell]], foot: Sequence[Cell]
) -> tuple[str, Cell] | None:
    at = next(n for n, leaf in enumerate(leaves) if leaf.is_total and leaf.measure.key == place.measure)
    title = str(leaves[at].measure.title)
    if place.row is None:
        return title, foot[at]
    for head, cells in zip(rows, body, strict=True):
        if head.key == place.row:
            return f"{head.label} · {title}", cells[at]
    return None


# --- Behind a number ----------------------------------------------------------------------------------------------------
def records(
    table: Table, reader: Reader, year: FiscalYear, *, row: str | None, column: str | None, measure: str | None
) -> tuple[QuerySet[Any], list[str]]:
    """The records one number counts, and the words for what narrows them. Raises LookupError for an unknown head."""
    found, words = table.source(reader, year), []
    sides = [(ROW, table.rows, row), (COLUMN, table.columns, column)]
    for alias, dimension, token in sides:
        if token is None:
            continue
        if dimension is None:
            raise LookupError(token)
        head = _head_of(dimension, table, reader, year, token)
        found = _of_head(found, alias, dimension, head.key)
        words.append(f"{dimension.title}: {head.label}")
    if measure is not None:
        wanted = table.measure(measure)
        found = found.filter(wanted.only) if wanted.only is not None else found
        words.append(str(wanted.title))
    model: type[Model] = found.model
    listed = model._default_manager.filter(pk__in=found.order_by().values("pk"))
    listed = (_together(listed, table) if table.together else listed).order_by("-pk")
    return listed.select_related(*table.related) if table.related else listed, words


def _together(listed: QuerySet[Any], table: Table) -> QuerySet[Any]:
    """One row for each of what the field holds, which has all of them, the oldest first."""
    back = listed.model._meta.get_field(table.together).remote_field.get_accessor_name()
    rows = listed.order_by("pk").select_related(*table.related)
    return _one_each(listed, table.together).prefetch_related(Prefetch(f"{table.together}__{back}", rows, COUNTED))


def _of_head(found: QuerySet[Any], alias: str, dimension: Dimension, key: Any) -> QuerySet[Any]:
    if dimension.match is not None:
        return found.filter(dimension.match(key))
    found = found.annotate(**{alias: dimension.expression})
    return found.filter(**({f"{alias}__isnull": True} if key is None else {alias: key}))


def _head_of(dimension: Dimension, table: Table, reader: Reader, year: FiscalYear, token: str) -> Head:
    source = table.source(reader, year).order_by().annotate(head_key=dimension.expression)
    keys = set(source.values_list("head_key", flat=True).distinct())
    for head in dimension.all_heads(Question(reader, year, keys)):
        if head.token == token:
            return head
    raise LookupError(token)


def years_since(first: int, now: dt.datetime) -> list[FiscalYear]:
    """The years that can be chosen, newest first."""
    return [FiscalYear(year) for year in range(FiscalYear.of(now).year, first - 1, -1)]


def count(key: str = "count", title: Text = "", only: Q | None = None) -> Measure:
    """The usual measure: how many records."""
    return Measure(key, title or gettext_lazy("Number"), only=only)
