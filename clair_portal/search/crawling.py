"""Reads the public pages as a reader without account gets them, following their links: for the first filling of the index."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application

_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#?]+)"')
MOST = 20_000  # pages of one language
LEFT_OUT = ("/search/", "/forms/")


def pages_of(language: str) -> Iterator[tuple[str, str]]:
    """Address and HTML of every page that links lead to from the front page; addresses with a query are no pages."""
    ask = get_wsgi_application()
    waiting = [f"/{language}/"]
    seen = set(waiting)
    for address in waiting:
        html = _html(ask, address)
        if html is None:
            continue
        yield address, html
        links = dict.fromkeys(urljoin(address, unescape(link)) for link in _LINK.findall(html))
        new = [link for link in links if _is_page(link, language) and link not in seen]
        seen.update(new)
        waiting += new[: MOST - len(waiting)]


def _is_page(link: str, language: str) -> bool:
    path = link.removeprefix(f"/{language}")
    return link.startswith(f"/{language}/") and link.endswith("/") and not path.startswith(LEFT_OUT)


def _html(ask: Any, address: str) -> str | None:
    """None: not a page (any status but 200, any type but HTML)."""
    site = urlsplit(settings.PORTAL_URL)
    asked: dict[str, Any] = {
        "PATH_INFO": unquote(address), "HTTP_HOST": site.netloc, "wsgi.url_scheme": site.scheme, "wsgi.errors": io.StringIO(),
        "SERVER_NAME": site.hostname, "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    setup_testing_defaults(asked)
    said: list[Any] = []
    answer = ask(asked, lambda status, headers: said.extend((status, dict(headers))))
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    is_page = said[0].startswith("200") and said[1].get("Content-Type", "").startswith("text/html")
    return body.decode() if is_page else None
