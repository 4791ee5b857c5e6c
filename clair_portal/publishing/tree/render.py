"""One page as the public gets it: through the same middleware, view and template, without a cookie."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse


class NotAPage(Exception):
    """The answer cannot stand as a file: a fault of the view, a cookie, something that streams."""


@dataclass(frozen=True)
class Answer:
    """`status`: 200, 410 (withdrawn), or 404 (no such page; also where it leads elsewhere)."""

    status: int
    body: bytes


@functools.cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def render(path: str) -> Answer:
    """Raises NotAPage when what the view answers must not become a file."""
    response: Any = _handler().get_response(WSGIRequest(_environ(path)))
    if response.status_code >= 500:
        raise NotAPage(f"{path} answered {response.status_code}")
    if response.status_code in (200, 410):
        return Answer(response.status_code, _body(path, response))
    return Answer(404, b"")


def _body(path: str, response: HttpResponse) -> bytes:
    if response.streaming:
        raise NotAPage(f"{path} streams its answer")
    if response.cookies:
        raise NotAPage(f"{path} sets a cookie: {', '.join(sorted(response.cookies))}")
    return response.content


def _environ(path: str) -> dict[str, Any]:
    site = urlsplit(settings.PORTAL_URL)
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path.encode().decode("latin-1"), "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": site.hostname or "localhost", "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "HTTP_HOST": site.netloc, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0), "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
