"""How much somebody did within a time, in the cache all processes share."""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection


def counted(key: str, amount: int, most: int, seconds: int) -> bool:
    """Adds `amount` to what was counted under `key`, for so many seconds; False: it would be more than `most`, and is not added.

    In the caller's transaction: who counts under the same key meanwhile waits for its end, and reads what it wrote.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"counted {key}"])
    sent = cache.get(key, 0) + amount
    if sent > most:
        return False
    cache.set(key, sent, timeout=seconds)
    return True
