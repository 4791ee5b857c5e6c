"""Tokens for the API: made once, kept as a hash, with scopes and an end."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from clair_portal.accounts.models import ApiToken

PREFIX = "clair_"
SCOPES = ("network.read", "cases.read", "cases.write", "statistics.read")
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class Token:
    user: int
    scopes: frozenset[str]


def digest(secret: str) -> str:
    """What is stored of a random secret of 256 bits: a plain SHA-256 is enough, guessing is hopeless."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def make_token(*, person: int, label: str, scopes: list[str], expires_at: dt.datetime) -> tuple[ApiToken, str]:
    """A new token of the acting person. Returns the row and the secret, which is shown once and never stored."""
    secret = new_secret(PREFIX)
    token = ApiToken(
        person_id=person, label=label, scopes=scopes, expires_at=expires_at, digest=digest(secret),
        start=secret.removeprefix(PREFIX)[:6],
    )  # fmt: skip
    token.save(force_insert=True)
    return token, secret


def bearer_token(request: HttpRequest) -> Token | None:
    """The valid token a request carries; an API request with a wrong one is refused by TokenAuthentication."""
    header = request.headers.get("Authorization", "")
    if not request.path.startswith("/api/") or not header.startswith("Bearer "):
        return None
    with connection.cursor() as cursor:
        cursor.execute("select portal_token(%s, %s)", [digest(header.removeprefix("Bearer ").strip()), timezone.now()])
        found = cursor.fetchone()[0]
    if not found:
        return None
    data = json.loads(found) if isinstance(found, str) else found
    return Token(data["user"], frozenset(data["scopes"])) if data["user"] else None
