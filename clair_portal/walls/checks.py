"""Start-up checks: the walls may not be down outside tests, and the process must not own what it guards."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

UNDER_TEST = "pytest" in sys.modules

OWNS_OR_BYPASSES = """
select r.rolsuper or r.rolbypassrls
  or exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace)
from pg_roles r where r.rolname = current_user"""


@register("security")
def first_wall_is_up(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.FIRST_WALL or UNDER_TEST:
        return []
    return [Error("FIRST_WALL may be off in tests only.", id="walls.E001")]


@register(Tags.database)
def login_owns_nothing(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`manage.py check --database default`, run when web, worker and relay start."""
    if settings.PORTAL_LOGIN == "owner":
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(OWNS_OR_BYPASSES)
        if cursor.fetchone()[0]:
            return [Error("This login owns tables, or may bypass row-level security.", id="walls.E002")]
    return []
