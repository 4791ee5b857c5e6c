"""Database roles. Created by a migration - or by hand from the printed SQL where the owner may not create roles.

Which role may do what is told in docs/threat-model.md. Roles belong to the cluster, not to the database: several
databases (tests, demo) may create and grant them at the same moment.
"""

from __future__ import annotations

import time

from django.db import InternalError, ProgrammingError
from django.db.backends.utils import CursorWrapper

PUBLIC, LOGIN, MEMBER, OFFICE, HEADQUARTERS, SYSTEM = (
    "portal_public",
    "portal_login",
    "portal_member",
    "portal_office",
    "portal_headquarters",
    "portal_system",
)
GROUPS = (PUBLIC, LOGIN, MEMBER, OFFICE, HEADQUARTERS, SYSTEM)
WEB, WORKER = "portal_web", "portal_worker"
LOGINS = {WEB: (PUBLIC, LOGIN, MEMBER, OFFICE, HEADQUARTERS), WORKER: GROUPS}

CREATE = """do $$ begin
  if not exists (select from pg_roles where rolname = '{role}') then create role {role} {options}; end if;
exception when duplicate_object or unique_violation then null; end $$"""


def statements() -> list[str]:
    """The SQL for a database administrator where the owner may not CREATE ROLE."""
    sql = [CREATE.format(role=role, options="nologin") for role in GROUPS]
    sql += [CREATE.format(role=role, options="login noinherit") for role in LOGINS]
    sql += [f"grant {group} to {login}" for login, groups in LOGINS.items() for group in groups]
    return sql


def ensure_roles(cursor: CursorWrapper) -> None:
    """Creates and grants what is missing. Raises ProgrammingError with the SQL to run where it may not."""
    cursor.execute("select rolname from pg_roles where rolname = any(%s)", [[*GROUPS, *LOGINS]])
    missing = {*GROUPS, *LOGINS} - {name for (name,) in cursor.fetchall()}
    cursor.execute(
        "select rolcreaterole or rolsuper, rolsuper, current_user from pg_roles where rolname = current_user"
    )
    may_create, superuser, me = cursor.fetchone()
    if missing and not may_create:
        raise ProgrammingError("Let a database administrator run:\n" + ";\n".join(statements()) + ";")
    for role in sorted(missing):
        cursor.execute(CREATE.format(role=role, options="login noinherit" if role in LOGINS else "nologin"))
    pairs = [(login, group) for login, groups in LOGINS.items() for group in groups]
    if not superuser:  # tests and hosting with one login: the owner may step down
        pairs += [(me, role) for role in (*GROUPS, *LOGINS)]
    for member, role in pairs:
        _grant(cursor, member, role)


def _grant(cursor: CursorWrapper, member: str, role: str) -> None:
    """Only what is missing: two databases of one cluster granting at once fail with 'tuple concurrently updated'."""
    for attempt in range(5):
        cursor.execute(
            # From PostgreSQL 16 on whoever creates a role is a member of it, but may not become it: set_option tells.
            "select exists(select from pg_auth_members m where m.member = %s::regrole and m.roleid = %s::regrole "
            "and coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))",
            [member, role],
        )
        if cursor.fetchone()[0]:
            return
        try:
            cursor.execute("savepoint one_grant")
            cursor.execute(f'grant {role} to "{member}"')
            cursor.execute("release savepoint one_grant")
            return
        except InternalError:
            cursor.execute("rollback to savepoint one_grant")
            time.sleep(0.05 * 2**attempt)
    raise ProgrammingError(f"Could not grant {role} to {member}; run `manage.py database_roles` and apply it by hand.")
