"""Support requests for programs, under /api/v1/requests/: what the desk does, by the same services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clair_portal.casework import api
from clair_portal.casework.api_guard import as_answers, version_of
from clair_portal.casework.api_parameters import CaseParameters, TimelineParameters
from clair_portal.casework.api_serializers import (
    CaseSerializer,
    DocumentSerializer,
    MessageSerializer,
    NewDocumentSerializer,
    NewMessageSerializer,
    TimelinePageSerializer,
)
from clair_portal.casework.models import Case, CaseFile
from clair_portal.network.api import NOT_MODIFIED, TOO_MANY, WRONG
from clair_portal.network.api_parameters import PageParameters
from clair_portal.network.api_serializers import ErrorSerializer
from offices import api_examples as examples
from offices import services
from offices.api_serializers import DetailSerializer, RequestSerializer, SupportSerializer, TransitionSerializer
from offices.effects import unfinished
from offices.filing.preconditions import questions_for
from offices.models import SupportRequest
from offices.routing import propose
from offices.workflow import KIND, PART_KIND

KINDS = (KIND, PART_KIND)


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


class Requests(api.CaseList):
    """Support requests you may see, newest first."""

    kinds = KINDS

    @extend_schema(
        operation_id="requests",
        summary=gettext_lazy("Requests you may see, newest first"),
        parameters=[CaseParameters],
        responses={200: CaseSerializer(many=True), **READ},
        examples=[examples.LISTED],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="request_new",
        summary=gettext_lazy("A new draft of your organisation; nobody else sees it until it is filed"),
        request=RequestSerializer,
        responses={201: SupportSerializer, 400: WRONG, **REFUSED},
        examples=[examples.MADE],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not self.reader.can("cases.file"):
            raise PermissionDenied(_("Your posting does not give you the right to do this."))
        given = RequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        with transaction.atomic():
            case = services.begin_request(title=values["title"], actor=self.reader, now=timezone.now())
            services.save_draft(case, values=values)
        view = OneRequest(request=self.request, kwargs={"pk": case.pk}, format_kwarg=None)
        response = view.answer(view.case(), 201)
        response["Location"] = reverse("api_request", args=[case.pk])
        return response


class OneRequest(api.OneCase):
    """One support request."""

    kinds = KINDS
    serializer_class = SupportSerializer

    def detail_of(self, case: Case) -> dict[str, Any]:
        found = SupportRequest.objects.get(case=case.parent_id or case.pk)
        missing = [str(label) for label in unfinished(case, found)] if case.state == "draft" else []
        found.missing = missing  # type: ignore[attr-defined]
        return dict(DetailSerializer(found).data)

    @extend_schema(
        operation_id="request",
        summary=gettext_lazy("One request with what was asked for and the moves you may make"),
        responses={200: SupportSerializer, 304: NOT_MODIFIED, **NONE, **REFUSED},
        examples=[examples.ONE],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.read(request)

    @extend_schema(
        operation_id="request_change",
        summary=gettext_lazy("Changes a draft; what is not named stays as it was"),
        parameters=[IF_MATCH],
        request=RequestSerializer(partial=True),
        responses={200: SupportSerializer, 400: WRONG, **NONE, **GUARDED, **REFUSED},
        examples=[examples.ONE],
    )
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        case = self.case()
        if case.applicant_id not in self.reader.scope.organisations or not self.reader.can("cases.file"):
            raise PermissionDenied(_("Your posting does not give you the right to do this."))
        version, detail = version_of(request), SupportRequest.objects.get(case=case.parent_id or case.pk)
        given = RequestSerializer(detail, data=request.data, partial=True, context=_known(case, detail))
        given.is_valid(raise_exception=True)
        with as_answers():
            services.save_draft(case, values=given.validated_data, version=version)
        return self.answer(self.case())


def _known(case: Case, detail: SupportRequest) -> dict[str, Any]:
    """What a draft may refer to: questions that are asked of it or were, and its papers."""
    asked = {question.key for question in questions_for(case, detail, timezone.localdate())} | set(detail.answers)
    return {"questions": asked, "papers": set(CaseFile.objects.filter(case=case).values_list("pk", flat=True))}


class Transitions(api.Transitions):
    """Moves of the workflow."""

    kinds = KINDS
    serializer_class = SupportSerializer
    detail_of = OneRequest.detail_of

    @extend_schema(
        operation_id="request_transition",
        summary=gettext_lazy("Makes a move: file, pass on, refer, accept, report and the others"),
        parameters=[IF_MATCH],
        request=TransitionSerializer,
        responses={
            200: SupportSerializer,
            204: OpenApiResponse(description=gettext_lazy("Done; you no longer see the request.")),
            400: WRONG, **NONE, **GUARDED, **REFUSED,
        },
        examples=[examples.ONE],
    )  # fmt: skip
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        case, given = self.case(), TransitionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        if values["move"] == "refer" and "offices" not in values:
            values["offices"] = self._responsible(case)
        return self.make(case, values)

    def _responsible(self, case: Case) -> list[int]:
        detail = SupportRequest.objects.get(case=case)
        proposed = propose(case.countries, detail.starts_on or timezone.localdate())
        return [each.office.pk for each in proposed if each.office]


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
        request=NewMessageSerializer,
        responses={201: MessageSerializer, 400: WRONG, **NONE, **REFUSED},
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
        request={"multipart/form-data": NewDocumentSerializer},
        responses={201: DocumentSerializer, 400: WRONG, **NONE, **REFUSED},
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
