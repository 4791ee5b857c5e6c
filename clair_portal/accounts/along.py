"""What pages ask the database in the statement that opens their scope, so that it costs no statement of its own.

Apps declare it in `ready()`; the answers stand in `request.told` by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clair_portal.walls.roles import GROUPS, LOGINS
from clair_portal.walls.row_security import definer_function

Wanted = Callable[[Any], bool]
_ASKED: dict[str, tuple[str, Wanted]] = {}


def ask(name: str, returns: str, select: str, wanted: Wanted) -> None:
    """Makes the definer function `name()` of one value that everybody may know; `wanted(request)`: whether it is asked."""
    create = (
        f"create or replace function {name}() returns {returns} language sql stable "
        f"security definer set search_path = public, pg_temp as $$ {select} $$"
    )
    definer_function(f"{name}()", create, *GROUPS, *LOGINS)
    _ASKED[name] = (f"{name}()", wanted)


def wanted_by(request: Any) -> dict[str, str]:
    """SQL by name."""
    return {name: sql for name, (sql, wanted) in _ASKED.items() if wanted(request)}
