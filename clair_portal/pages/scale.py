"""Very many invented requests for benchmarks, written by PostgreSQL itself: no log, no history, no messages.

They are spread as real ones are: few organisations ask for much, more in later years, nearly all finished. Titles and texts
are of a small stock; numbers have a series of their own; every row is a sample and carries SOURCE, by which it is removed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from clair_portal.calendars.eras import era_of
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.search import keys_of
from clair_portal.casework.workflow import WORKFLOWS
from offices.enums import SupportKind
from offices.models import SupportRequest
from offices.workflow import KIND

SOURCE = "seed_scale"
SERIES = "規"
FIRST_YEAR = 2014
AT_ONCE = 100_000
TABLES = (Case._meta.db_table, Referral._meta.db_table, SupportRequest._meta.db_table)
SUBJECTS = {
    "図書館": "culture", "港湾": "transport", "路面電車": "transport", "市民協働": "administration", "防災訓練": "disaster",
    "学校給食": "education", "観光案内": "tourism", "高齢者施設": "health", "廃棄物処理": "environment", "姉妹都市": "sister_ties",
    "農産物直売所": "agriculture", "美術館": "culture", "公共交通": "transport", "再生可能エネルギー": "environment",
    "中心市街地": "economy", "外国人住民窓口": "multiculturalism", "子育て支援": "education", "マラソン大会": "sports",
    "職員研修": "administration", "空港連携": "economy",
}  # fmt: skip
DEEDS = (
    "の視察", "に関する調査", "についての意見交換", "の訪問先紹介", "の事前説明", "への出展相談", "の50周年行事",
    "の担当者会議", "の受入れ準備", "の先進事例",
)  # fmt: skip
# How requests of the last four months stand (weight, state, how its referral stands); all others have ended.
OPEN = ((8, "branch_check", ""), (10, "triage", ""), (4, "needs_information", ""), (12, "referred", "proposed"),
        (3, "details_asked", "proposed"), (12, "accepted", "accepted"), (30, "in_progress", "accepted"), (8, "reported", "done"),
        (13, "closed", "done"))  # fmt: skip
ENDED = ((94, "closed", "done"), (3, "declined", ""), (3, "withdrawn", ""))
Said = Callable[[str], Any]


def present() -> int:
    """How many there are."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from casework_case where source = %s", [SOURCE])
        return int(cursor.fetchone()[0])


def may_write() -> bool:
    """Whether the login owns the table of cases: only its owner can switch triggers off for a while."""
    with connection.cursor() as cursor:
        cursor.execute("select tableowner = current_user from pg_tables where tablename = 'casework_case'")
        return bool(cursor.fetchone()[0])


def fill_up(wanted: int, *, now: dt.datetime, say: Said = lambda text: None) -> int:
    """Adds what is missing to `wanted` requests; returns how many were added. Runs as the owner of the database."""
    there = present()
    with transaction.atomic(), connection.cursor() as cursor:
        _stock(cursor, now)
        with _without_triggers(cursor):
            for first in range(there + 1, wanted + 1, AT_ONCE):
                last = min(first + AT_ONCE - 1, wanted)
                _add(cursor, first, last, now)
                say(f"{last:,} of {wanted:,}")
    _look_again()
    return max(wanted - there, 0)


@contextmanager
def _without_triggers(cursor: CursorWrapper) -> Iterator[None]:
    """History and copied columns: what the triggers would write is not wanted, or written here."""
    # foreign keys are checked before each change: a table with open checks cannot be altered
    cursor.execute("set constraints all immediate")
    for table in TABLES:
        cursor.execute(f'alter table "{table}" disable trigger user')
    yield
    cursor.execute("set constraints all immediate")
    for table in TABLES:
        cursor.execute(f'alter table "{table}" enable trigger user')


def _look_again() -> None:
    """New statistics, and where it is possible the map of pages every reader sees."""
    how = "analyze" if connection.in_atomic_block else "vacuum (analyze)"
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'{how} "{table}"')


# --- What rows are made of --------------------------------------------------------------------------------------------
def _stock(cursor: CursorWrapper, now: dt.datetime) -> None:
    _table(
        cursor,
        "scale_text",
        "title text, search_text text, bigrams text[], topic text, kinds text[], texts text",
        _texts(),
    )
    _table(
        cursor,
        "scale_state",
        "state text, holder text, referral text, ended bool, age int, low int, high int",
        _states(),
    )
    _table(cursor, "scale_year", "year int, era text, first_day timestamptz, days int", _years(now))
    cursor.execute("drop table if exists scale_place, scale_country")
    cursor.execute(
        "create temp table scale_place on commit drop as select row_number() over (order by md5(code)) - 1 as n, id, "
        "case when kind in ('prefecture', 'designated_city') then id else branch_id end as branch_id, branch_id is null as own "
        "from network_organisation where code is not null and (branch_id is not null or kind in ('prefecture', 'designated_city'))"
    )
    cursor.execute(
        "create temp table scale_country on commit drop as select row_number() over (order by md5(j.country_id)) - 1 as n, "
        "j.country_id, j.office_id, o.time_zone from network_jurisdiction j join network_organisation o on o.id = j.office_id "
        "where j.ends_on is null"
    )
    cursor.execute("analyze scale_place")


