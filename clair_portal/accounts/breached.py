"""Passwords that are known from breaches, looked up in a file on the spot: nothing about a password leaves the machine.

The file is the ordered list of "Have I Been Pwned" (one line a password: SHA-1 in capitals, colon, count), as its
downloader writes it. Which one, if any, says BREACHED_PASSWORDS_FILE; Django's own list of 20,000 is always asked.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DIGEST = 40  # letters of a SHA-1


class BreachedPasswordValidator:
    def validate(self, password: str, user: Any = None) -> None:
        path = settings.BREACHED_PASSWORDS_FILE
        if path and is_breached(password, Path(path)):
            raise ValidationError(
                _("This password is known from a data breach of another service. Choose another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be known from a data breach.") if settings.BREACHED_PASSWORDS_FILE else ""


def is_breached(password: str, path: Path) -> bool:
    """Whether the ordered file holds the password: a search by halves, some thirty reads in 40 GB."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as lines:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            found, after = _line_from(lines, middle)
            if found == wanted:
                return True
            if not found or found > wanted:
                high = middle
            else:
                low = after
    return False


def _line_from(lines: BinaryIO, at: int) -> tuple[bytes, int]:
    """The digest of the first line that begins at or after `at`, and where the next line begins; b"" at the end."""
    lines.seek(max(at - 1, 0))
    if at:
        lines.readline()
    found = lines.readline()
    return found[:DIGEST].upper(), lines.tell()
