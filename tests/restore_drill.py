"""Back up, destroy, restore, compare: `python -m tests.restore_drill` (`make restore-drill`).

Two private PostgreSQL clusters of its own; nothing that runs elsewhere is touched. The first is filled with reference and
sample data, backed up as docs/runbook.md says, and deleted. The second gets the backup and must be equal in every table,
policy, right, function and role; the log must be whole against its head files; every paper must have its content. At the end
three things are broken on purpose, because a comparison that cannot fail says nothing. The exit status is 1 when anything differs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from clair_portal.local_services import postgres
from clair_portal.local_services.environment import CHECKOUT
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.state import State, opened

Facts = dict[str, str]
PATIENCE = 60.0  # seconds until the relay has told and sealed everything
SECONDS: dict[str, float] = {}

# What a restored database must have besides its rows. One text per thing; the order of rights does not matter.
CATALOGUE = {
    "policy": "select tablename || '.' || policyname, concat_ws(' | ', permissive, roles::text, cmd, qual, with_check) from pg_policies",
    "guard": "select relname, relrowsecurity || ' ' || relforcerowsecurity || ' ' || relowner::regrole || ' ' || coalesce(obj_description(oid, 'pg_class'), '') "
    "from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')",
    "right": "select c.relname || ' ' || x.grantee::regrole || ' ' || x.privilege_type, x.is_grantable::text from pg_class c, "
    "aclexplode(c.relacl) x where c.relnamespace = 'public'::regnamespace and x.grantee <> c.relowner",
    "right on a column": "select c.relname || '.' || a.attname || ' ' || x.grantee::regrole || ' ' || x.privilege_type, x.is_grantable::text "
    "from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) x where c.relnamespace = 'public'::regnamespace",
    "function": "select p.oid::regprocedure::text, p.proowner::regrole || pg_get_functiondef(p.oid) || coalesce((select string_agg(x.grantee::text::regrole "
    "|| ' ' || x.privilege_type, ',' order by x.grantee::text::regrole::text) from aclexplode(p.proacl) x where x.grantee <> 0), '') from pg_proc p "
    "where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')",
    "trigger": "select tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal",
    "constraint": "select conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint "
    "where connamespace = 'public'::regnamespace and conrelid <> 0",
    "index": "select indexname, indexdef from pg_indexes where schemaname = 'public'",
    "extension": "select extname, extversion from pg_extension",
    "role": "select rolname, concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls) from pg_roles "
    "where rolname like 'portal%'",
    "membership": "select member::regrole || ' in ' || roleid::regrole, '' from pg_auth_members where member::regrole::text like 'portal%'",
}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clair-drill-") as made:
        root = Path(made)
        root.chmod(0o711)
        backup = root / "backup"
        backup.mkdir()
        with cluster(root / "first") as first:
            with timed("fill"):
                fill(first)
            before = facts(first)
            with timed("back up"):
                back_up(first, backup)
            check_unchanged(first, before)
        with timed("destroy"):
            shutil.rmtree(root / "first")
        with cluster(root / "second") as second:
            with timed("restore"):
                restore(second, backup)
            with timed("compare"):
                differences = compare(before, facts(second))
            faults = [*differences, *examine(second)]
            report(before, backup, faults)
            missed = [] if faults else break_on_purpose(second, before)
    for fault in [*faults, *missed]:
        print(f"  {fault}")
    print(f"Restore drill {'failed' if faults or missed else 'passed'}.", flush=True)
    return 1 if faults or missed else 0


# --- The two clusters ------------------------------------------------------------------------------------------------
@contextmanager
def cluster(folder: Path) -> Iterator[State]:
    with opened(folder) as state:
        server = postgres.start(state, fast=False)
        try:
            yield state
        finally:
            server.stop()


@contextmanager
def timed(name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    SECONDS[name] = time.monotonic() - started
    print(f"{name:<10} {SECONDS[name]:6.1f} s", flush=True)


def environment(state: State, login: str) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("REDIS_URL", "PORTAL_LOGIN", "FIRST_WALL", "SECOND_WALL")
    }
    demo = {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "clair_portal.settings.demo", "SECRET_KEY": state.secret_key()}
    return (
        kept
        | postgres.environment(state)
        | demo
        | {"STATE": str(state.folder), "PORTAL_LOGIN": login, "LOG_HEADS_DIR": str(heads_of(state))}
    )


def heads_of(state: State) -> Path:
    return state.folder / "log-heads"


def manage(state: State, *arguments: str, login: str = "owner") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=CHECKOUT, env=environment(state, login), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def must(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode:
        last = ((done.stderr or done.stdout).strip().splitlines() or ["it said nothing"])[-1]
        raise Failure(f"{' '.join(map(str, done.args[:3]))} failed: {last}")
    return done.stdout


def superuser(state: State, database: str = "portal") -> psycopg.Connection:
    connection = psycopg.connect(
        host=str(state.sockets), port=postgres.PORT, user="postgres", dbname=database, autocommit=True
    )
    connection.execute("set timezone to 'UTC'")
    return connection


def program(
    state: State, name: str, *arguments: str | Path, user: str = "postgres"
) -> subprocess.CompletedProcess[str]:
    binaries = Path(postgres.environment(state)["PG_BINDIR"])
    own = binaries / name if (binaries / name).exists() else Path(shutil.which(name) or name)
    return subprocess.run(
        [own, "-h", state.sockets, "-p", postgres.PORT, "-U", user, *arguments], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


# --- Filling -----------------------------------------------------------------------------------------------------------
def fill(state: State) -> None:
    for arguments in (["migrate", "--noinput"], ["load_reference"], ["load_sample"]):
        must(manage(state, *arguments))
    relay = subprocess.Popen(
        [sys.executable, "manage.py", "relay"], cwd=CHECKOUT, env=environment(state, "worker"), stdin=subprocess.DEVNULL,
        stdout=state.log("relay").open("wb"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_until(lambda: nothing_waits(state))
    finally:
        relay.terminate()
        relay.wait(30)


def nothing_waits(state: State) -> bool:
    """All told and sealed, and the head of the day written."""
    with superuser(state) as database:
        row = database.execute(
            "select (select count(*) from outbox_message where state <> 'done') + (select count(*) from outbox_email where state <> 'done') "
            "+ (select count(*) from audit_entry where sequence is null), (select count(*) from audit_entry)"
        ).fetchone()
    return row is not None and row[0] == 0 and row[1] > 0 and any(heads_of(state).glob("*.json"))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise Failure(f"The relay had not told and sealed everything after {PATIENCE:.0f} s.")
        time.sleep(0.2)


# --- Backing up and restoring: the commands of docs/runbook.md -----------------------------------------------------------
def back_up(state: State, to: Path) -> None:
    """The head files first: a head that is older than the dump is no fault, one that is newer would look like a cut."""
    shutil.copytree(heads_of(state), to / "log-heads")
    must(program(state, "pg_dump", "--format=custom", "--file", to / "portal.dump", "portal", user="portal_owner"))
    must(program(state, "pg_dumpall", "--roles-only", "--file", to / "roles.sql"))
    shutil.copytree(state.folder / "documents", to / "documents")


def restore(state: State, backup: Path) -> None:
    program(
        state, "psql", "--quiet", "--file", backup / "roles.sql", "postgres"
    )  # roles that exist already are errors it goes on after
    with superuser(state, "postgres") as database:
        database.execute("drop database portal")
        database.execute("create database portal owner portal_owner template template0")
    must(program(state, "pg_restore", "--exit-on-error", "--dbname", "portal", backup / "portal.dump"))
    for name in ("log-heads", "documents"):
        shutil.copytree(backup / name, state.folder / name, dirs_exist_ok=True)


# --- Comparing -----------------------------------------------------------------------------------------------------------
def facts(state: State) -> Facts:
    """Everything the comparison looks at, as name -> text. Rows of a table: their number and one digest."""
    found: Facts = {}
    with superuser(state) as database:
        for kind, query in CATALOGUE.items():
            for name, text in database.execute(query).fetchall():  # type: ignore[arg-type]
                found[f"{kind} {name}"] = text or ""
        for (table,) in database.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname"
        ).fetchall():
            row = database.execute(
                sql.SQL(
                    "select count(*), md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from {} t"
                ).format(sql.Identifier(table))
            ).fetchone()
            assert row is not None
            found[f"rows {table}"] = f"{row[0]} {row[1]}"
        for table, column in database.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'public' and is_identity = 'YES'"
        ).fetchall():
            row = database.execute(
                sql.SQL("select last_value from {}").format(sql.Identifier(f"{table}_{column}_seq"))
            ).fetchone()
            found[f"sequence {table}.{column}"] = str(row)
    for path in sorted((state.folder / "documents").rglob("*")):
        if path.is_file():
            found[f"paper {path.relative_to(state.folder)}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


# PostgreSQL writes an expression it reads again with casts and brackets in other places; what it means is the same.
REWRITTEN = re.compile(r"::(character varying|text|bpchar)(\[\])?|[()\s]")


def meaning(name: str, text: str) -> str:
    return REWRITTEN.sub("", text) if name.startswith(("policy ", "constraint ", "index ")) else text


def compare(before: Facts, after: Facts) -> list[str]:
    faults = [f"missing: {name}" for name in sorted(before.keys() - after.keys())]
    faults += [f"added: {name}" for name in sorted(after.keys() - before.keys())]
    return faults + [
        f"different: {name}"
        for name in sorted(before.keys() & after.keys())
        if meaning(name, before[name]) != meaning(name, after[name])
    ]


def check_unchanged(state: State, before: Facts) -> None:
    if changed := compare(before, facts(state)):
        raise Failure(f"The database changed while it was backed up: {changed[0]}")


def examine(state: State) -> list[str]:
    """What must work after a restore, as the portal itself would do it."""
    faults = []
    log = manage(state, "verify_log", login="worker")
    print(f"  {(log.stdout or log.stderr).strip()}")
    if log.returncode:
        faults.append("the log is not whole")
    if (check := manage(state, "check", "--database", "default", login="web")).returncode:
        faults.append(f"the web login is refused: {check.stderr.strip()}")
    with psycopg.connect(postgres.environment(state)["DATABASE_WEB_URL"]) as web:
        if web.execute("select count(*) from casework_case").fetchone() != (0,):
            faults.append("the web login sees cases without a scope")
    with superuser(state) as database:
        for key, digest in database.execute("select key, sha256 from casework_casefile").fetchall():
            paper = state.folder / "documents" / key
            if not paper.is_file() or hashlib.sha256(paper.read_bytes()).hexdigest() != digest:
                faults.append(f"the paper {key} has not the content its row says")
    return faults


def break_on_purpose(state: State, before: Facts) -> list[str]:
    """Each must be noticed; returns what was not."""
    with superuser(state) as database:
        database.execute('update audit_entry set params = params || \'{"title": "changed"}\' where sequence = 1')
        database.execute("drop policy portal_member_select on casework_case")
    with suppress(StopIteration):
        next(path for path in (state.folder / "documents").rglob("*") if path.is_file()).write_bytes(b"something else")
    noticed = compare(before, facts(state))
    missed = []
    if manage(state, "verify_log", login="worker").returncode == 0:
        missed.append("a changed entry of the log was not noticed")
    for wanted in ("different: rows audit_entry", "missing: policy casework_case.portal_member_select"):
        if wanted not in noticed:
            missed.append(f"not noticed: {wanted}")
    if not any(fault.startswith("different: paper ") for fault in noticed):
        missed.append("a changed paper was not noticed")
    print(f"  Broken on purpose: an entry, a policy, a paper. Noticed: {', '.join(noticed)}.")
    return missed


def report(before: Facts, backup: Path, faults: list[str]) -> None:
    counts = {
        kind: sum(name.startswith(f"{kind} ") for name in before) for kind in ("rows", *CATALOGUE, "sequence", "paper")
    }
    rows = sum(int(text.split()[0]) for name, text in before.items() if name.startswith("rows "))
    size = (backup / "portal.dump").stat().st_size / 1024
    print(f"  {counts.pop('rows')} tables with {rows} rows, dump {size:.0f} kB, compared: {len(before)} things")
    print("  " + ", ".join(f"{number} {kind}" for kind, number in counts.items()))
    print(f"  {len(faults)} differences")


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except Failure as failure:
        print(failure.sentence, file=sys.stderr)
        raise SystemExit(failure.status) from None
