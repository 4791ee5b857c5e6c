"""Reads what the environment says. Secrets may be files, so that they need not stand in the environment itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The value of NAME, or the content of the file named by NAME_FILE, or `default`; without any, a clear error."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if default is None:
        raise ImproperlyConfigured(f"Set {name}, or {name}_FILE to the path of a file that holds it.")
    return default


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def lines(name: str) -> list[str]:
    """The lines of a value that must not be empty."""
    found = [line.strip() for line in text(name).splitlines() if line.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} is empty.")
    return found


def database(url: str, startup_role: str | None = None) -> dict[str, Any]:
    """Django's DATABASES entry for a postgresql:// address; `?host=` may name a socket folder.

    `startup_role`: hosting that gives one login only. The connection starts as that role (startup packet), so it is
    what COMMIT and RESET ROLE fall back to.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {key: value for key, value in query.items() if key != "host"}
    if startup_role:
        options["options"] = f"-c role={startup_role}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,  # ScopeMiddleware opens the transaction; both would add a savepoint
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def broker(url: str) -> str:
    """Celery's name for a Redis address: a unix:// socket is spelled differently there."""
    if url.startswith("unix://"):
        return f"redis+socket://{url.removeprefix('unix://')}?virtual_host=0"
    return url
