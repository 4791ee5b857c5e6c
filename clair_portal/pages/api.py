from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from clair_portal.pages.views.errors import error_body


def one_error_shape(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API: {"error": {status, code, message, fields, request_id}}."""
    response = exception_handler(error, context)
    if response is None:
        return None
    fields: dict[str, list[str]] = {}
    message = _("The request could not be answered.")
    if isinstance(error, exceptions.ValidationError):
        message = _("Some values are not valid.")
        if isinstance(error.detail, dict):
            fields = dict(_flat(error.detail))
        else:
            message = " ".join(str(text) for text in error.detail)
    elif isinstance(error, Http404):
        message = _("There is nothing at this address.")
    elif isinstance(error, PermissionDenied):
        message = str(error) or _("You may not do this.")
    elif isinstance(error, exceptions.APIException):
        message = str(error.detail)
    response.data = error_body(response.status_code, message, fields)
    if response.status_code == status.HTTP_429_TOO_MANY_REQUESTS and isinstance(error, exceptions.Throttled):
        response["Retry-After"] = str(int(getattr(error, "wait", None) or 60))
    return response


def _flat(detail: Any, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Sentences by field; one inside another is "costs.interpreter", one in a list "offices.0"."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, f"{prefix}.{name}" if prefix else str(name))
    elif any(isinstance(each, dict | list) for each in detail):
        for place, inner in enumerate(detail):
            yield from _flat(inner, f"{prefix}.{place}")
    elif detail:
        yield prefix, [str(text) for text in detail]
