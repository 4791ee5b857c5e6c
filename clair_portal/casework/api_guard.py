"""Writing by a program: over the version it saw, with the answer that says what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.request import Request

from clair_portal.casework.rules import Conflict, NotAllowed

_VERSION = re.compile(r'^(?:W/)?"?(\d{1,9})(?:-[0-9a-f]+)?"?$')


class VersionMissing(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED


class VersionPassed(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED


class NotNow(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT


def version_of(request: Request) -> int:
    """The version in If-Match: the ETag of the case as it was read, or its `version`. Raises VersionMissing."""
    found = _VERSION.match(request.headers.get("If-Match", "").strip())
    if found is None:
        raise VersionMissing(_("Send If-Match with the ETag of the case as you read it."))
    return int(found[1])


@contextmanager
def as_answers() -> Iterator[None]:
    """A refused action as 409, one over another version than the one seen as 412."""
    try:
        yield
    except Conflict as error:
        raise VersionPassed(str(error)) from error
    except NotAllowed as error:
        raise NotNow(str(error)) from error
