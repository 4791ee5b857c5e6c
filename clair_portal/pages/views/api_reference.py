"""The reference of the public API as a page of our own, read from the same schema that machines get."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator

from clair_portal.accounts.rules import everybody
from clair_portal.network import api_examples

Schema = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    name: str
    where: str  # "query" or "path"
    type: str
    description: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One field of an answer; `name` of a nested one is "names.ja" or "claims[].value"."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Endpoint:
    id: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    fields: tuple[Field, ...]
    example: str
    answers: tuple[tuple[str, str], ...]  # status and when


@everybody()
def api_reference(request: HttpRequest) -> HttpResponse:
    rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    context = {
        "endpoints": endpoints(get_language() or settings.LANGUAGE_CODE),
        "error": pretty(api_examples.ERROR),
        "host": settings.PORTAL_URL,
        "rate": rates["anon"].split("/")[0],
    }
    return render(request, "pages/api_reference.html", context)


@functools.cache
def endpoints(language: str) -> tuple[Endpoint, ...]:
    """Every endpoint of the schema in the active language, which `language` must name: it is the key of the cache."""
    schema: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found = [_endpoint(path, methods["get"], schema) for path, methods in schema["paths"].items()]
    return tuple(sorted(found, key=lambda endpoint: endpoint.path))


def _endpoint(path: str, operation: Schema, schema: Schema) -> Endpoint:
    answer = operation["responses"]["200"]["content"]["application/json"]
    examples = [example["value"] for example in answer.get("examples", {}).values()]
    return Endpoint(
        id=operation["operationId"],
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        parameters=tuple(_parameter(each) for each in operation.get("parameters", ())),
        fields=tuple(_fields(answer["schema"], schema)),
        example=pretty(examples[0]) if examples else "",
        answers=tuple(
            (status, each["description"]) for status, each in operation["responses"].items() if status != "200"
        ),
    )


def _parameter(described: Schema) -> Parameter:
    schema = described["schema"]
    choices = tuple(str(value) for value in schema.get("enum", ()))
    return Parameter(described["name"], described["in"], _type(schema), described.get("description", ""), choices)


def _fields(schema: Schema, whole: Schema, prefix: str = "") -> list[Field]:
    """Fields in depth first order; a list is entered at its rows."""
    fields: list[Field] = []
    for name, described in _resolved(schema, whole).get("properties", {}).items():
        own = f"{prefix}{name}"
        inner = _resolved(described, whole)
        fields.append(Field(own, _type(inner), described.get("description") or inner.get("description", "")))
        if inner.get("type") == "array":
            fields += _fields(inner["items"], whole, f"{own}[].")
        elif inner.get("properties"):
            fields += _fields(inner, whole, f"{own}.")
    return fields


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """The schema a reference points to; the one in `allOf`, which is how a described reference is written."""
    for part in schema.get("allOf", ()):
        return _resolved(part, whole)
    if "$ref" not in schema:
        return schema
    found: Schema = whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return found


def _type(schema: Schema) -> str:
    kind = str(schema.get("format") or schema.get("type") or "object")
    return f"{kind} | null" if schema.get("nullable") else kind


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
