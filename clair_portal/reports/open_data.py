"""Published yearly counts as a data set: a row for each number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from clair_portal.calendars.fiscal import tokyo_date
from clair_portal.open_data.sets import Column, DataSet, Source
from clair_portal.reports.frozen import TOTAL
from clair_portal.reports.models import Snapshot
from clair_portal.sheets.writing import Value
from clair_portal.walls.scope import PUBLIC_SCOPE

EVERYTHING: dict[str, Any] = {"token": TOTAL, "label": {"ja": "合計", "en": "Total"}}
_JA, _EN = _("Name in Japanese"), _("Name in English")
ONLY: dict[str, Any] = {"token": "", "label": {"ja": "", "en": ""}}


def _rows() -> Iterator[tuple[Value, ...]]:
    found = Snapshot.objects.visible_to(PUBLIC_SCOPE).exclude(published_at=None).filter(sample=False)
    for snapshot in found.order_by("collection", "year", "edition"):
        counted, published = (tokyo_date(day) for day in (snapshot.counted_at, snapshot.published_at) if day)
        for table in snapshot.tables:
            for line in _lines(table):
                yield snapshot.collection, snapshot.year, snapshot.edition, table["key"], *line, counted, published


def _lines(table: dict[str, Any]) -> Iterator[tuple[Value, ...]]:
    columns = [*table["column_heads"], EVERYTHING] if table["columns_title"] else [ONLY]
    places = [(column, measure) for column in columns for measure in table["measures"]]
    rows = zip((*table["heads"], EVERYTHING), (*table["body"], table["foot"]), strict=True)
    for row, values in rows:
        for (column, measure), value in zip(places, values, strict=True):
            yield (
                row["token"], row["label"]["ja"], row["label"]["en"], column["token"], column["label"]["ja"],
                column["label"]["en"], measure["key"], measure["title"]["ja"], measure["title"]["en"], value,
            )  # fmt: skip


COUNTS = DataSet(
    key="yearly-counts",
    title=_("Published yearly counts"),
    description=_("Every number of the yearly reports that were published, as it was counted on one day."),
    columns=(
        Column("report", _("Report"), needed=True),
        Column("fiscal_year", _("Fiscal year"), "year", note=_("The year in which it begins, in April."), needed=True),
        Column("edition", _("Edition"), "integer", needed=True),
        Column("table", _("Table"), needed=True),
        Column("row", _("Row"), needed=True),
        Column("row_ja", _JA),
        Column("row_en", _EN),
        Column("column", _("Column")),
        Column("column_ja", _JA),
        Column("column_en", _EN),
        Column("measure", _("What is counted"), needed=True),
        Column("measure_ja", _JA),
        Column("measure_en", _EN),
        Column("value", _("Value"), "number"),
        Column("counted_on", _("Counted"), "date", needed=True),
        Column("published_on", _("Published"), "date", needed=True),
    ),
    rows=_rows,
    key_columns=("report", "fiscal_year", "edition", "table", "row", "column", "measure"),
    sources=(Source("Counted by CLAIR in this portal"),),
    reads=("reports_snapshot",),
    order=90,
)  # fmt: skip
