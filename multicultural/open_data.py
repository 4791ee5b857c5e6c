"""The numbers of foreign residents as data sets, one for each published table; two statistics that are never mixed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from clair_portal.open_data.sets import Column, DataSet, Source
from clair_portal.sheets.writing import Value
from multicultural.loading import IMMIGRATION, REGISTER, read
from multicultural.models import MunicipalityCount, ResidentCount
from multicultural.queries import prefectures
from multicultural.words import EVERY, STATISTICS, STATUSES

ALL = "all"
_DAYS = {row["key"]: dt.date.fromisoformat(row["as_of"]) for row in read("statistics.csv")}
_TERMS = "Government of Japan terms, compatible with CC BY 4.0"
_OF_IMMIGRATION = Source("出入国在留管理庁「在留外国人統計」, press tables of June 2025 (001447922.xlsx)", _TERMS)
_OF_REGISTER = Source("総務省「住民基本台帳」, tables of 2025 (000892960.xlsx)", _TERMS)
_APART = _(
    "Two statistics count foreign residents: one counts residents by nationality and status of residence, the other those in "
    "the registers of municipalities. Their days differ too, so their numbers are not the same; they are never mixed here."
)
_STATISTIC = Column("statistic", _("Statistic"), codes=STATISTICS, needed=True)
_AS_OF = Column("as_of", _("As of"), "date", needed=True)
_NATIONALITY = Column(
    "nationality", _("Nationality"), needed=True,
    note=_("ISO 3166-1 code, or all, other, or chosen (registered as such, not a country)."),
)  # fmt: skip
_NUMBER = Column("number", _("Foreign residents"), "integer", needed=True)


def _nationalities() -> Iterator[tuple[Value, ...]]:
    """All of Japan on the day of the statistic, with and without the status."""
    rows = ResidentCount.objects.filter(prefecture="", statistic=IMMIGRATION, as_of=_DAYS[IMMIGRATION])
    for row in rows.order_by("nationality", "status"):
        yield IMMIGRATION, row.as_of, row.nationality or ALL, row.status or ALL, row.number


NATIONALITIES = DataSet(
    key="residents-by-nationality",
    title=_("Foreign residents by nationality"),
    description=_APART,
    columns=(
        _STATISTIC,
        _AS_OF,
        _NATIONALITY,
        Column("status", _("Status of residence"), codes={ALL: EVERY, **STATUSES}, needed=True),
        _NUMBER,
    ),
    rows=_nationalities,
    key_columns=("as_of", "nationality", "status"),
    as_of=_DAYS[IMMIGRATION],
    sources=(_OF_IMMIGRATION,),
    reads=("multicultural_statistic", "multicultural_residentcount"),
    order=80,
)


def _prefectures() -> Iterator[tuple[Value, ...]]:
    """Each prefecture by nationality on the day of the statistic, and all together at the end of each year before."""
    codes = {digits: each.code for digits, each in prefectures().items()}
    rows = ResidentCount.objects.filter(statistic=IMMIGRATION, status="").exclude(prefecture="", nationality__gt="")
    for row in rows.order_by("as_of", "prefecture", "nationality"):
        place = row.prefecture or ALL
        yield IMMIGRATION, row.as_of, place, codes.get(place, ""), row.nationality or ALL, row.number


PREFECTURES = DataSet(
    key="residents-by-prefecture",
    title=_("Foreign residents by prefecture"),
    description=_APART,
    columns=(
        _STATISTIC,
        _AS_OF,
        Column("prefecture", _("Number of the prefecture"), needed=True,
               note=_("The first two digits of its code; all: all of Japan; 99: not known.")),
        Column("organisation", _("Code")),
        _NATIONALITY,
        _NUMBER,
    ),
    rows=_prefectures,
    key_columns=("as_of", "prefecture", "nationality"),
    as_of=_DAYS[IMMIGRATION],
    sources=(_OF_IMMIGRATION,),
    reads=("multicultural_statistic", "multicultural_residentcount", "network_organisation"),
    order=81,
)  # fmt: skip
_IN_REGISTER = {
    "men": _("men"), "women": _("women"), "total": _("foreign residents"), "households": _("households"),
    "population": _("population"),
}  # fmt: skip


def _municipalities() -> Iterator[tuple[Value, ...]]:
    rows = MunicipalityCount.objects.filter(statistic=REGISTER).select_related("statistic").order_by("code")
    for row in rows:
        yield REGISTER, row.statistic.as_of, row.code, row.name_ja, *(getattr(row, name) for name in _IN_REGISTER)


MUNICIPALITIES = DataSet(
    key="residents-by-municipality",
    title=_("Foreign residents by municipality"),
    description=_APART,
    columns=(
        _STATISTIC,
        _AS_OF,
        Column("code", _("Code"), needed=True),
        Column("name_ja", _("Name in Japanese"), needed=True),
        *(Column(name, label, "integer", needed=True) for name, label in _IN_REGISTER.items()),
    ),
    rows=_municipalities,
    key_columns=("as_of", "code"),
    as_of=_DAYS[REGISTER],
    sources=(_OF_REGISTER,),
    reads=("multicultural_statistic", "multicultural_municipalitycount"),
    order=82,
)  # fmt: skip
