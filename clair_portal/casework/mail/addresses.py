"""Signed addresses: who knows one may write into one case as one organisation, visible to everybody or to its own side."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from django.conf import settings

_LOCAL = re.compile(r"case-(?P<case>\d{1,18})-(?P<organisation>\d{1,18})-(?P<audience>[si])-(?P<proof>[a-z2-7]{24})\Z")
SHARED, INTERNAL = "s", "i"


@dataclass(frozen=True)
class Destination:
    case: int
    organisation: int
    shared: bool


def address(case: int, organisation: int, *, shared: bool) -> str:
    """The address of a case for one organisation; empty where no domain for incoming mail is set."""
    if not settings.MAIL_IN_DOMAIN:
        return ""
    audience = SHARED if shared else INTERNAL
    proof = _proof(f"{case}-{organisation}-{audience}", settings.SECRET_KEY)
    return f"case-{case}-{organisation}-{audience}-{proof}@{settings.MAIL_IN_DOMAIN}"


def destination(written: str) -> Destination | None:
    """Where an address leads; None for one that is forged, cut off or of another domain. Former keys still count."""
    local, _at, domain = written.strip().lower().rpartition("@")
    found = _LOCAL.match(local)
    if found is None or domain != settings.MAIL_IN_DOMAIN.lower():
        return None
    signed = f"{int(found['case'])}-{int(found['organisation'])}-{found['audience']}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(found["proof"], _proof(signed, key)) for key in keys):
        return None
    return Destination(int(found["case"]), int(found["organisation"]), found["audience"] == SHARED)


def _proof(signed: str, key: str) -> str:
    """120 bits: short enough for an address that people copy, too many to guess."""
    digest = hmac.new(f"casework.mail:{key}".encode(), signed.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:15]).decode().lower()
