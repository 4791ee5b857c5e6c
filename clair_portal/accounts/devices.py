"""Devices that have signed in before (OWASP "device cookies").

Guessing is limited per address, per account and altogether. Without this, whoever guesses could lock everybody out:
a browser that has already signed in as somebody counts its own wrong passwords and is not held up by those of strangers.
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "clair_portal.accounts.devices"
PATH = "/accounts/"
LASTS = 180 * 24 * 3600
MOST = 5  # people who share a computer


def _mark(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:24]


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return dict(found) if isinstance(found, dict) else {}


def known_device(request: HttpRequest, email: str) -> str:
    """The name under which this browser counts wrong passwords for `email`; "" where nobody has signed in with it."""
    return _known(request).get(_mark(email), "")


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Sets the cookie after `email` has signed in. It opens nothing; it only counts."""
    mark = _mark(email)
    others = {name: number for name, number in _known(request).items() if name != mark}
    kept = dict([*others.items()][1 - MOST :])
    value = signing.dumps({**kept, mark: secrets.token_urlsafe(12)}, salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE,
        value,
        max_age=LASTS,
        path=PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
