"""Request ids, the client's address, headers."""

from __future__ import annotations

import json
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from clair_portal.ui.logs import JsonFormatter, without_secrets
from clair_portal.ui.middleware import ClientAddressMiddleware, HeadersMiddleware, RequestIdMiddleware
from clair_portal.ui.request_id import current_request_id, use_request_id


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        f"{request.META.get('REMOTE_ADDR')} {request.META.get('HTTP_X_FORWARDED_PROTO', '-')} {current_request_id()}"
    )


def address_seen(peer: str, forwarded: str) -> str:
    request = RequestFactory().get(
        "/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded, HTTP_X_FORWARDED_PROTO="https"
    )
    return ClientAddressMiddleware(answer)(request).content.decode().rsplit(" ", 1)[0]


def test_without_a_proxy_nobody_can_say_where_they_come_from(settings: object) -> None:
    assert address_seen("203.0.113.7", "198.51.100.1") == "203.0.113.7 -"


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("10.0.0.2", "198.51.100.1", "198.51.100.1 https"),
        ("10.0.0.2", "1.1.1.1, 198.51.100.1", "198.51.100.1 https"),
        ("10.0.0.2", "not an address", "10.0.0.2 https"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7 -"),
        ("10.0.0.2", "", "10.0.0.2 https"),
    ],
)
def test_only_the_trusted_proxy_is_believed(settings: object, peer: str, forwarded: str, seen: str) -> None:
    settings.TRUSTED_PROXY = "10.0.0.2"  # type: ignore[attr-defined]
    assert address_seen(peer, forwarded) == seen


def test_a_request_gets_an_id_that_strangers_cannot_choose() -> None:
    response = RequestIdMiddleware(answer)(RequestFactory().get("/", HTTP_X_REQUEST_ID="chosen-by-a-stranger"))
    assert len(response["X-Request-ID"]) == 16
    assert response.content.decode().endswith(response["X-Request-ID"])


def test_the_proxy_may_give_the_id(settings: object) -> None:
    settings.TRUSTED_PROXY = "127.0.0.1"  # type: ignore[attr-defined]
    response = RequestIdMiddleware(answer)(RequestFactory().get("/", HTTP_X_REQUEST_ID="0123456789abcdef"))
    assert response["X-Request-ID"] == "0123456789abcdef"


def test_log_lines_are_json_with_the_request_id() -> None:
    use_request_id("feedfacefeedface")
    record = logging.LogRecord("portal", logging.INFO, __file__, 1, "hello %s", ("小樽",), None)
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["request_id"], line["level"]) == ("hello 小樽", "feedfacefeedface", "INFO")


def test_codes_in_an_address_are_not_logged() -> None:
    assert without_secrets("/accounts/invitation/Zk3vQ9sT1uW5yB7dF2hJ/") == "/accounts/invitation/…/"
    assert (
        without_secrets("/desk/files/7d7f21da-295a-46bb-8e1e-0b7d7f21da29/")
        == "/desk/files/7d7f21da-295a-46bb-8e1e-0b7d7f21da29/"
    )
    assert without_secrets("/desk/notifications/") == "/desk/notifications/"


def test_staff_pages_are_not_kept_by_caches() -> None:
    assert HeadersMiddleware(answer)(RequestFactory().get("/desk/"))["Cache-Control"] == "no-store"
    assert "Cache-Control" not in HeadersMiddleware(answer)(RequestFactory().get("/ja/"))
