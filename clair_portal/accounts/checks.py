from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


@register(Tags.database)
def no_sample_accounts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Sample accounts have published passwords; outside the demo nothing starts while one exists."""
    if settings.DEMO:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('accounts_user') is not null")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute("select count(*) from accounts_user where sample")
        count = cursor.fetchone()[0]
    if not count:
        return []
    return [Error(f"{count} sample accounts exist. Delete them: manage.py remove_sample_accounts", id="accounts.E001")]
