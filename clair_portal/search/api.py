"""The public search for programs: GET /api/v1/search/, what the page of the search shows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from clair_portal.language.marking import Piece
from clair_portal.network.api import ERRORS, etag, parameters_of
from clair_portal.search import forms, throttle
from clair_portal.search.api_serializers import FoundSerializer, SearchParameters
from clair_portal.search.finding import Found, Hit
from clair_portal.search.models import Document
from clair_portal.search.services import search
from clair_portal.search.snippets import Marker

EXAMPLE: dict[str, Any] = {
    "language": "en",
    "count": 1,
    "more": False,
    "next": None,
    "left_out": [],
    "results": [
        {
            "title": {"text": "London Office", "marks": [[0, 6]]},
            "address": "https://portal.example/en/offices/LON/",
            "language": "en",
            "kind": "office",
            "snippet": {
                "text": "For the United Kingdom and Ireland. London is one of seven offices.",
                "marks": [[36, 42]],
            },
        }
    ],
}


@etag
class Search(generics.GenericAPIView):
    """Everything public in every language version. Kanji, kana and romaji find the same; all words must stand in a text."""

    queryset = Document.objects.all()
    serializer_class = FoundSerializer
    pagination_class = None

    @extend_schema(
        operation_id="search",
        summary=gettext_lazy("The public search: pages, local governments and sister ties"),
        auth=[],
        parameters=[SearchParameters],
        responses={200: FoundSerializer, **ERRORS},
        examples=[OpenApiExample("search", value=EXAMPLE, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = parameters_of(SearchParameters, request)
        asked = forms.understood(given["q"], given.get("kind", ""), given["page"])
        if asked.wrong:
            raise exceptions.ValidationError({"q": [asked.wrong]})
        if not throttle.passes(request.META.get("REMOTE_ADDR", ""), time.time()):
            raise exceptions.Throttled(wait=60)
        language = given.get("language") or get_language() or "en"
        found = search(asked, language, today=timezone.localdate())
        return Response(_written(found, asked, language, request), headers={"Cache-Control": "private, max-age=0"})


def _written(found: Found, asked: forms.Asked, language: str, request: Request) -> dict[str, Any]:
    marker = Marker(asked.words)
    following = replace_query_param(request.build_absolute_uri(), "page", asked.page + 1)
    return {
        "language": language, "count": found.total, "more": found.more, "next": following if found.following else None,
        "left_out": list(asked.left_out), "results": [_hit(hit, marker, request) for hit in found.hits],
    }  # fmt: skip


def _hit(hit: Hit, marker: Marker, request: Request) -> dict[str, Any]:
    row = hit.document
    return {
        "title": _marked(marker.title(row.title, row.readings)), "address": request.build_absolute_uri(hit.address),
        "language": hit.language, "kind": row.kind,
        "snippet": _marked(marker.snippet(row.description, row.text, row.readings)),
    }  # fmt: skip


def _marked(pieces: Sequence[Piece]) -> dict[str, Any]:
    marks: list[list[int]] = []
    text = ""
    for piece in pieces:
        if piece.found:
            marks.append([len(text), len(text) + len(piece.text)])
        text += piece.text
    return {"text": text, "marks": marks}
