"""The scope a request or task acts in, and the database context that says it to PostgreSQL.

Reading outside a scope gives no rows; writing outside a scope is an error. See docs/adr/0006-two-walls.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from clair_portal.walls.roles import LOGIN, OFFICE, PUBLIC, SYSTEM


@dataclass(frozen=True)
class Scope:
    """Who acts: a database role, the person, the posting chosen, and the organisations whose rows are theirs."""

    role: str
    person: int | None = None
    posting: int | None = None
    organisations: tuple[int, ...] = ()
    rights: frozenset[str] = frozenset()

    @property
    def organisation(self) -> int:
        """The organisation the person acts for; writing without one is a programming error."""
        if not self.organisations:
            raise LookupError("This scope belongs to no organisation.")
        return self.organisations[0]

    def can(self, right: str) -> bool:
        return right in self.rights


PUBLIC_SCOPE, LOGIN_SCOPE, SYSTEM_SCOPE = Scope(PUBLIC), Scope(LOGIN), Scope(SYSTEM)
_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    return _current.get()


# `role` is a setting like any other: one parametrised statement switches role and facts together.
_APPLY = (
    "select set_config('role', %s, true), set_config('app.person', %s, true), "
    "set_config('app.posting', %s, true), set_config('app.organisations', %s, true), "
    "set_config('enable_mergejoin', %s, true)"
)
_READ = (
    "select current_setting('role'), current_setting('app.person', true), "
    "current_setting('app.posting', true), current_setting('app.organisations', true), "
    "current_setting('enable_mergejoin')"
)


def _apply(*values: str, along: tuple[str, ...] = ()) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(", ".join((_APPLY, *along)), values)
        return tuple(cursor.fetchone()[len(values) :])


def _read() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return tuple(value or "" for value in cursor.fetchone())


@contextmanager
def acting(scope: Scope, along: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """One transaction in which the database sees only what `scope` may see.

    `along`: SQL of values asked in the same statement, before the role counts (definer functions the login may call); the
    block gets their answers.

    Outermost: the end of the transaction takes everything away. Nested (tests, `system` for one step): a released
    savepoint keeps SET LOCAL, so the former values are put back by hand; a rolled-back savepoint restores them itself.
    """
    before = _read() if connection.in_atomic_block else None
    token = _current.set(scope)
    try:
        with transaction.atomic():
            yield _apply(
                scope.role,
                str(scope.person or ""),
                str(scope.posting or ""),
                "{" + ",".join(map(str, scope.organisations)) + "}",
                # Merged with its referrals, cases of an office cost all referrals that are newer (docs/measurements.md).
                "off" if scope.role == OFFICE else "on",
                along=along,
            )
    finally:
        _current.reset(token)
        if before is not None and not connection.needs_rollback:
            _apply(*before)
