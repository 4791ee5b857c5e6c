"""Errors as pages: what happened, what to do, and the number to quote. Never a bare text."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from clair_portal.ui.request_id import current_request_id


def _page(request: HttpRequest, status: HTTPStatus, heading: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(error_body(status, heading), status=status)
    context = {"heading": heading, "text": text, "status": int(status), "request_id": current_request_id()}
    return HttpResponse(loader.render_to_string("error.html", context, request), status=status)


def error_body(status: int, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, object]:
    """The one shape of an API error."""
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    return {
        "error": {
            "status": int(status),
            "code": code,
            "message": message,
            "fields": fields or {},
            "request_id": current_request_id(),
        }
    }


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("The address may be mistyped, or the page belongs to an organisation whose papers you may not see.")
    return _page(request, HTTPStatus.NOT_FOUND, _("This page was not found"), text)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.FORBIDDEN, _("You may not do this"), str(exception))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("What was sent could not be read. Go back and try again; what you typed is still there.")
    return _page(request, HTTPStatus.BAD_REQUEST, _("The request could not be read"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    text = _(
        "Something went wrong on our side and nothing was saved. Go back and try again; what you typed is still there."
    )
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, _("Something went wrong"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _(
        "The form was open for too long or came from another page. Go back, load the page again and send it once more."
    )
    return _page(request, HTTPStatus.FORBIDDEN, _("The form could not be accepted"), text)
