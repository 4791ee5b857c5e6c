"""Who may touch which rows, declared beside the models, written to PostgreSQL after every migrate where it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from clair_portal.walls.roles import GROUPS, LOGINS, WEB, WORKER

# Scalar sub-selects become one InitPlan; nullif because a setting falls back to '' at the end of a transaction.
ORGANISATIONS = "any ((select nullif(current_setting('app.organisations', true), '')::bigint[])::bigint[])"
PERSON = "(select nullif(current_setting('app.person', true), '')::bigint)"
VERBS = ("select", "insert", "update", "delete")


@dataclass(frozen=True)
class Rows:
    """Predicates in SQL. None: the verb is not granted. `check` (what a row may be turned into) defaults to `update`.

    `columns`: for update, the only columns that may be changed. `readable`: for select, the only ones that are read.
    """

    select: str | None = None
    insert: str | None = None
    update: str | None = None
    check: str | None = None
    delete: str | None = None
    columns: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()


ALL = Rows("true", "true", "true", "true", "true")
READ = Rows("true")
WRITE_ONLY = Rows(insert="true")


@dataclass(frozen=True)
class Table:
    name: str
    roles: dict[str, Rows] = field(default_factory=dict)
    reason: str = ""  # why there is no policy; then `grants` is used
    grants: dict[str, str] = field(default_factory=dict)

    @property
    def guarded(self) -> bool:
        return not self.reason

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr((sorted(self.roles.items()), sorted(self.grants.items()))).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Function:
    signature: str
    create: str
    roles: tuple[str, ...]


TABLES: dict[str, Table] = {}
FUNCTIONS: dict[str, Function] = {}
LATE: list[Callable[[], None]] = []  # declare more, from what all apps declared in ready()


def _full(name: str) -> str:
    return f"portal_{name}"


def protect(table: str, **roles: Rows) -> None:
    """Declares the policies of a table: one short predicate per role and verb. A role that is not named sees nothing."""
    TABLES[table] = Table(table, {_full(name): rows for name, rows in roles.items()})


def extend(table: str, **roles: Rows) -> None:
    """Adds roles to a table declared further down (a case lets its readers see its log entries)."""
    known = TABLES[table]
    TABLES[table] = replace(known, roles={**known.roles, **{_full(name): rows for name, rows in roles.items()}})


def leave_open(table: str, reason: str, **grants: str) -> None:
    """A table without policies. The reason is required: it is read by people."""
    TABLES[table] = Table(table, {}, reason, {_full(name): verbs for name, verbs in grants.items()})


def definer_function(signature: str, create: str, *roles: str) -> None:
    """A function that runs with the owner's rights; `roles` may call it. It must fix its search_path (tested)."""
    FUNCTIONS[signature] = Function(signature, create, roles)


def synchronise(using: str = "default", **_: Any) -> None:
    """post_migrate, sent after all migrations; each table in its own short transaction (the lock is ACCESS EXCLUSIVE)."""
    for declare in LATE:
        declare()
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if not _roles_exist(cursor):
            return
        cursor.execute(f"grant usage on schema public to {', '.join((*GROUPS, *LOGINS))}")
        applied = _applied(cursor)
        for function in FUNCTIONS.values():
            with transaction.atomic(using=using):
                _write_function(cursor, function)
        for table in TABLES.values():
            if table.name in existing and applied.get(table.name) != table.fingerprint:
                with transaction.atomic(using=using):
                    _write_table(cursor, table)
        _let_the_owner_write_history(cursor)


def _roles_exist(cursor: CursorWrapper) -> bool:
    cursor.execute("select count(*) from pg_roles where rolname = any(%s)", [[*GROUPS, *LOGINS]])
    return bool(cursor.fetchone()[0] == len(GROUPS) + len(LOGINS))


def _applied(cursor: CursorWrapper) -> dict[str, str]:
    cursor.execute(
        "select c.relname, obj_description(c.oid, 'pg_class') from pg_class c "
        "where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'"
    )
    return {name: (comment or "").removeprefix("walls:") for name, comment in cursor.fetchall()}


