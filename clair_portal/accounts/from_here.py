"""Whether a form was sent from one of our own pages, told by the browser itself: for forms on pages that are files."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest


def sent_from_here(request: HttpRequest) -> bool:
    """By Sec-Fetch-Site, or by Origin for browsers that do not send it. A page cannot forge either; nothing said: no."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
