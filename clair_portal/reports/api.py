"""Statistics for programs, under /api/v1/statistics/: the numbers of the screen, for what the token's person may see."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clair_portal.accounts.authentication import TokenScope
from clair_portal.calendars.fiscal import FiscalYear, tokyo_date
from clair_portal.network.api import NOT_MODIFIED, TOO_MANY, WRONG, etag
from clair_portal.network.api_serializers import ErrorSerializer
from clair_portal.reports.tables import TABLES, UNPUBLISHED, Cell, Grid, Leaf, Table, fill, years_since

SCOPE = "statistics.read"
REFUSED = {
    401: OpenApiResponse(ErrorSerializer, description=gettext_lazy("No token, or one that is not valid.")),
    403: OpenApiResponse(
        ErrorSerializer, description=gettext_lazy("The token or the posting does not give the right.")
    ),
    429: TOO_MANY,
}


class TableSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField(help_text=gettext_lazy("What is counted, in your language"))
    first_year = serializers.IntegerField(help_text=gettext_lazy("The earliest fiscal year there is"))
    measures = serializers.DictField(
        child=serializers.CharField(), help_text=gettext_lazy("Key of a number: its words")
    )


class TablesSerializer(serializers.Serializer):
    results = TableSerializer(many=True)


class NumberSerializer(serializers.Serializer):
    column = serializers.CharField(allow_null=True, help_text=gettext_lazy("Key of the column; null for the total"))
    column_label = serializers.CharField(help_text=gettext_lazy("Its words; empty for the total"))
    measure = serializers.CharField(help_text=gettext_lazy("Key of the number"))
    value = serializers.FloatField(allow_null=True, help_text=gettext_lazy("null where there is nothing to measure"))
    published = serializers.BooleanField(help_text=gettext_lazy("false: the source has the row but gives no value"))


class RowSerializer(serializers.Serializer):
    row = serializers.CharField(help_text=gettext_lazy("Key of the row; - where nothing is given"))
    label = serializers.CharField()  # type: ignore[assignment]
    cells = NumberSerializer(many=True)


class ClaimLineSerializer(serializers.Serializer):
    """What others say about a number of ours."""

    what = serializers.CharField()
    value = serializers.CharField()
    as_of = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class GridSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    fiscal_year = serializers.IntegerField(help_text=gettext_lazy("2026: from 1 April 2026 to 31 March 2027"))
    reference_date = serializers.DateField(help_text=gettext_lazy("The day it was counted, in Tokyo."))
    rows = RowSerializer(many=True)
    total = NumberSerializer(many=True)
    claims = ClaimLineSerializer(many=True)


class YearParameters(serializers.Serializer):
    year = serializers.IntegerField(
        required=False,
        min_value=1873,
        max_value=2200,
        help_text=gettext_lazy("Fiscal year; the current one if not given."),
    )


NUMBER = {"column": None, "column_label": "", "measure": "count", "value": 85.0, "published": True}
GRID = {
    "key": "offices.by_office", "title": "事務所別の件数", "fiscal_year": 2026, "reference_date": "2026-11-25",
    "rows": [{"row": "4", "label": "ロンドン事務所", "cells": [NUMBER]}], "total": [NUMBER], "claims": [],
}  # fmt: skip
TABLES_EXAMPLE = {
    "results": [
        {"key": "offices.by_office", "title": "事務所別の件数", "first_year": 2012, "measures": {"count": "件数"}}
    ]
}


def _example(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


class _Statistics(generics.GenericAPIView):
    permission_classes = (TokenScope,)
    token_scopes = {"GET": SCOPE}

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        return response


@etag
class Statistics(_Statistics):
    """The tables the reader may see."""

    serializer_class = TablesSerializer

    @extend_schema(
        operation_id="statistics",
        summary=gettext_lazy("The tables of statistics you may see"),
        responses={200: TablesSerializer, 304: NOT_MODIFIED, **REFUSED},
        examples=[_example("statistics", TABLES_EXAMPLE)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        seen = [table for table in TABLES.values() if table.may_be_seen_by(request.user)]  # type: ignore[arg-type]
        return Response({"results": [_described(table) for table in sorted(seen, key=lambda each: each.key)]})


def _described(table: Table) -> dict[str, Any]:
    measures = {measure.key: str(measure.title) for measure in table.measures}
    return {"key": table.key, "title": str(table.title), "first_year": table.first_year, "measures": measures}


@etag
class OneTable(_Statistics):
    """The numbers of one table in one fiscal year."""

    serializer_class = GridSerializer

    @extend_schema(
        operation_id="statistics_of",
        summary=gettext_lazy("One table of a fiscal year: the numbers of the screen"),
        parameters=[YearParameters],
        responses={
            200: GridSerializer, 304: NOT_MODIFIED, 400: WRONG,
            404: OpenApiResponse(ErrorSerializer, description=gettext_lazy("There is no such table.")), **REFUSED,
        },
        examples=[_example("statistics_of", GRID)],
    )  # fmt: skip
    def get(self, request: Request, *args: Any, key: str, **kwargs: Any) -> Response:
        table = TABLES.get(key)
        if table is None:
            raise Http404
        if not table.may_be_seen_by(request.user):  # type: ignore[arg-type]
            raise PermissionDenied(_("Your posting does not give you the right to do this."))
        year, now = _year(request, table), timezone.now()
        return Response(_written(fill(table, request.user, year, now=now)))  # type: ignore[arg-type]


def _year(request: Request, table: Table) -> FiscalYear:
    asked = YearParameters(data=request.query_params)
    asked.is_valid(raise_exception=True)
    years = years_since(table.first_year, timezone.now())
    wanted = asked.validated_data.get("year", years[0].year)
    if wanted not in {year.year for year in years}:
        raise exceptions.ValidationError({"year": [_("There are no numbers for this year.")]})
    return FiscalYear(wanted)


def _written(grid: Grid) -> dict[str, Any]:
    return {
        "key": grid.table.key, "title": str(grid.table.title), "fiscal_year": grid.year.year,
        "reference_date": tokyo_date(grid.counted_at),
        "rows": [
            {"row": head.token, "label": head.label, "cells": _numbers(grid.leaves, cells)}
            for head, cells in zip(grid.heads, grid.body, strict=True)
        ],
        "total": _numbers(grid.leaves, grid.foot),
        "claims": [
            {"what": line.what, "value": line.value, "as_of": line.as_of, "source": line.source} for line in grid.claims
        ],
    }  # fmt: skip


def _numbers(leaves: tuple[Leaf, ...], cells: tuple[Cell, ...]) -> list[dict[str, Any]]:
    return [_number(leaf, cell.value) for leaf, cell in zip(leaves, cells, strict=True)]


def _number(leaf: Leaf, value: Any) -> dict[str, Any]:
    unpublished = value == UNPUBLISHED
    return {
        "column": leaf.head.token if leaf.head else None, "column_label": leaf.head.label if leaf.head else "",
        "measure": leaf.measure.key, "value": None if unpublished or value is None else float(value),
        "published": not unpublished,
    }  # fmt: skip
