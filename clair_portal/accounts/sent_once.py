"""A program that got no answer may send the same again: under a key of its own, a thing is made once.

Kept are the key, a digest of what was sent and the id of what was made, and never the answer itself: it is read again, as
it is now, by whoever may read it now.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.request import Request

from clair_portal.accounts.models import SentOnce
from clair_portal.accounts.reader import Reader

HEADER = "Idempotency-Key"
KEPT = dt.timedelta(days=2)  # at least; the night after that the key is forgotten
_KEY = re.compile(r"[\x21-\x7e]{1,100}\Z")


class KeyUsed(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


def make_once(request: Request, said: Any, *, actor: Reader, make: Callable[[], str]) -> tuple[str, bool]:
    """The id of what was made, and whether it was made now.

    `said`: what was sent, as it can be compared. `make` makes it and returns its id; it is not called where the key of the
    request was used for the same before. Without a key it is always called. Raises KeyUsed for a key used for something
    else, ValidationError for one that cannot be a key.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return make(), True
    if not _KEY.match(key):
        raise exceptions.ValidationError({HEADER: [_("A key has 1 to 100 letters, digits or signs, without spaces.")]})
    person, digest = actor.person, _digest(request, said)
    if found := _made(person, key, digest):
        return found, False
    try:
        with transaction.atomic():
            made = make()
            row = SentOnce(person_id=person, key=key, digest=digest, made=made, sent_at=timezone.now())
            row.save(force_insert=True)
    except IntegrityError:
        if found := _made(person, key, digest):  # the same was sent twice at the same moment
            return found, False
        raise
    return made, True


def _digest(request: Request, said: Any) -> str:
    text = json.dumps([request.method, request.path, said], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _made(person: int, key: str, digest: str) -> str:
    """The id of what was made under the key; "" when the key is new."""
    row = SentOnce.objects.filter(person=person, key=key).first()
    if row is None:
        return ""
    if row.digest != digest:
        raise KeyUsed(_("This Idempotency-Key was used for something else. Use a new one."))
    return row.made
