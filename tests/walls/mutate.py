"""Opens one policy at a time, with the first wall down: a mutant that no test notices is a hole in the tests.

Run by hand: `python -m tests.walls.mutate [words of table or role]`. Grants stay, so what a missing grant already stops is
left out: a check on columns that the role may not change can never be reached.
"""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clair_portal.settings.test")
os.environ["FIRST_WALL"] = "off"

import django

django.setup()

import django.test.utils
import pytest
from django.db import connection
from django.test.utils import setup_databases

from clair_portal.walls.row_security import TABLES, VERBS, Rows, synchronise

READING, WRITING = ["tests/walls/test_reading.py"], ["tests/walls/test_writing.py", "tests/walls/test_writing_work.py"]
ARGUMENTS = ["-x", "-q", "--no-header", "-p", "no:cacheprovider"]
NOTICED, GREEN = 1, 0


@dataclass(frozen=True)
class Mutant:
    table: str
    role: str
    verb: str
    clause: str  # "using" or "with check"
    predicate: str

    def __str__(self) -> str:
        return f"{self.table} {self.role.removeprefix('portal_')} {self.verb} {self.clause}"

    def alter(self, predicate: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f'alter policy {self.role}_{self.verb} on "{self.table}" {self.clause} ({predicate.replace("%", "%%")})'
            )


def mutants() -> list[Mutant]:
    found = []
    for table in TABLES.values():
        for role, rows in table.roles.items():
            for verb in VERBS:
                for clause, predicate in clauses(rows, verb):
                    if predicate not in (None, "true"):
                        found.append(Mutant(table.name, role, verb, clause, str(predicate)))
    return found


def clauses(rows: Rows, verb: str) -> list[tuple[str, str | None]]:
    if verb == "insert":
        return [("with check", rows.insert)]
    if verb != "update":
        return [("using", getattr(rows, verb))]
    check = rows.check or rows.update
    unreachable = rows.columns and not mentions(check or "", rows.columns)
    return [("using", rows.update), ("with check", None if unreachable else check)]


def mentions(predicate: str, columns: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{column}\b", predicate) for column in columns)


def outcome(mutant: Mutant | None) -> int:
    """The tests in a child process, which has everything imported already."""
    connection.close()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    silence = os.open(os.devnull, os.O_WRONLY)
    if mutant is not None:
        os.dup2(silence, 1)
        os.dup2(silence, 2)
    django.test.utils.setup_databases = lambda **_: []  # the database is there
    django.test.utils.teardown_databases = lambda *_, **__: None
    likely_first = [*WRITING, *READING] if mutant and mutant.verb != "select" else [*READING, *WRITING]
    status = int(pytest.main([*ARGUMENTS, *likely_first]))
    sys.stdout.flush()
    os._exit(status)


def write_all_policies() -> None:
    """A run that was killed may have left a mutant behind, and the fingerprint would not show it."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'comment on table "{table}" is null')
    synchronise()


def main(words: list[str]) -> int:
    started = time.monotonic()
    setup_databases(verbosity=0, interactive=False, keepdb=True)
    write_all_policies()
    if outcome(None) != GREEN:
        print("The tests are red without any mutant.")
        return 1
    chosen = [mutant for mutant in mutants() if all(word in str(mutant) for word in words)]
    survivors = []
    for mutant in chosen:
        mutant.alter("true")
        try:
            status = outcome(mutant)
        finally:
            mutant.alter(mutant.predicate)
        if status != NOTICED:
            survivors.append(mutant)
        print(f"{mutant}: {'noticed' if status == NOTICED else f'SURVIVED ({status})'}", flush=True)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} noticed in {time.monotonic() - started:.0f} s")
    return len(survivors)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
