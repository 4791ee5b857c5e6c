"""The numbers of the JET Programme as a data set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from clair_portal.open_data.sets import Column, DataSet, Source
from clair_portal.sheets.writing import Value
from jet.loading import GATHERED
from jet.models import YearlyTotal

SOURCES = ("source", "job_types_source", "countries_source", "cumulative_source")
NUMBERS = ("total", "alt", "cir", "sea", "countries", "cumulative")


def _label(name: str) -> Any:
    return next(field.verbose_name for field in YearlyTotal._meta.fields if field.name == name)


def _rows() -> Iterator[tuple[Value, ...]]:
    for row in YearlyTotal.objects.order_by("year"):
        yield row.year, *(getattr(row, name) for name in (*NUMBERS, "note_ja", "note_en", *SOURCES)), row.as_of


PARTICIPANTS = DataSet(
    key="jet-participants",
    title=_("Participants of the JET Programme by year"),
    description=_("Participants since 1987 as sources state them. What no source states is empty."),
    columns=(
        Column("year", _label("year"), "year", needed=True),
        *(Column(name, _label(name), "integer") for name in NUMBERS),
        Column("note_ja", _label("note_ja")),
        Column("note_en", _label("note_en")),
        *(Column(name, _label(name), needed=name == "source") for name in SOURCES),
        Column("as_of", _label("as_of"), note=_("The day the source counted on, where it gives one.")),
    ),
    rows=_rows,
    key_columns=("year",),
    as_of=dt.date.fromisoformat(GATHERED),
    sources=(Source("Pages of the JET Programme, of ministries and news; each row names its source"),),
    reads=("jet_yearlytotal",),
    order=60,
)
