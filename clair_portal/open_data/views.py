"""Open data: the list of sets and their dictionaries for people, the files for programs."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import set_response_etag
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

from clair_portal.accounts.for_everybody import public_page
from clair_portal.open_data import dictionary, editions, files, sets
from clair_portal.open_data.models import Edition

CSV, JSON = "text/csv; charset=utf-8", "application/json; charset=utf-8"


# --- For people -----------------------------------------------------------------------------------------------------------
@public_page
def open_data(request: Any) -> HttpResponse:
    """Every data set with its formats and the day it holds for."""
    latest = editions.latest()
    found = [_shown(each, latest.get(each.key)) for each in sets.known()]
    return render(request, "open_data/list.html", {"sets": found, **licence()})


@public_page
def data_set(request: Any, key: str) -> HttpResponse:
    """The data dictionary of one set."""
    chosen = _found(key)
    context = {"row": _shown(chosen, editions.newest_of(key)), "columns": chosen.columns, **licence()}
    return render(request, "open_data/set.html", context)


def _found(key: str) -> sets.DataSet:
    chosen = sets.find(key)
    if chosen is None:
        raise Http404
    return chosen


def _shown(each: sets.DataSet, edition: Edition | None) -> dict[str, Any]:
    day = editions.reference_day(each, edition)
    return {"set": each, "day": day, "count": edition.rows if edition else None, "edition": edition}


def licence() -> dict[str, str]:
    """What open_data/licence.html shows; nothing where it is not decided."""
    return {"licence_name": settings.OPEN_DATA_LICENCE, "licence_address": settings.OPEN_DATA_LICENCE_ADDRESS}


# --- For programs -----------------------------------------------------------------------------------------------------------
def _open_file(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """One file for every language, packed where it may be, and open to the pages of other sites, also when it is 304."""

    @functools.wraps(view)
    def tagged(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        set_response_etag(response)  # also for HEAD, of which ConditionalGetMiddleware takes no notice
        return response

    answer = public_page(conditional_page(tagged))

    @functools.wraps(answer)
    def opened(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("en"):
            response = gzip_page(answer)(request, *args, **kwargs)
        response.may_be_kept = False  # it is finished: a second look at the tag would lose the headers below
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Content-Language"] = "en"
        return response

    return opened


@_open_file
def data_csv(request: Any, key: str) -> HttpResponse:
    table = files.read(_found(key))
    response = _dated(HttpResponse(files.csv_of(table), content_type=CSV), table)
    response["Content-Disposition"] = f'attachment; filename="{key}.csv"'
    return response


@_open_file
def data_json(request: Any, key: str) -> HttpResponse:
    table = files.read(_found(key))
    edition = editions.edition_of(table)
    return _dated(
        HttpResponse(files.json_of(table, dictionary.about(table.data_set, edition)), content_type=JSON), table
    )


@_open_file
def data_schema(request: Any, key: str) -> HttpResponse:
    return _json(dictionary.schema(_found(key)))


@_open_file
def catalogue(request: Any) -> HttpResponse:
    return _json(dictionary.catalogue(sets.known(), editions.latest()))


def _json(said: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(said, ensure_ascii=False, indent=1) + "\n", content_type=JSON)


def _dated(response: HttpResponse, table: files.Table) -> HttpResponse:
    if (edition := editions.edition_of(table)) is not None:
        response["Last-Modified"] = http_date(edition.noted_at.timestamp())
    return response
