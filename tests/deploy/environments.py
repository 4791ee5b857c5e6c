"""The environment of a production process that works in the test database."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, "manage.py"]
OURS = ("DATABASE_URL", "DATABASE_WEB_URL", "DATABASE_WORKER_URL")


def in_database(name: str) -> dict[str, str]:
    """The addresses this run was started with, pointing at another database of the same cluster."""
    found = {key: value for key in OURS if (value := os.environ.get(key))}
    return {key: urlsplit(value)._replace(path=f"/{name}").geturl() for key, value in found.items()}


def production(state: Path, *, login: str = "web", **more: str) -> dict[str, str]:
    """What docker-compose.yml gives a process, with the addresses of the test database."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("DATABASE_", "PORTAL_", "DJANGO_", "EMAIL_", "SECRET_"))
    }
    return (
        {
            key: value
            for key, value in kept.items()
            if key not in ("DEMO", "FIRST_WALL", "SECOND_WALL", "REDIS_URL", "STATE")
        }
        | in_database(connection.settings_dict["NAME"])
        | {
            "DJANGO_SETTINGS_MODULE": "clair_portal.settings.production",
            "PORTAL_LOGIN": login,
            "SECRET_KEY": "a-key-of-production-has-fifty-letters-or-more-0123456789-abcdef",
            "ALLOWED_HOSTS": "portal.example",
            "PORTAL_URL": "https://portal.example",
            "TRUSTED_PROXY": "unix",
            "DEFAULT_FROM_EMAIL": "portal@portal.example",
            "STATE": str(state),
            "STATIC_ROOT": str(state / "static"),
            "PYTHONPATH": str(ROOT),
        }
        | more
    )
