"""The last step of a public page: readings over its kanji, then its ETag. Inside the scope: readings are rows."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware

from clair_portal.furigana.queries import words_of
from clair_portal.language.readings import with_ruby, without_readings
from clair_portal.language.versions import language_in, version_of
from clair_portal.ui.middleware import Handler

TEXTS = {"text/csv", "application/atom+xml", "application/json", "text/calendar", "text/plain"}


class FinishedPageMiddleware:
    """Addresses that carry their language get what their readers need; the ETag is that of the finished page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.conditional = ConditionalGetMiddleware(get_response)

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        if settings.READINGS and language_in(request.path) and not response.streaming and response.status_code != 500:
            _finish(request, response)
        if getattr(response, "may_be_kept", False):
            return cast(HttpResponse, self.conditional.process_response(request, response))
        return response


def _finish(request: Any, response: HttpResponse) -> None:
    """Pages get readings or lose their marks; files of text (CSV, Atom) lose their marks."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        words = words_of(request) if version_of(request.LANGUAGE_CODE).japanese else None
        response.content = with_ruby(response.content.decode(), words).encode()
    elif kind in TEXTS and b"|" in response.content:
        response.content = without_readings(response.content.decode()).encode()
