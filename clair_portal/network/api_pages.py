"""Pages by cursor: rows added meanwhile move nothing, and every row comes exactly once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, pagination
from rest_framework.request import Request
from rest_framework.response import Response

LARGEST = 200


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
        next_link = {
            "type": "string", "format": "uri", "nullable": True,
            "description": str(gettext_lazy("Address of the next page; null on the last one.")),
        }  # fmt: skip
        day = {
            "type": "string",
            "format": "date",
            "description": str(gettext_lazy("The day the answer holds for, in Tokyo.")),
        }
        return {
            "type": "object",
            "required": ["reference_date", "next", "results"],
            "properties": {"reference_date": day, "next": next_link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Described by the serializers of the parameters."""
        return []


class CountryOrder(CodeOrder):
    """One office a day for each country, so the country is unique in a list for one day."""

    ordering = ("country_id",)
