"""The public API of the network: read only, without sign-in, under /api/v1/.

Stable ids are codes. Names come in every language they exist in. Lists go by cursor; every answer carries the day it
holds for and an ETag. What a parameter means is written once, in its serializer, and read by the schema.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.middleware.http import ConditionalGetMiddleware
from django.utils import timezone
from django.utils.decorators import decorator_from_middleware, method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clair_portal.network import api_examples as examples
from clair_portal.network.api_pages import CodeOrder, CountryOrder
from clair_portal.network.api_parameters import (
    JurisdictionParameters,
    OrganisationParameters,
    PageParameters,
)
from clair_portal.network.api_serializers import (
    CountrySerializer,
    ErrorSerializer,
    JurisdictionSerializer,
    LanguageSerializer,
    OfficeSerializer,
    OrganisationSerializer,
)
from clair_portal.network.models import Country, Jurisdiction, Language, Organisation, Succession

etag = method_decorator(decorator_from_middleware(ConditionalGetMiddleware), name="dispatch")
NOT_MODIFIED = OpenApiResponse(description=gettext_lazy("Nothing changed since the answer with this ETag."))
WRONG = OpenApiResponse(ErrorSerializer, description=gettext_lazy("A value is not valid; `fields` says which."))
TOO_MANY = OpenApiResponse(
    ErrorSerializer, description=gettext_lazy("Too many requests; `Retry-After` says how long to wait.")
)
NOTHING = OpenApiResponse(ErrorSerializer, description=gettext_lazy("There is nothing with this code."))
ERRORS = {304: NOT_MODIFIED, 400: WRONG, 429: TOO_MANY}


def parameters_of(parameters: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The checked values of the address. Raises ValidationError, also for a name that does not exist."""
    form = parameters(data=request.query_params)
    if unknown := sorted(set(request.query_params) - set(form.fields)):
        raise exceptions.ValidationError({name: [_("There is no such parameter.")] for name in unknown})
    form.is_valid(raise_exception=True)
    values: dict[str, Any] = form.validated_data
    return values


@etag
class List(generics.ListAPIView):
    """A list whose parameters are checked before anything is read; an unknown name or value is an error, not ignored."""

    parameters: type[PageParameters] = PageParameters
    pagination_class = CodeOrder
    filter_backends: Sequence[Any] = ()

    def asked(self) -> dict[str, Any]:
        return parameters_of(self.parameters, self.request)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.asked()
        day = asked.get("on") or timezone.localdate()
        pages: Any = self.paginator
        pages.day = day
        rows = self.paginate_queryset(self.rows(asked, day))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        raise NotImplementedError


class Offices(List):
    """Overseas offices."""

    queryset = Organisation.objects.offices()
    serializer_class = OfficeSerializer

    @extend_schema(
        operation_id="offices",
        summary=gettext_lazy("Overseas offices with their countries and what sources say about them"),
        auth=[],
        parameters=[PageParameters],
        responses={200: OfficeSerializer(many=True), **ERRORS},
        examples=[examples.OFFICES],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        today = Jurisdiction.objects.on(day).order_by("country_id")
        return (
            Organisation.objects.offices()
            .exclude(code=None)
            .prefetch_related(Prefetch("jurisdictions", queryset=today, to_attr="today"), "claims")
        )


def _organisations() -> QuerySet[Organisation]:
    successions = Succession.objects.select_related("successor")
    return (
        Organisation.objects.exclude(code=None)
        .select_related("branch", "parent")
        .prefetch_related(Prefetch("successions", queryset=successions))
    )


class Organisations(List):
    """Headquarters, offices, prefectures, municipalities and other bodies that have a code."""

    queryset = Organisation.objects.all()
    serializer_class = OrganisationSerializer
    parameters = OrganisationParameters

    @extend_schema(
        operation_id="organisations",
        summary=gettext_lazy("Organisations of the network, by code"),
        auth=[],
        parameters=[OrganisationParameters],
        responses={200: OrganisationSerializer(many=True), **ERRORS},
        examples=[examples.ORGANISATIONS],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        rows: Any = _organisations()
        if kind := asked.get("kind"):
            rows = rows.filter(kind=kind)
        if branch := asked.get("branch"):
            rows = rows.filter(branch=branch)
        if code := asked.get("code"):
            rows = rows.filter(code=code)
        return rows.named(asked.get("q", ""))


@etag
class OneOrganisation(generics.RetrieveAPIView):
    """One organisation by its code. One that no longer exists is still found, with its last day and successors."""

    queryset = Organisation.objects.all()
    serializer_class = OrganisationSerializer
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Organisation]:
        return _organisations()

    @extend_schema(
        operation_id="organisation",
        summary=gettext_lazy("One organisation by its code, also one that no longer exists"),
        auth=[],
        responses={200: OrganisationSerializer, 304: NOT_MODIFIED, 404: NOTHING, 429: TOO_MANY},
        examples=[examples.ORGANISATION],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)


class Jurisdictions(List):
    """Which office is responsible for which country. A country that is not in the list is answered by headquarters."""

    queryset = Jurisdiction.objects.all()
    serializer_class = JurisdictionSerializer
    parameters = JurisdictionParameters
    pagination_class = CountryOrder

    @extend_schema(
        operation_id="jurisdictions",
        summary=gettext_lazy("Which office is responsible for which country on a day"),
        auth=[],
        parameters=[JurisdictionParameters],
        responses={200: JurisdictionSerializer(many=True), **ERRORS},
        examples=[examples.JURISDICTIONS],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        rows: Any = Jurisdiction.objects.on(day).select_related("office", "country")
        if office := asked.get("office"):
            rows = rows.filter(office=office)
        return rows.filter(country=asked["country"]) if asked.get("country") else rows


class Countries(List):
    """Countries of ISO 3166-1."""

    queryset = Country.objects.all()
    serializer_class = CountrySerializer

    @extend_schema(
        operation_id="countries",
        summary=gettext_lazy("Countries (ISO 3166-1) with their names"),
        auth=[],
        parameters=[PageParameters],
        responses={200: CountrySerializer(many=True), **ERRORS},
        examples=[examples.COUNTRIES],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        return Country.objects.all()


class Languages(List):
    """Languages; `version` marks those the public pages are written in."""

    queryset = Language.objects.all()
    serializer_class = LanguageSerializer

    @extend_schema(
        operation_id="languages",
        summary=gettext_lazy("Languages, and which of them are language versions of the public pages"),
        auth=[],
        parameters=[PageParameters],
        responses={200: LanguageSerializer(many=True), **ERRORS},
        examples=[examples.LANGUAGES],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)

    def rows(self, asked: dict[str, Any], day: dt.date) -> QuerySet[Any]:
        return Language.objects.all()
