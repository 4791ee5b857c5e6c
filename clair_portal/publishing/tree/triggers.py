"""Triggers that note what the public sees differently after a statement, whoever wrote it: a service, a bulk update, SQL.

They are made from the row policies: a table's rows and columns that the public may read, before and after the statement.
Written after every migrate, as the policies are; a table nobody reads any more loses its triggers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from clair_portal.publishing.tree import families
from clair_portal.publishing.tree.families import Rows
from clair_portal.walls.roles import PUBLIC
from clair_portal.walls.row_security import TABLES, definer_function

START = "publishing_note_"
_WHEN = {
    "insert": "new table as new_rows",
    "update": "old table as old_rows new table as new_rows",
    "delete": "old table as old_rows",
}


@dataclass(frozen=True)
class Noted:
    """What the public sees of a table."""

    table: str
    shown: str
    columns: str
    keys: str  # SQL: an array of text over its row

    @property
    def function(self) -> str:
        return f"{START}{self.table}"

    def seen(self, rows: str) -> str:
        return f'select {self.columns} from {rows} as "{self.table}" where {self.shown}'  # noqa: S608 - declared in code

    def insert(self, rows: str) -> str:
        each = f'({rows}) as "{self.table}", unnest({self.keys}) as k(key)'
        return f"insert into publishing_change (key) select distinct k.key from {each} where k.key is not null;"  # noqa: S608

    @property
    def create(self) -> str:
        before, after = self.seen("old_rows"), self.seen("new_rows")
        either = f"(({before}) except ({after})) union all (({after}) except ({before}))"
        return f"""create or replace function {self.function}() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then {self.insert(after)}
  elsif tg_op = 'DELETE' then {self.insert(before)}
  else {self.insert(either)}
  end if;
  return null;
end $$"""


def noted(table: str) -> Noted:
    declared = families.ROWS.get(table, ())
    policy = TABLES[table].roles.get(PUBLIC)
    shown = next((row.shown for row in declared if row.shown is not None), policy.select if policy else None)
    columns = next((row.columns for row in declared if row.columns is not None), policy.readable if policy else ())
    keys = ", ".join([f"'{table}'", *(_key(table, row) for row in declared if row.key)])
    return Noted(table, shown or "true", ", ".join(columns) or "*", f"array[{keys}]")


def _key(table: str, row: Rows) -> str:
    return f"'{row.of or table}:' || ({row.key})"


def declare_functions() -> None:
    """Before functions are written: those of the triggers are among them."""
    for table in sorted(families.tables()):
        of_table = noted(table)
        definer_function(f"{of_table.function}()", of_table.create)


def synchronise(using: str = "default", **_: Any) -> None:
    """post_migrate, after functions and policies. A table of an app that has not migrated yet is left out."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    wanted = {table for table in families.tables() if table in existing}
    with connection.cursor() as cursor:
        have = _triggers(cursor)
        for table in sorted(set(have) - wanted):
            with transaction.atomic(using=using):
                _drop(cursor, table)
        for table in sorted(wanted):
            if have.get(table) != len(_WHEN):
                with transaction.atomic(using=using):
                    _create(cursor, table)


def _triggers(cursor: CursorWrapper) -> dict[str, int]:
    cursor.execute(
        "select c.relname, count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid "
        "where t.tgname like %s group by c.relname",
        [START.replace("_", "\\_") + "%"],
    )
    return dict(cursor.fetchall())


def _create(cursor: CursorWrapper, table: str) -> None:
    for verb, transition in _WHEN.items():
        cursor.execute(
            f'create or replace trigger {START}{verb} after {verb} on "{table}" referencing {transition} '
            f"for each statement execute function {noted(table).function}()"
        )


def _drop(cursor: CursorWrapper, table: str) -> None:
    for verb in _WHEN:
        cursor.execute(f'drop trigger if exists {START}{verb} on "{table}"')
    cursor.execute(f"drop function if exists {START}{table}()")
