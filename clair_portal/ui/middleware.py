"""What every request and response carries: an id, the client's true address, the security headers Django has no setting for."""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Callable

from csp.constants import HEADER as POLICY
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from clair_portal.ui.logs import without_secrets
from clair_portal.ui.request_id import use_request_id

Handler = Callable[[HttpRequest], HttpResponse]
_WELL_FORMED = re.compile(r"^[0-9A-Za-z-]{8,40}$")
access_log = logging.getLogger("portal.access")


class RequestIdMiddleware:
    """Takes X-Request-ID from the trusted proxy, else makes one; answers with it; writes one access line."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-ID", "") if from_trusted_proxy(request) else ""
        request_id = use_request_id(offered if _WELL_FORMED.match(offered) else "")
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        took = round((time.perf_counter() - started) * 1000, 1)
        access_log.info("%s %s %s %sms", request.method, without_secrets(request.path), response.status_code, took)
        return response


def from_trusted_proxy(request: HttpRequest) -> bool:
    """Whether the connection comes from the one proxy named in TRUSTED_PROXY ("unix" for a socket)."""
    peer = request.META.get("REMOTE_ADDR", "")
    return bool(settings.TRUSTED_PROXY) and (peer or "unix") == settings.TRUSTED_PROXY


class ClientAddressMiddleware:
    """REMOTE_ADDR becomes the client's address: the last entry of X-Forwarded-For, believed only from the trusted proxy."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if not from_trusted_proxy(request):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)  # else anybody could claim to have come by TLS
        elif forwarded:
            last = forwarded.split(",")[-1].strip()
            if is_address(last):
                request.META["REMOTE_ADDR"] = last
        return self.get_response(request)


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class NoNulMiddleware:
    """A NUL in an address or a form is nothing anybody types, and PostgreSQL cannot store one: 400, with our page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query or "\0" in query or self._in_form(request):
            raise BadRequest("NUL in the address or in a form")
        return self.get_response(request)

    @staticmethod
    def _in_form(request: HttpRequest) -> bool:
        return request.method == "POST" and any(
            "\0" in value for _key, values in request.POST.lists() for value in values
        )


class HeadersMiddleware:
    """Headers that nginx sends with files as well (deploy/nginx); a test compares the two."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if request.path.startswith(("/desk/", "/accounts/")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class PolicyMiddleware(CSPMiddleware):
    """The Content-Security-Policy of settings, in the order it has there: django-csp takes the directives from a set, whose
    order differs from process to process."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        if policy := response.get(POLICY):
            response[POLICY] = in_order_of_settings(policy)
        return response


def in_order_of_settings(policy: str) -> str:
    places = {name: place for place, name in enumerate(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])}
    return "; ".join(sorted(policy.split("; "), key=lambda each: places.get(each.split(" ")[0], len(places))))
