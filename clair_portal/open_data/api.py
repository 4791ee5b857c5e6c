"""Every data set for programs: GET /api/v1/open-data/<key>/, its rows page by page, narrowed by the values of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import decorator_from_middleware, method_decorator
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from clair_portal.network.api import ERRORS, NOTHING, etag, parameters_of
from clair_portal.network.api_pages import LARGEST
from clair_portal.open_data import dictionary, editions, files, sets
from clair_portal.open_data.models import Edition
from clair_portal.open_data.sets import Column, DataSet

PAGE = 100  # rows, where `size` is not given
EXAMPLE: dict[str, Any] = {
    "id": "countries",
    "title": "Countries",
    "title_ja": "国",
    "description": "Countries and territories of ISO 3166-1 with their names.",
    "description_ja": "ISO 3166-1の国と地域の名称です。",
    "reference_date": None,
    "licence": "CC BY 4.0",
    "licence_address": None,
    "sources": [
        {"title": "pycountry: ISO 3166-1", "licence": "LGPL-2.1", "path": "https://github.com/pycountry/pycountry"},
        {"title": "Unicode CLDR", "licence": "Unicode-3.0", "path": "https://cldr.unicode.org/"},
    ],
    "schema": "https://portal.example/open-data/countries.schema.json",
    "count": 1,
    "next": None,
    "results": [
        {
            "code": "GB", "alpha3": "GBR", "name_ja": "イギリス", "name_en": "United Kingdom", "short_name_ja": None, "region_ja": None,
            "region_en": None,
        }
    ],
}  # fmt: skip


class RowsParameters(serializers.Serializer):
    size = serializers.IntegerField(
        default=PAGE, min_value=1, max_value=LARGEST, help_text=_("Rows on a page; 100 if not given.")
    )
    page = serializers.IntegerField(default=1, min_value=1, max_value=100_000, help_text=_("Page of the rows, from 1."))


class RowsSerializer(serializers.Serializer):
    """Rows of a data set, and what must be said about them."""

    id = serializers.CharField(help_text=_("Key of the data set"))
    title = serializers.CharField(help_text=_("Title in English"))
    title_ja = serializers.CharField(help_text=_("Title in Japanese"))
    description = serializers.CharField(help_text=_("What the rows are, in English"))
    description_ja = serializers.CharField(help_text=_("What the rows are, in Japanese"))
    reference_date = serializers.DateField(allow_null=True, help_text=_("The day the rows hold for"))
    licence = serializers.CharField(
        allow_null=True, help_text=_("Licence of the data; null while it is not decided, `licence_note` says so")
    )
    sources = serializers.ListField(
        child=serializers.DictField(), help_text=_("Where the rows come from, with title, licence, path")
    )
    schema = serializers.URLField(help_text=_("Table Schema of the columns: names, types, codes, units"))
    count = serializers.IntegerField(help_text=_("Rows on all pages"))
    next = serializers.URLField(allow_null=True, help_text=_("Address of the next page; null on the last one."))
    results = serializers.ListField(child=serializers.DictField(), help_text=_("Rows by the names of their columns"))


class OpenToOtherSites(MiddlewareMixin):
    """As the files (views.py), also when it is 304, for whoever reads without a token."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and "Authorization" not in request.headers:
            response["Access-Control-Allow-Origin"] = "*"
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


@method_decorator(decorator_from_middleware(OpenToOtherSites), name="dispatch")  # above: it has the last word
@etag
class Rows(generics.GenericAPIView):
    """The rows of the file, in its order. A column of the set as a parameter leaves the rows with exactly this value."""

    queryset = Edition.objects.none()
    serializer_class = RowsSerializer
    pagination_class = None
    filter_backends: Sequence[Any] = ()

    @extend_schema(
        operation_id="open_data",
        summary=_("Rows of any open data set, page by page"),
        auth=[],
        parameters=[
            RowsParameters,
            OpenApiParameter("key", str, OpenApiParameter.PATH, description=_("Key of the data set, as in /open-data/index.json")),
        ],
        responses={200: RowsSerializer, 404: NOTHING, **ERRORS},
        examples=[OpenApiExample("countries", value=EXAMPLE, response_only=True, status_codes=["200"])],
    )  # fmt: skip
    def get(self, request: Request, key: str, *args: Any, **kwargs: Any) -> Response:
        data_set = sets.find(key)
        if data_set is None:
            raise exceptions.NotFound
        asked = parameters_of(_parameters(data_set), request)
        page, size = asked.pop("page"), asked.pop("size")
        table = files.read(data_set)
        rows = [row for row in files.as_objects(table) if _fits(row, asked)]
        following = replace_query_param(request.build_absolute_uri(), "page", page + 1)
        return Response({
            **dictionary.about(data_set, editions.edition_of(table)), "count": len(rows),
            "next": following if page * size < len(rows) else None, "results": rows[(page - 1) * size : page * size],
        })  # fmt: skip


def _parameters(data_set: DataSet) -> type[serializers.Serializer]:
    columns = {column.name: _field(column) for column in data_set.columns}
    return type("SetParameters", (RowsParameters,), columns)


def _field(column: Column) -> serializers.Field:
    if column.codes is not None:
        return serializers.ChoiceField(list(column.codes), required=False)
    kinds = {"integer": serializers.IntegerField, "year": serializers.IntegerField, "number": serializers.FloatField,
             "date": serializers.DateField}  # fmt: skip
    kind = kinds.get(column.type)
    return kind(required=False) if kind else serializers.CharField(required=False, max_length=500)


def _fits(row: dict[str, Any], asked: dict[str, Any]) -> bool:
    return all(row[name] == files.plain(value) for name, value in asked.items())
