"""Cases for programs: the same rules and services as the screens, with a token of the person who may do it.

A pillar makes its own addresses of these views and adds what its kind asks for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from rest_framework import exceptions, generics, parsers, status
from rest_framework.request import Request
from rest_framework.response import Response

from clair_portal.accounts.authentication import TokenScope
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.sent_once import make_once
from clair_portal.audit.models import Entry
from clair_portal.audit.services import record
from clair_portal.casework import presentation, services
from clair_portal.casework.api_guard import NotNow, as_answers, version_of
from clair_portal.casework.api_parameters import CaseParameters, TimelineParameters
from clair_portal.casework.api_serializers import (
    CaseSerializer,
    DocumentSerializer,
    MessageSerializer,
    NewDocumentSerializer,
    NewMessageSerializer,
)
from clair_portal.casework.case_list import CASES
from clair_portal.casework.kinds import KINDS
from clair_portal.casework.listing import narrowed_by, sought_of
from clair_portal.casework.models import Case, CaseFile, Note
from clair_portal.casework.parts import parts_of
from clair_portal.casework.queries import CaseQuerySet, story_of, with_its_parts
from clair_portal.casework.rules import may_begin, may_move, moves_for, side_for_papers
from clair_portal.casework.workflow import Transition, workflow_of
from clair_portal.documents.services import hand_out
from clair_portal.documents.sniffing import Refused
from clair_portal.network.api import List, etag
from clair_portal.network.api_pages import CodeOrder
from clair_portal.network.api_parsers import JsonParser
from clair_portal.network.models import Organisation

READ, WRITE = "cases.read", "cases.write"


class Newest(CodeOrder):
    ordering = ("-id",)


class NewestPapers(CodeOrder):
    """Papers have no running number."""

    ordering = ("-created_at",)


class OnCases(generics.GenericAPIView):
    """For views about cases. `kinds`: of which kinds."""

    permission_classes = (TokenScope,)
    token_scopes: dict[str, str] = {"GET": READ, "POST": WRITE, "PATCH": WRITE}
    kinds: tuple[str, ...] = ()

    @property
    def reader(self) -> Reader:
        return self.request.user  # type: ignore[return-value]

    def cases(self) -> CaseQuerySet:
        return Case.objects.visible_to(self.reader.scope).filter(kind__in=self.kinds).for_list()

    def case(self) -> Case:
        """The case of the address, or 404: whether a case of somebody else exists is not told."""
        found = self.cases().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        """Only whoever asked may keep the answer, and asks again before using it."""
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        return response


class CaseList(OnCases, List):
    """Cases of these kinds the reader may see, newest first; an office sees its own part of a case of several."""

    queryset = Case.objects.none()
    serializer_class = CaseSerializer
    parameters = CaseParameters
    pagination_class = Newest

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        """Narrowed as the list of the desk is; of the code of a requester `asked` holds the key."""
        rows = self.cases().listed_for(self.reader.scope)
        chosen = {
            each.key: [str(asked[each.key])] for each in CASES.filters if asked.get(each.key) not in (None, "", False)
        }
        return narrowed_by(CASES, rows, chosen, sought_of(CASES, chosen), self.reader)  # type: ignore[no-any-return]


class OneCase(OnCases):
    """One case; its ETag begins with its version, which If-Match takes."""

    queryset = Case.objects.none()
    serializer_class = CaseSerializer

    def answer(self, case: Case, code: int = 200) -> Response:
        data: dict[str, Any] = dict(CaseSerializer(case, context=self.get_serializer_context()).data)
        data["detail"] = self.detail_of(case)
        data["moves"] = [_said(move) for move in moves_for(case, self.reader)]
        data["parts"] = _parts(case)
        response = Response(data, status=code)
        response["ETag"] = _etag(case, data)
        return response

    def detail_of(self, case: Case) -> Any:
        """What the kind asks for."""
        return None

    def read(self, request: Request) -> Response:
        response = self.answer(self.case())
        if request.headers.get("If-None-Match") == response["ETag"]:
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": response["ETag"]})
        return response


def _etag(case: Case, data: dict[str, Any]) -> str:
    return f'"{case.version}-{hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()[:16]}"'


def _said(move: Transition) -> dict[str, Any]:
    return {"move": move.key, "label": str(move.label), "target": move.target, "needs_reason": move.reason}


def _parts(case: Case) -> list[dict[str, Any]]:
    if not case.split:
        return []
    parts = parts_of(case)
    codes = dict(Organisation.objects.filter(pk__in=[part.office for part in parts]).values_list("pk", "code"))
    return [
        {"id": part.id, "office": codes[part.office], "owner": part.owner, "state": part.state, "due_at": part.due_at}
        for part in parts
    ]


class Transitions(OneCase):
    """Makes a move of the workflow, as the decision screen does."""

    token_scopes = {"POST": WRITE}
    parser_classes = (JsonParser, parsers.MultiPartParser)

    def make(self, case: Case, given: dict[str, Any]) -> Response:
        """`given`: move, reason, and what the form of the move asks for, by the names of its fields."""
        version, move = version_of(self.request), self._move(case, given.pop("move"))
        form = self._form(case, move, {**given, "version": version})
        if not form.is_valid():
            raise exceptions.ValidationError(_by_field(form))
        with as_answers():
            services.perform(
                case, move.key, actor=self.reader, now=timezone.now(), reason=form.cleaned_data.get("reason", ""),
                version=version, **form.given(),
            )  # fmt: skip
        after = self.cases().filter(pk=case.pk).first()
        return self.answer(after) if after else Response(status=status.HTTP_204_NO_CONTENT)

    def _move(self, case: Case, key: str) -> Transition:
        """Raises: no such move (400), not one's own (403), not in this state (409)."""
        try:
            move = workflow_of(case).transition(key)
        except LookupError as error:
            raise exceptions.ValidationError({"move": [_("There is no such move.")]}) from error
        answer = may_move(case, move, self.reader)
        if answer.allowed:
            return move
        if not may_begin(case, move, self.reader) or not self.reader.can(move.right):
            raise PermissionDenied(answer.reason)
        raise NotNow(answer.reason)

    def _form(self, case: Case, move: Transition, data: dict[str, Any]) -> Any:
        """The form of the screen. What is not given is as the screen proposes it: the offices responsible, for example."""
        of: dict[str, Any] = {"case": case, "move": move, "actor": self.reader, "now": timezone.now()}
        make = KINDS[case.kind].form_for(move)
        empty = make(**of)
        proposed = {name: empty.get_initial_for_field(field, name) for name, field in empty.fields.items()}
        for words in set(data) & set(empty.guards):
            del proposed[empty.guards[words]]  # who sends words of their own has seen no page
        papers = MultiValueDict({name: [value] for name, value in data.items() if isinstance(value, UploadedFile)})
        typed = QueryDict(mutable=True)
        for name, value in {**proposed, **data}.items():
            if name not in papers and value is not None:
                typed.setlist(name, _texts(value))
        return make(typed, papers, **of)


