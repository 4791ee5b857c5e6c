"""The last step of a public page: readings over its kanji, then its ETag. Inside the scope: readings are rows."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware

from clair_portal.furigana.queries import words_now
from clair_portal.language.readings import with_ruby
from clair_portal.language.versions import version_of
from clair_portal.ui.middleware import Handler


class FinishedPageMiddleware:
    """Addresses that carry their language get what their readers need; the ETag is that of the finished page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.conditional = ConditionalGetMiddleware(get_response)

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        if settings.READINGS and _is_page(request, response):
            words = words_now() if version_of(request.LANGUAGE_CODE).japanese else None
            response.content = with_ruby(response.content.decode(), words).encode()
        if getattr(response, "may_be_kept", False):
            return cast(HttpResponse, self.conditional.process_response(request, response))
        return response


def _is_page(request: Any, response: HttpResponse) -> bool:
    in_language = request.path.split("/", 2)[1] in dict(settings.LANGUAGES)
    html = response.headers.get("Content-Type", "").startswith("text/html")
    return in_language and html and not response.streaming and response.status_code != 500
