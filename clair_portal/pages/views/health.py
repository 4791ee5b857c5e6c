"""Is the process alive, and can it work? Asked by containers and by whoever is called at night."""

from __future__ import annotations

from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from clair_portal.accounts.rules import everybody

OLDEST_SECONDS = 120.0


@everybody()
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches neither database nor broker."""
    return JsonResponse({"status": "ok"})


@everybody()
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker, and the age of the oldest undone piece of work. 503 when the database or the relay is not well;
    a missing broker only degrades (the relay works alone)."""
    database, oldest = _database()
    ready = database and oldest <= OLDEST_SECONDS
    checks: dict[str, Any] = {"database": database, "broker": _broker(), "oldest_undone_seconds": round(oldest, 1)}
    return JsonResponse({"status": "ok" if ready else "unwell", "checks": checks}, status=200 if ready else 503)


def _database() -> tuple[bool, float]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select outbox_oldest_undone(%s)", [timezone.now()])
            return True, float(cursor.fetchone()[0])
    except Error:
        return False, 0.0


def _broker() -> bool:
    if not settings.REDIS_URL:
        return False
    try:
        return bool(redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping())
    except (redis.RedisError, OSError):
        return False
