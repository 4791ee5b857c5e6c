"""Marks `visible_to`, the first wall: used by list, detail, API, export and search alike."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings

Method = TypeVar("Method", bound=Callable[..., Any])


def first_wall(method: Method) -> Method:
    """With FIRST_WALL off (one test run) everything passes, so that only the database stands."""

    @functools.wraps(method)
    def visible_to(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(self, *args, **kwargs) if settings.FIRST_WALL else self.all()

    visible_to.is_first_wall = True  # type: ignore[attr-defined]
    return visible_to  # type: ignore[return-value]
