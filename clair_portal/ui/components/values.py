"""Reading a value that is either a dict or an object, as templates do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def pick(thing: object, name: str, default: Any = "") -> Any:
    """`thing[name]` or `thing.name`; `default` where there is neither, or None stands there."""
    value = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
    return default if value is None else value


def one_of(value: str, allowed: frozenset[str], what: str) -> str:
    """`value`, if it is known; otherwise ValueError naming what is (a wrong word is a mistake in the code)."""
    if value not in allowed:
        raise ValueError(f"{value!r} is no {what}. Known: {', '.join(sorted(allowed))}.")
    return value