def _texts(value: Any) -> list[str]:
    """As a browser would send it."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(each.pk if isinstance(each, Model) else each) for each in values]


def _by_field(form: Any) -> dict[str, list[str]]:
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


class Messages(OnCases, List):
    queryset = Note.objects.none()
    serializer_class = MessageSerializer
    pagination_class = Newest

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        notes = Note.objects.visible_to(self.reader.scope).filter(case=self.case())
        return notes.select_related("author").defer("terms")

    def write(self, request: Request) -> Response:
        case, given = self.case(), NewMessageSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        shared = values["visibility"] == "shared"

        def make() -> str:
            return str(
                services.add_note(case, body=values["body"], shared=shared, actor=self.reader, now=timezone.now()).pk
            )

        with as_answers():
            pk, _new = make_once(request, values, actor=self.reader, make=make)
        note = get_object_or_404(Note.objects.visible_to(self.reader.scope), case=case, pk=pk)
        return Response(self.get_serializer(note).data, status=status.HTTP_201_CREATED)


class Documents(OnCases, List):
    queryset = CaseFile.objects.none()
    serializer_class = DocumentSerializer
    pagination_class = NewestPapers
    parser_classes = (parsers.MultiPartParser,)

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        return CaseFile.objects.visible_to(self.reader.scope).filter(case=self.case()).select_related("author")

    def write(self, request: Request) -> Response:
        case, given = self.case(), NewDocumentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload, shared = given.validated_data["file"], given.validated_data["visibility"] == "shared"

        def make() -> str:
            return str(services.add_file(case, upload, shared=shared, actor=self.reader, now=timezone.now()).pk)

        try:
            with as_answers():
                pk, _new = make_once(request, [upload.name, _sha256(upload), shared], actor=self.reader, make=make)
        except Refused as error:
            raise exceptions.ValidationError({"file": [str(error)]}) from error
        paper = get_object_or_404(CaseFile.objects.visible_to(self.reader.scope), case=case, pk=pk)
        return Response(self.get_serializer(paper).data, status=status.HTTP_201_CREATED)


def _sha256(upload: UploadedFile) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()


class OneDocument(OnCases):
    """The content of a paper, after the virus check; who read it stands in the log."""

    queryset = CaseFile.objects.none()
    serializer_class = DocumentSerializer
    token_scopes = {"GET": READ}

    def read(self, document: UUID) -> HttpResponse:
        papers = CaseFile.objects.visible_to(self.reader.scope).filter(case=self.case()).select_related("case")
        paper = papers.filter(pk=document).first()
        if paper is None:
            raise Http404
        answer = hand_out(paper)
        side = side_for_papers(self.reader)
        record("casework.file.read", paper.case, actor=self.reader.signature, side=side, name=paper.name)
        return answer  # type: ignore[return-value]


@etag
class Timeline(OnCases):
    """The story of a case: what the log tells and the messages, newest first; of a case of several offices with that of its
    parts, as far as the reader sees them."""

    queryset = Entry.objects.none()
    token_scopes = {"GET": READ}

    def cases(self) -> CaseQuerySet:
        return super().cases().with_parts(self.reader.scope)

    def read(self, request: Request) -> Response:
        asked = TimelineParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        case, scope = self.case(), self.reader.scope
        entries = story_of(case, scope)
        notes = Note.objects.visible_to(scope).filter(case__in=with_its_parts(case)).defer("terms")
        presentation.referrals_of(case, scope)  # whose part is whose
        told = presentation.timeline_of(case, entries, notes, self.reader)
        shown, following = _page_of(told, asked.validated_data["size"], asked.validated_data.get("until"))
        query = urlencode({"size": asked.validated_data["size"], "until": following.isoformat()}) if following else ""
        return Response(
            {
                "reference_date": timezone.localdate(),
                "next": request.build_absolute_uri(f"{request.path}?{query}") if query else None,
                "results": [_line(item) for item in shown],
            }
        )


def _page_of(
    told: list[dict[str, Any]], size: int, until: dt.datetime | None
) -> tuple[list[dict[str, Any]], dt.datetime | None]:
    """So many lines and those of the same moment, which one move may write together; where the next page begins."""
    rest = [item for item in told if until is None or item["at"] <= until]
    end = size
    while 0 < end < len(rest) and rest[end]["at"] == rest[end - 1]["at"]:
        end += 1
    return rest[:end], rest[end]["at"] if end < len(rest) else None


def _line(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": item["at"],
        "kind": item["kind"],
        "text": item["text"],
        "author": item["author"],
        "part": item["part"] or None,
        "before": str(item["before"].label) if "before" in item else None,
        "after": str(item["after"].label) if "after" in item else None,
    }
