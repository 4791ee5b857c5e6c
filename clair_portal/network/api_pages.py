"""Pages by cursor: rows added meanwhile move nothing, and every row comes exactly once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination
from rest_framework.request import Request
from rest_framework.response import Response

LARGEST = 200


def _described(schema: dict[str, Any], description: str, example: Any) -> dict[str, Any]:
    return {**schema, "description": description, "example": example}


class CodeOrder(pagination.CursorPagination):
    """Rows in the order of a unique column; `day` is the day the answer holds for."""

    ordering = ("code",)
    page_size = 100
    page_size_query_param = "size"
    max_page_size = LARGEST
    day: dt.date

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"cursor": [_("This is not a cursor that `next` gave.")]}) from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"reference_date": self.day.isoformat(), "next": self.get_next_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        day = _described(
            {"type": "string", "format": "date"}, _("The day the answer holds for, in Tokyo."), "2026-11-24"
        )
        address = {"type": "string", "format": "uri", "nullable": True}
        following = _described(address, _("Address of the next page; null on the last one."), None)
        return {
            "type": "object",
            "required": ["reference_date", "next", "results"],
            "properties": {"reference_date": day, "next": following, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Described by the serializers of the parameters."""
        return []


class CountryOrder(CodeOrder):
    """One office a day for each country, so the country is unique in a list for one day."""

    ordering = ("country_id",)