def _write_function(cursor: CursorWrapper, function: Function) -> None:
    cursor.execute(function.create)
    cursor.execute(f"revoke all on function {function.signature} from public")
    if function.roles:
        cursor.execute(f"grant execute on function {function.signature} to {', '.join(function.roles)}")


def _write_table(cursor: CursorWrapper, table: Table) -> None:
    name = f'"{table.name}"'
    cursor.execute("select polname from pg_policy where polrelid = %s::regclass", [name])
    for (policy,) in cursor.fetchall():
        cursor.execute(f'drop policy "{policy}" on {name}')
    cursor.execute(f"revoke all on {name} from public, {', '.join((*GROUPS, *LOGINS))}")
    _revoke_columns(cursor, table.name)
    for role, verbs in table.grants.items():
        cursor.execute(f"grant {verbs} on {name} to {role}")
    if table.guarded:
        _write_policies(cursor, table, name)
    cursor.execute(f"comment on table {name} is 'walls:{table.fingerprint}'")


def _revoke_columns(cursor: CursorWrapper, table: str) -> None:
    """REVOKE ALL ON TABLE leaves column grants in place."""
    cursor.execute(
        "select distinct a.attname, x.grantee::regrole::text, lower(x.privilege_type) from pg_attribute a, "
        "aclexplode(a.attacl) x where a.attrelid = %s::regclass and x.grantee <> 0",
        [f'"{table}"'],
    )
    for column, grantee, verb in cursor.fetchall():
        cursor.execute(f'revoke {verb} ("{column}") on "{table}" from {grantee}')


def _write_policies(cursor: CursorWrapper, table: Table, name: str) -> None:
    cursor.execute(f"alter table {name} enable row level security")
    cursor.execute(f"grant select on {name} to {WEB}, {WORKER}")  # no policy for them: no rows, not an error
    for role, rows in table.roles.items():
        for verb in VERBS:
            using = rows.select if verb == "select" else rows.update if verb == "update" else rows.delete
            check = rows.insert if verb == "insert" else (rows.check or rows.update) if verb == "update" else None
            if verb == "insert":
                using = None
            if using is None and check is None:
                continue
            clauses = (f" using ({using})" if using else "") + (f" with check ({check})" if check else "")
            cursor.execute(f"create policy {role}_{verb} on {name} for {verb} to {role}{clauses}")
            only = {"update": rows.columns, "select": rows.readable}.get(verb, ())
            columns = f" ({', '.join(only)})" if only else ""
            cursor.execute(f"grant {verb}{columns} on {name} to {role}")


# pgtrigger.ignore is a setting anybody may set: one statement of the web login could switch history off.
IGNORE_ONLY_FOR_THE_OWNER = """create or replace function _pgtrigger_should_ignore(trigger_name name) returns boolean
language sql stable as $$ select coalesce(current_setting('role') = 'none'
and trigger_name = any (nullif(current_setting('pgtrigger.ignore', true), '')::name[]), false) $$"""


def _let_the_owner_write_history(cursor: CursorWrapper) -> None:
    """pghistory writes events with the rights of whoever changed the row. Let the owner write them instead."""
    cursor.execute(
        "select distinct p.oid::regprocedure::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid "
        "where p.proname like 'pgtrigger\\_%%' and not p.prosecdef",
        [],
    )
    for (signature,) in cursor.fetchall():
        cursor.execute(f"alter function {signature} security definer set search_path = public, pg_temp")
    cursor.execute(IGNORE_ONLY_FOR_THE_OWNER)


def undeclared(cursor: CursorWrapper) -> list[str]:
    """Tables and views of the schema that nobody declared; a test expects none."""
    cursor.execute(
        "select relname from pg_class where relkind in ('r','p','v','m','f') and relnamespace = 'public'::regnamespace"
    )
    return sorted({name for (name,) in cursor.fetchall()} - set(TABLES))
