"""Errors as pages: what happened, what to do, and the number to quote. Never a bare text."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.urls import is_valid_path
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from clair_portal.accounts.for_everybody import public_page
from clair_portal.casework.lookup import NoLongerHere
from clair_portal.language.versions import asked_for, language_in
from clair_portal.search.finding import LONGEST
from clair_portal.ui.context import Frame
from clair_portal.ui.request_id import current_request_id


def _page(request: HttpRequest, status: HTTPStatus, heading: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(error_body(status, heading), status=status)
    context = {"heading": heading, "text": text, "status": int(status), "request_id": current_request_id()}
    if status == HTTPStatus.NOT_FOUND and (typed := _typed(request)):
        page = loader.render_to_string("pages/kept_words.html", context | {"typed": typed}, request)
    elif _is_public(request) and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        page = loader.render_to_string("site/error.html", context | {"frame": _front(request)}, request)
    else:
        page = loader.render_to_string("error.html", context, request)
    return HttpResponse(page, status=status)


def _is_public(request: HttpRequest) -> bool:
    return bool(language_in(request.path))


def error_body(status: int, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, object]:
    """The one shape of an API error."""
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    return {
        "error": {
            "status": int(status),
            "code": code,
            "message": message,
            "fields": fields or {},
            "request_id": current_request_id(),
        }
    }


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_public(request):
        text = _("The address may be mistyped, or the page was moved. Look for it from the front page, or search.")
    elif found := _OTHER_CODE.match(request.path):
        return _no_such_version(request, Frame(request), found["code"], found["rest"] or "/")
    elif isinstance(exception, NoLongerHere):
        return _page(request, HTTPStatus.NOT_FOUND, exception.heading, str(exception))
    else:
        text = _("The address may be mistyped, or the page belongs to an organisation whose papers you may not see.")
    return _page(request, HTTPStatus.NOT_FOUND, _("This page was not found"), text)


NOT_TYPED = {"csrfmiddlewaretoken", "version", "seen", "next", "then"}


def _typed(request: HttpRequest) -> list[str]:
    """What somebody who is signed in sent to a page that is no longer there for them: only here it can be copied."""
    checked = request.resolver_match is not None and getattr(request, "reader", None) is not None
    if request.method != "POST" or not checked or _is_public(request):
        return []
    return [
        text for name in request.POST if name not in NOT_TYPED for text in request.POST.getlist(name) if text.strip()
    ]


# What begins like a version and is none: /it/offices/, /JA/, /zh-TW/. Addresses of the portal itself begin otherwise.
_OTHER_CODE = re.compile(r"/(?!api/|desk/)(?P<code>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)(?P<rest>/.*)?$")


def _no_such_version(request: HttpRequest, frame: Frame, code: str, rest: str) -> HttpResponse:
    """Which versions there are, of the same page where it exists, in the version nearest to what was asked or can be read."""
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    language = asked_for([code.replace("_", "-"), *(each for each, _weight in wanted)]) or settings.LANGUAGE_CODE
    with override(language):
        frame.path = f"/{language}{rest if is_valid_path(f'/{language}{rest}') else '/'}"
        context = {
            "heading": _("There is no such language version"), "frame": frame, "versions": frame.languages,
            "text": _("These versions exist. Choose one."), "request_id": current_request_id(),
        }  # fmt: skip
        page = loader.render_to_string("site/error.html", context, request)
        return HttpResponse(page, status=HTTPStatus.NOT_FOUND, headers={"Content-Language": language})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.FORBIDDEN, _("You may not do this"), str(exception))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("What was sent could not be read. Go back and try again; what you typed is still there.")
    return _page(request, HTTPStatus.BAD_REQUEST, _("The request could not be read"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    text = _(
        "Something went wrong on our side and nothing was saved. Go back and try again; what you typed is still there."
    )
    if _is_public(request) and request.method in ("GET", "HEAD"):  # nobody typed anything
        text = _unreachable()[1]
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, _("Something went wrong"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _(
        "The form was open for too long or came from another page. Go back, load the page again and send it once more."
    )
    return _page(request, HTTPStatus.FORBIDDEN, _("The form could not be accepted"), text)


# --- What nginx says where Django is not asked or does not answer: pages as files, one of each version ------------------
def _unreadable() -> tuple[str, str]:
    return _("The request could not be read"), _("Check the address, go back and try again.")


def _too_large() -> tuple[str, str]:
    return _("What was sent is too large"), _(
        "All files together may have up to 30 MB. Go back, choose fewer or smaller files, and send them again."
    )


def _too_long() -> tuple[str, str]:
    return _("The address or what you searched for is too long"), _("Search for at most %(most)s characters.") % {
        "most": LONGEST
    }


def _unreachable() -> tuple[str, str]:
    text = _(
        "This page is not available for the moment. Wait about a minute and try again. Other pages may still work."
    )
    return _("This page cannot be reached at the moment"), text


FILES: dict[int, Callable[[], tuple[str, str]]] = {400: _unreadable, 413: _too_large, 414: _too_long, 502: _unreachable}


@public_page
def error_file(request: Any, status: int) -> HttpResponse:
    """One of FILES as a page of its own."""
    heading, text = FILES[status]()
    return render(request, "pages/error_public.html", {"heading": heading, "text": text, "frame": _front(request)})


def _front(request: HttpRequest) -> Frame:
    """Links to other versions lead to their front pages: the page at this address is not there."""
    frame = Frame(request)
    frame.path = f"/{get_language()}/"
    return frame
