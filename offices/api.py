"""Requests of every kind for programs, under /api/v1/requests/: what the desk does, by the same services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.mediatypes import media_type_matches

from clair_portal.accounts.sent_once import HEADER, KEPT, make_once
from clair_portal.casework import api
from clair_portal.casework.api_guard import NotNow, as_answers, version_of
from clair_portal.casework.api_parameters import CaseParameters, TimelineParameters
from clair_portal.casework.api_serializers import (
    CaseSerializer,
    DocumentSerializer,
    MessageSerializer,
    NewDocumentSerializer,
    NewMessageSerializer,
    TimelinePageSerializer,
)
from clair_portal.casework.models import Case
from clair_portal.casework.services import throw_away
from clair_portal.network.api import NOT_MODIFIED, TOO_MANY, WRONG
from clair_portal.network.api_parameters import PageParameters
from clair_portal.network.api_serializers import ErrorSerializer
from offices import api_examples as examples
from offices.api_kinds import BY_KIND, FILED, FiledKind
from offices.api_serializers import (
    CHANGED,
    SENT,
    OneRequestSerializer,
    TransitionSerializer,
    TransitionWithPaperSerializer,
)
from offices.workflow import KIND

KINDS = tuple(BY_KIND)


def _error(sentence: Any) -> OpenApiResponse:
    return OpenApiResponse(ErrorSerializer, description=sentence)


REFUSED = {
    401: _error(gettext_lazy("No token, or one that is not valid, has expired or was revoked.")),
    403: _error(gettext_lazy("The token or the posting does not give the right to do this.")),
    429: TOO_MANY,
}
NONE = {404: _error(gettext_lazy("There is no such request for you."))}
GUARDED = {
    409: _error(gettext_lazy("Not possible in the state the request is in now.")),
    412: _error(gettext_lazy("Somebody changed it since you read it. Read it again.")),
    428: _error(gettext_lazy("If-Match is missing.")),
}
READ = {304: NOT_MODIFIED, 400: WRONG, **REFUSED}
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True,
    description=gettext_lazy("The ETag of the request as you read it, or its version."),
)  # fmt: skip
ONCE = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER,
    description=format_lazy(
        gettext_lazy("A key of your own, for example a UUID. Sent again within {days} days, the same makes nothing new."),
        days=KEPT.days,
    ),
)  # fmt: skip
KEY_USED = {422: _error(gettext_lazy("The Idempotency-Key was used for something else."))}


class Requests(api.CaseList):
    """Requests you may see, newest first."""

    kinds = KINDS

    @extend_schema(
        operation_id="requests",
        summary=gettext_lazy("Requests you may see, newest first"),
        parameters=[CaseParameters],
        responses={200: CaseSerializer(many=True), **READ},
        examples=examples.LISTED,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="request_new",
        summary=gettext_lazy("A new draft of your organisation; nobody else sees it until it is filed"),
        parameters=[ONCE],
        request=SENT,
        responses={201: OneRequestSerializer, 400: WRONG, **KEY_USED, **REFUSED},
        examples=examples.MADE,
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not self.reader.can("cases.file"):
            raise PermissionDenied(_("Your posting does not give you the right to do this."))
        kind = _kind_of(request.data)
        given = kind.sent(data=request.data)
        given.is_valid(raise_exception=True)
        values = _written(given)
        pk, _new = make_once(request, request.data, actor=self.reader, make=lambda: self._file(kind, values))
        view = OneRequest(request=self.request, kwargs={"pk": pk}, format_kwarg=None)
        response = view.answer(view.case(), 201)
        response["Location"] = reverse("api_request", args=[pk])
        return response

    @transaction.atomic
    def _file(self, kind: FiledKind, values: dict[str, Any]) -> str:
        case = kind.filing.begin(title=values["title"], actor=self.reader, now=timezone.now())
        kind.filing.save(case, values=values)
        return str(case.pk)


def _kind_of(data: Any) -> FiledKind:
    """The kind that is named, or a support request."""
    named = data.get("kind", KIND) if isinstance(data, dict) else KIND
    if not isinstance(named, str) or named not in FILED:
        raise exceptions.ValidationError({"kind": [_("There is no such kind of request.")]})
    return FILED[named]


def _written(given: Any) -> dict[str, Any]:
    """The kind is no field of the draft."""
    return {name: value for name, value in given.validated_data.items() if name != "kind"}


class OneRequest(api.OneCase):
    """One request."""

    kinds = KINDS
    serializer_class = OneRequestSerializer
    token_scopes = {**api.OneCase.token_scopes, "DELETE": api.WRITE}

    def detail_of(self, case: Case) -> dict[str, Any]:
        return BY_KIND[case.kind].told_to(case, self.reader)

    @extend_schema(
        operation_id="request",
        summary=gettext_lazy("One request with what was asked for and the moves you may make"),
        responses={200: OneRequestSerializer, 304: NOT_MODIFIED, **NONE, **REFUSED},
        examples=examples.ONE,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.read(request)

    @extend_schema(
        operation_id="request_change",
        summary=gettext_lazy("Changes a draft; what is not named stays as it was"),
        parameters=[IF_MATCH],
        request=CHANGED,
        responses={200: OneRequestSerializer, 400: WRONG, **NONE, **GUARDED, **REFUSED},
        examples=examples.ONE,
    )
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        case = self.case()
        if case.applicant_id not in self.reader.scope.organisations or not self.reader.can("cases.file"):
            raise PermissionDenied(_("Your posting does not give you the right to do this."))
        version, kind = version_of(request), BY_KIND[case.kind]
        if not isinstance(kind, FiledKind):
            raise NotNow(_("Requests of this kind come in another way; only drafts are changed here."))
        detail = kind.detail(case)
        given = kind.sent(detail, data=request.data, partial=True, context=kind.known(case, detail))
        given.is_valid(raise_exception=True)
        with as_answers():
            kind.filing.save(case, values=_written(given), version=version)
        return self.answer(self.case())

    @extend_schema(
        operation_id="request_throw_away",
        summary=gettext_lazy("Throws a draft away that was never filed, with its papers and messages"),
        parameters=[IF_MATCH],
        request=None,
        responses={
            204: OpenApiResponse(description=gettext_lazy("Done; the draft is gone.")),
            **NONE,
            **GUARDED,
            **REFUSED,
        },
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        case = self.case()
        if case.applicant_id not in self.reader.scope.organisations or not self.reader.can("cases.file"):
            raise PermissionDenied(_("Your posting does not give you the right to do this."))
        with as_answers():
            throw_away(case, actor=self.reader, version=version_of(request))
        return Response(status=204)


class Transitions(api.Transitions):
    """Moves of the workflow."""

    kinds = KINDS
    serializer_class = OneRequestSerializer
    detail_of = OneRequest.detail_of

    @extend_schema(
        operation_id="request_transition",
        summary=gettext_lazy(
            "Makes a move: file, pass on, refer, accept, report and the others; what is not given is as the screen proposes it"
        ),
        parameters=[IF_MATCH],
        request={"application/json": TransitionSerializer, "multipart/form-data": TransitionWithPaperSerializer},
        responses={
            200: OneRequestSerializer,
            204: OpenApiResponse(description=gettext_lazy("Done; you no longer see the request.")),
            400: WRONG, **NONE, **GUARDED, **REFUSED,
        },
        examples=examples.ONE,
    )  # fmt: skip
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        case, given = self.case(), self._asked_by(request)(data=request.data)
        given.is_valid(raise_exception=True)
        return self.make(case, dict(given.validated_data))

    def _asked_by(self, request: Request) -> type[TransitionSerializer]:
        return (
            TransitionWithPaperSerializer
            if media_type_matches("multipart/form-data", request.content_type or "")
            else TransitionSerializer
        )


class Messages(api.Messages):
    """Messages on a request."""

    kinds = KINDS

    @extend_schema(
        operation_id="request_messages",
        summary=gettext_lazy("Messages on a request, newest first: shared ones, and those internal to your side"),
        parameters=[PageParameters],
        responses={200: MessageSerializer(many=True), **READ, **NONE},
        examples=[examples.MESSAGES],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="request_message_new",
        summary=gettext_lazy("Writes a message; a shared one is told to the other sides"),
        parameters=[ONCE],
        request=NewMessageSerializer,
        responses={201: MessageSerializer, 400: WRONG, **KEY_USED, **NONE, **REFUSED},
        examples=[examples.MESSAGE_MADE],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.write(request)


class Documents(api.Documents):
    """Papers on a request."""

    kinds = KINDS

    @extend_schema(
        operation_id="request_documents",
        summary=gettext_lazy("Papers on a request, newest first"),
        parameters=[PageParameters],
        responses={200: DocumentSerializer(many=True), **READ, **NONE},
        examples=[examples.DOCUMENTS],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="request_document_new",
        summary=gettext_lazy("Adds a paper (multipart/form-data); it is checked as on the screen"),
        parameters=[ONCE],
        request={"multipart/form-data": NewDocumentSerializer},
        responses={201: DocumentSerializer, 400: WRONG, **KEY_USED, **NONE, **REFUSED},
        examples=[examples.DOCUMENT_MADE],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.write(request)


class OneDocument(api.OneDocument):
    """The content of a paper."""

    kinds = KINDS

    @extend_schema(
        operation_id="request_document",
        summary=gettext_lazy("The content of a paper; who read it stands in the log"),
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **NONE, **REFUSED},
    )
    def get(self, request: Request, *args: Any, document: UUID, **kwargs: Any) -> HttpResponse:
        return self.read(document)


class Timeline(api.Timeline):
    """The story of a request."""

    kinds = KINDS
    serializer_class = TimelinePageSerializer

    @extend_schema(
        operation_id="request_timeline",
        summary=gettext_lazy("What happened on a request, newest first, in your language"),
        parameters=[TimelineParameters],
        responses={200: TimelinePageSerializer, **READ, **NONE},
        examples=[examples.TIMELINE],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.read(request)
