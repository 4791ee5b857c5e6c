"""The reference of the public API as a page of our own, read from the same schema that machines get."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator

from clair_portal.accounts.for_everybody import public_page
from clair_portal.language.versions import staff_language
from clair_portal.network import api_examples
from clair_portal.open_data.views import licence

Schema = dict[str, Any]
METHODS = ("get", "post", "patch")
GOOD = ("200", "201")


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
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Endpoint:
    """`public`: read without a token. `body`: fields of what is sent."""

    id: str
    method: str
    path: str
    public: bool
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    body: tuple[Field, ...]
    fields: tuple[Field, ...]
    examples: tuple[tuple[str, str], ...]  # of which kind, and the answer
    answers: tuple[tuple[str, str], ...]  # status and when


@public_page
def api_reference(request: HttpRequest) -> HttpResponse:
    """What everybody may read, and the rules for all addresses."""
    return _described(request, _("Addresses for programs (API)"), "pages/api_public.html", public=True)


@public_page
def api_with_token(request: HttpRequest) -> HttpResponse:
    """What a program may do that acts for somebody with a posting."""
    return _described(request, _("Requests and statistics, with a token"), "pages/api_token.html", public=False)


def _described(request: HttpRequest, title: Any, template: str, *, public: bool) -> HttpResponse:
    """The description itself exists in the two languages of staff; it stands in each version, marked as what it is."""
    wanted = get_language() or settings.LANGUAGE_CODE
    lang = staff_language(wanted)
    with translation.override(lang):
        found = [each for each in endpoints(lang) if each.public is public]
        text = render_to_string(template, {"lang": lang, "title": title, "endpoints": found, **_rules()}, request)
    context = {"title": title, "text": mark_safe(text), "other": not wanted.startswith(lang)}  # noqa: S308 - a template's own output
    return render(request, "pages/api_reference.html", context)


def _rules() -> dict[str, Any]:
    rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    return {
        "error": pretty(api_examples.ERROR),
        "rate": rates["anon"].split("/")[0],
        "token_rate": rates["user"].split("/")[0],
        "write_rate": rates["write"].split("/")[0],
        **licence(),
    }


@functools.cache
def endpoints(language: str) -> tuple[Endpoint, ...]:
    """Every endpoint of the schema in the active language, which `language` must name: it is the key of the cache."""
    schema: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found = [
        _endpoint(path, method, operation, schema)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
    return tuple(sorted(found, key=lambda endpoint: (endpoint.path, METHODS.index(endpoint.method.lower()))))


def _endpoint(path: str, method: str, operation: Schema, schema: Schema) -> Endpoint:
    answer = _answer(operation)
    examples = answer.get("examples", {}).values()
    return Endpoint(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        public={} in operation.get("security", [{}]),
        summary=operation["summary"],
        description=operation.get("description", ""),
        parameters=tuple(_parameter(each) for each in operation.get("parameters", ())),
        body=tuple(_fields(_sent(operation), schema)),
        fields=tuple(_fields(answer.get("schema", {}), schema)),
        examples=tuple((each.get("summary", ""), pretty(each["value"])) for each in examples),
        answers=tuple(
            (status, each["description"]) for status, each in operation["responses"].items() if status not in GOOD
        ),
    )


def _answer(operation: Schema) -> Schema:
    """What a good answer holds as JSON; nothing for a file."""
    for status in GOOD:
        content = operation["responses"].get(status, {}).get("content", {})
        if "application/json" in content:
            found: Schema = content["application/json"]
            return found
    return {}


def _sent(operation: Schema) -> Schema:
    content = operation.get("requestBody", {}).get("content", {})
    found: Schema = next((each["schema"] for each in content.values()), {})
    return found


def _parameter(described: Schema) -> Parameter:
    schema = described["schema"]
    choices = tuple(str(value) for value in schema.get("enum", ()))
    return Parameter(described["name"], described["in"], _type(schema), described.get("description", ""), choices)


def _fields(schema: Schema, whole: Schema, prefix: str = "") -> list[Field]:
    """Fields in depth first order; a list is entered at its rows."""
    fields: list[Field] = []
    for name, described in _properties(schema, whole).items():
        own = f"{prefix}{name}"
        inner = _resolved(described, whole)
        fields.append(_field(own, described, inner, whole))
        if inner.get("type") == "array":
            fields += _fields(inner["items"], whole, f"{own}[].")
        else:
            fields += _fields(inner, whole, f"{own}.")
    return fields


def _field(name: str, described: Schema, inner: Schema, whole: Schema) -> Field:
    """Something that may also be empty is written as one of two in the schema: the first of them says what it is."""
    either = [_resolved(each, whole) for each in inner.get("oneOf", ())]
    plain = next((each for each in either if "properties" not in each), inner)
    meaning = described.get("description") or inner.get("description", "")
    return Field(name, _type(plain), meaning, _choices(inner, whole))


def _choices(schema: Schema, whole: Schema) -> tuple[str, ...]:
    """What may be chosen, also in a list."""
    found = _resolved(schema, whole)
    inner = [*found.get("oneOf", ()), *([found["items"]] if "items" in found else [])]
    own = [str(value) for value in found.get("enum", ()) if value not in ("", None)]
    return tuple(own + [value for each in inner for value in _choices(each, whole)])


def _properties(schema: Schema, whole: Schema) -> Schema:
    """The fields of an object; of one that depends on the kind, those of every kind, each with the kinds that have it."""
    found = _resolved(schema, whole)
    merged: Schema = dict(found.get("properties", {}))
    kinds = [_resolved(each, whole).get("properties", {}) for each in found.get("oneOf", ())]
    for properties in kinds:
        key = " ".join(_choices(properties.get("kind", {}), whole))
        for name, field in properties.items():
            only = key and sum(name in each for each in kinds) == 1
            own = field | {"description": f"{field.get('description', '')} ({key})"} if only else field
            merged[name] = _joined(merged[name], own, whole) if name in merged else own
    return merged


def _joined(one: Schema, other: Schema, whole: Schema) -> Schema:
    """A field of two kinds: both meanings, the choices of both."""
    meanings = dict.fromkeys(str(each.get("description", "")) for each in (one, other))
    enum = dict.fromkeys((*_choices(one, whole), *_choices(other, whole)))
    joined = one | {"description": " / ".join(filter(None, meanings))}
    if "items" in one or not enum:
        return joined
    return {"type": "string", "enum": list(enum), "description": joined["description"]}


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