def _table(cursor: CursorWrapper, name: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    cursor.execute(f"drop table if exists {name}")
    cursor.execute(f"create temp table {name} (n serial, {columns}) on commit drop")
    names = ", ".join(column.split()[0] for column in columns.split(", "))
    marks = ", ".join(["%s"] * len(columns.split(", ")))
    cursor.executemany(f"insert into {name} ({names}) values ({marks})", list(rows))  # noqa: S608 - names from above
    cursor.execute(f"update {name} set n = n - 1")  # noqa: S608 - counted from 0


def _texts() -> Iterator[tuple[Any, ...]]:
    kinds = SupportKind.values
    for number, ((place, topic), deed) in enumerate(product(SUBJECTS.items(), DEEDS)):
        title, purpose = f"{place}{deed}(規模見本)", f"{place}の先進事例を調べ、市の計画に生かします。"
        asked = [kinds[number % len(kinds)], kinds[(number * 7 + 3) % len(kinds)]]
        yield title, *keys_of(title, None, [purpose]), topic, list(dict.fromkeys(asked)), purpose


def _states() -> Iterator[tuple[Any, ...]]:
    """`low` and `high`: the hundredths of requests of that age that stand so."""
    for age, states in enumerate((OPEN, ENDED)):
        low = 0
        for weight, key, referral in states:
            state = WORKFLOWS[KIND].state(key)
            yield key, str(state.holder), referral, state.ended, age, low, low + weight
            low += weight


def _years(now: dt.datetime) -> Iterator[tuple[Any, ...]]:
    for number in range(FIRST_YEAR, FiscalYear.of(now).year + 1):
        year, era = FiscalYear(number), era_of(dt.date(number, 12, 31))
        prefix = f"{era.letter}{era.year_of(dt.date(number, 12, 31))}" if era else str(number)
        first = dt.datetime.combine(year.first_day, dt.time(0), dt.UTC)
        yield number, prefix, first, max(min(365, (now - first).days), 1)


# --- Writing ----------------------------------------------------------------------------------------------------------
_RANDOM = (
    "((hashint4((c.n + {salt} * 1000003)::int)::bigint + 2147483648) / 4294967296.0)"  # 0 to 1, the same each time
)


def _chance(salt: int) -> str:
    return _RANDOM.format(salt=salt)


# Later keys are later requests, as in life.
_DRAWN = f"""create temp table scale_drawn on commit drop as
select row_number() over (order by f.filed, c.n) + %(first)s::int - 1 as n,
  t.title, t.search_text, t.bigrams, t.topic, t.kinds, t.texts, p.id as place, p.branch_id as branch, w.country_id as country,
  w.office_id as office, w.time_zone as zone, y.year, y.era, f.filed, s.state, s.holder, s.referral, s.ended
from generate_series(%(first)s::int, %(last)s::int) c(n)
join scale_text t on t.n = floor({_chance(1)} * {len(SUBJECTS) * len(DEEDS)})
join scale_place p on p.n = floor(power({_chance(2)}, 3) * (select count(*) from scale_place))
join scale_country w on w.n = floor(power({_chance(3)}, 2) * (select count(*) from scale_country))
join scale_year y on y.n = (select count(*) from scale_year) - 1 - floor(power({_chance(4)}, 1.5) * (select count(*) from scale_year))
cross join lateral (select y.first_day + floor({_chance(5)} * y.days) * interval '1 day' + interval '3 hours' as filed) f
join scale_state s on s.age = case when f.filed > %(now)s - interval '120 days' then 0 else 1 end
  and {_chance(6)} * 100 >= s.low and {_chance(6)} * 100 < s.high"""  # noqa: S608 - only our own numbers are put in
_FOLDED = "lower(d.era) || '" + SERIES + "' || lpad(d.n::text, 7, '0')"
_WHO_HOLDS = (
    "case d.holder when 'applicant' then d.place when 'branch' then d.branch when 'office' then d.office "
    "when 'headquarters' then (select id from network_organisation where kind = 'headquarters') end"
)
_CASE = {
    "id": "%(base)s + d.n", "number": f"d.era || '-{SERIES}-' || lpad(d.n::text, 7, '0')", "kind": f"'{KIND}'",
    "title": "d.title", "applicant_id": "d.place", "branch_id": "d.branch", "countries": "array[d.country]",
    "topics": "array[d.topic]", "state": "d.state", "holder": "d.holder", "holding_id": _WHO_HOLDS,
    "due_at": "case when d.ended then null else d.filed + interval '20 days' end", "fiscal_year": "d.year",
    "due_zone": "case d.holder when 'office' then d.zone else 'Asia/Tokyo' end",
    "source": f"'{SOURCE}'", "sample": "true", "created_at": "d.filed", "filed_at": "d.filed",
    "moved_at": "least(d.filed + interval '9 days', %(now)s)",
    "closed_at": "case when d.ended then least(d.filed + interval '40 days', %(now)s) end",
    "search_text": f"{_FOLDED} || ' ' || d.search_text",
    "bigrams": f"array[lower(d.era), '{SERIES}', lpad(d.n::text, 7, '0')] || d.bigrams",
}  # fmt: skip
_DETAIL = {
    "case_id": "%(base)s + d.n", "applicant_id": "d.place", "branch_id": "d.branch", "filed": "true", "kinds": "d.kinds",
    "purpose": "d.texts", "wanted": "d.texts", "division": "'企画課'", "starts_on": "(d.filed + interval '90 days')::date",
    "ends_on": "(d.filed + interval '93 days')::date", "party": "1 + d.n %% 30",
}  # fmt: skip
_REFERRAL = {
    "case_id": "%(base)s + d.n", "office_id": "d.office", "state": "d.referral", "standing": "true", "owner": "true",
    "created_at": "d.filed + interval '3 days'", "answered_at": "case when d.referral <> 'proposed' then d.filed + interval '5 days' end",
}  # fmt: skip


def _insert(model: type[models.Model], given: dict[str, str]) -> str:
    """Columns that are not given take the default of the model, also those a later release adds."""
    columns = dict(given)
    for field in model._meta.concrete_fields:
        column = str(field.column)
        by_database = isinstance(field, models.AutoField | models.GeneratedField) or field.has_db_default()
        if column not in columns and not by_database:
            columns[column] = _default(field)
    return f'insert into "{model._meta.db_table}" ({", ".join(columns)}) select {", ".join(columns.values())} from scale_drawn d'  # noqa: S608


def _default(field: models.Field[Any, Any]) -> str:
    value = field.get_default()
    if value is None or isinstance(field, models.ForeignKey):
        return "null"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, dict | list):
        return "'{}'"
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def _add(cursor: CursorWrapper, first: int, last: int, now: dt.datetime) -> None:
    """Requests `first` to `last`. Their keys are a reserved run of the sequence, so that details find their case."""
    cursor.execute("select pg_get_serial_sequence('casework_case', 'id')")
    sequence = cursor.fetchone()[0]
    cursor.execute("select nextval(%s), setval(%s, nextval(%s) + %s)", [sequence, sequence, sequence, last - first + 2])
    base = cursor.fetchone()[0]
    given = {"first": first, "last": last, "now": now, "base": base - first + 1}
    cursor.execute("drop table if exists scale_drawn")
    cursor.execute(_DRAWN, given)
    # a prefecture is its own branch: what it files is never with its branch
    cursor.execute(
        "update scale_drawn set state = 'triage', holder = 'headquarters' where state = 'branch_check' and place = branch"
    )
    for model, values in ((Case, _CASE), (SupportRequest, _DETAIL), (Referral, _REFERRAL)):
        only = " where d.referral <> ''" if model is Referral else ""
        cursor.execute(_insert(model, values) + only, given)


# --- Taking away ------------------------------------------------------------------------------------------------------
def remove(*, say: Said = lambda text: None) -> int:
    """Removes them with everything that hangs on them; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "create temp table scale_gone on commit drop as select id from casework_case where source = %s", [SOURCE]
        )
        cursor.execute("create unique index on scale_gone (id)")
        cursor.execute(
            "select conrelid::regclass::text, attname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid "
            "and a.attnum = c.conkey[1] where c.contype = 'f' and c.confrelid = 'casework_case'::regclass "
            "and c.conrelid <> c.confrelid"
        )
        hanging = [*cursor.fetchall(), ("casework_caseevent", "pgh_obj_id")]
        with _without_triggers(cursor):
            for table, column in hanging:
                say(f"{table} ...")
                cursor.execute(f"delete from {table} where {column} in (select id from scale_gone)")  # noqa: S608
            cursor.execute(
                "update casework_case set copied_from_id = null where copied_from_id in (select id from scale_gone)"
            )
            cursor.execute("delete from casework_case where parent_id in (select id from scale_gone)")
            cursor.execute("delete from casework_case where id in (select id from scale_gone)")
            count = cursor.rowcount
    _look_again()
    return int(count)
