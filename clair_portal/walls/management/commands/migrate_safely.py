"""What a deployment runs before the new processes start; see docs/runbook.md (Upgrade)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InternalError, ProgrammingError, connection
from psycopg import sql

from clair_portal.walls.roles import GROUPS, LOGINS, SYSTEM, WEB, WORKER

LOCK = 0x10C5EA2
LOOK_EVERY = 0.5

WRONG_LOGINS = """
select r.rolname || ' is a superuser, bypasses row-level security or inherits rights' from pg_roles r
 where r.rolname = any(%(logins)s) and (r.rolsuper or r.rolbypassrls or r.rolinherit)
union all select r.rolname || ' owns ' || c.relname from pg_class c join pg_roles r on r.oid = c.relowner
 where r.rolname = any(%(roles)s) and c.relnamespace = 'public'::regnamespace
union all select %(web)s || ' may become ' || %(system)s where pg_has_role(%(web)s, %(system)s, 'member')
union all select member || ' may not become ' || role from unnest(%(members)s::text[], %(groups)s::text[]) as pair (member, role)
 where not pg_has_role(member, role, 'member')"""


class Command(BaseCommand):
    """Runs as the owner of the tables (PORTAL_LOGIN=owner). Several at once are safe: one works, the others wait and find
    nothing left to do. The lock is looked for again and again instead of waited for: a session that waits inside a
    statement would hold up CREATE INDEX CONCURRENTLY for ever. Needs a direct connection, not a transaction pooler."""

    help = (
        "Migrate behind a lock, check the database roles, and set the passwords of portal_web and portal_worker to those in "
        "DATABASE_WEB_URL and DATABASE_WORKER_URL."
    )
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reference", action="store_true", help="also load reference data, behind the same lock")
        parser.add_argument("--wait", type=float, default=600, help="seconds to wait for another one (600)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PORTAL_LOGIN != "owner":
            raise CommandError("Set PORTAL_LOGIN=owner: only the owner of the tables may change them.")
        with alone(options["wait"], say=self.stdout.write):
            try:
                call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
            except ProgrammingError as error:
                if "Let a database administrator run" in str(error):
                    raise CommandError(str(error)) from error
                raise
            if faults := wrong_logins():
                raise CommandError("The database logins are not as they must be: " + "; ".join(faults) + ".")
            for login in set_passwords():
                self.stdout.write(f"The password of {login} is the one in its address.")
            if options["reference"]:
                call_command("load_reference", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write("The database is up to date.")


@contextmanager
def alone(seconds: float, say: Any) -> Iterator[None]:
    """Holds the lock of this database. Raises CommandError when another one has it for longer than `seconds`."""
    deadline, told = time.monotonic() + seconds, False
    while not _ask("select pg_try_advisory_lock(%s)"):
        if time.monotonic() > deadline:
            raise CommandError(f"Another migration has been running for more than {seconds:.0f} s.")
        if not told:
            say("Another migration is running; waiting for it.")
            told = True
        time.sleep(LOOK_EVERY)
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            _ask("select pg_advisory_unlock(%s)")  # a lost connection has lost its lock with it


def _ask(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [LOCK])
        return bool(cursor.fetchone()[0])


def wrong_logins() -> list[str]:
    """What is not as clair_portal/walls/roles.py wants it; nothing where all is well."""
    pairs = [(login, group) for login, groups in LOGINS.items() for group in groups]
    with connection.cursor() as cursor:
        cursor.execute("select rolname from pg_roles where rolname = any(%s)", [[*GROUPS, *LOGINS]])
        if missing := sorted({*GROUPS, *LOGINS} - {name for (name,) in cursor.fetchall()}):
            return [f"{name} does not exist (manage.py database_roles prints the SQL)" for name in missing]
        cursor.execute(
            WRONG_LOGINS,
            {
                "logins": list(LOGINS), "roles": [*GROUPS, *LOGINS], "web": WEB, "system": SYSTEM,
                "members": [login for login, _ in pairs], "groups": [group for _, group in pairs],
            },
        )  # fmt: skip
        return [fault for (fault,) in cursor.fetchall()]


def set_passwords() -> list[str]:
    """Only where an address names the login and a password. PostgreSQL is sent the verifier, never the password."""
    done = []
    for login, address in ((WEB, settings.LOGIN_URLS["web"]), (WORKER, settings.LOGIN_URLS["worker"])):
        parts = urlsplit(address)
        if parts.username == login and parts.password:
            _set_password(login, unquote(parts.password))
            done.append(login)
    return done


def _set_password(login: str, password: str) -> None:
    connection.ensure_connection()
    raw = connection.connection
    verifier = raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("alter role {} password {}").format(sql.Identifier(login), sql.Literal(verifier))
    for attempt in range(5):
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
            return
        except InternalError:  # another database of this cluster is setting it in the same moment
            time.sleep(0.05 * 2**attempt)
    raise CommandError(f"The password of {login} could not be set.")
