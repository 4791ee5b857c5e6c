"""From a request to a scope: the session's limits, the reader, the language, and the transaction the view runs in."""

from __future__ import annotations

import time
import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header
from psycopg.pq import TransactionStatus

from clair_portal.accounts.along import wanted_by
from clair_portal.accounts.reader import Reader, reader_now
from clair_portal.accounts.tokens import bearer_token
from clair_portal.language.versions import asked_for, language_in, staff_language
from clair_portal.ui.middleware import Handler
from clair_portal.walls.scope import LOGIN_SCOPE, PUBLIC_SCOPE, Scope, acting

LOGIN_PATHS = ("/accounts/",)
WITHOUT_DATABASE = ("/healthz", "/static/")
POSTING_KEY, SIGNED_IN_KEY, SEEN_KEY = "posting", "signed_in_at", "seen_at"


class ReaderMiddleware:
    """Sets request.reader (None: nobody signed in), ends sessions past their limits, activates language and time zone.

    Runs as portal_web before the scope is opened, so that session, user and person are read here and nowhere later.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reader = None
        if not request.path.startswith(WITHOUT_DATABASE):
            keep_session_limits(request)
            reader = reader_for(request)
        request.reader = reader  # type: ignore[attr-defined]
        language = language_for(request, reader)
        zone = zoneinfo.ZoneInfo(reader.time_zone) if reader else timezone.get_default_timezone()
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def keep_session_limits(request: HttpRequest) -> None:
    """Signs out after 30 idle minutes, or 12 hours after signing in (settings)."""
    session = request.session
    if "_auth_user_id" not in session:
        return
    now = int(time.time())
    signed_in, seen = session.setdefault(SIGNED_IN_KEY, now), session.setdefault(SEEN_KEY, now)
    if now - seen > settings.SESSION_IDLE_SECONDS or now - signed_in > settings.SESSION_ABSOLUTE_SECONDS:
        logout(request)
    elif now - seen > 60:
        session[SEEN_KEY] = now


def reader_for(request: HttpRequest) -> Reader | None:
    if token := bearer_token(request):
        reader = reader_now(token.user, timezone.now())
        if reader is None or reader.chosen is None:
            return None  # whoever has no posting has no token either: it is answered as a wrong one
        request.token = token  # type: ignore[attr-defined]
        return reader
    user = request.user  # lazy: evaluated here, or the first access would run inside the scope
    if not user.is_authenticated:
        return None
    return reader_now(int(user.pk), timezone.now(), request.session.get(POSTING_KEY))


def language_for(request: HttpRequest, reader: Reader | None) -> str:
    """Address first, then the person's choice, then the cookie, then the browser; where nobody says anything, Japanese.

    An address without a language is a page of staff, which exists in two; the way in ("/") leads to any version.
    """
    if prefix := language_in(request.path):
        return prefix
    known = dict(settings.LANGUAGES if request.path == "/" else settings.STAFF_LANGUAGES)
    if reader:
        return reader.language if reader.language in known else settings.STAFF_LANGUAGE
    browser = [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    found = asked_for([request.COOKIES.get(settings.LANGUAGE_COOKIE, ""), *browser])
    if found is None:
        return settings.STAFF_LANGUAGE
    return found if found in known else staff_language(found)


class LostTransaction(RuntimeError):
    """A view caught a database error without a savepoint: COMMIT would silently be a ROLLBACK."""


class ScopeMiddleware:
    """Last in MIDDLEWARE: nothing but views and templates runs inside the transaction, as the reader's database role.

    A response of 500 or more, or an exception of the view (also Http404), leaves nothing behind.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_DATABASE):
            return self.get_response(request)
        if second_factor_missing(request):
            return redirect("mfa_index")
        request.scope = scope_for(request)  # type: ignore[attr-defined]
        along = wanted_by(request)
        with acting(request.scope, tuple(along.values())) as told:  # type: ignore[attr-defined]
            request.told = dict(zip(along, told, strict=True))  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "_scope_failed", False):
                transaction.set_rollback(True)
            elif connection.connection.info.transaction_status == TransactionStatus.INERROR:
                raise LostTransaction(request.path)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        # get_response() never raises: the handler has already turned the exception into a response.
        request._scope_failed = True  # type: ignore[attr-defined]


def scope_for(request: HttpRequest) -> Scope:
    reader: Reader | None = request.reader  # type: ignore[attr-defined]
    if request.path.startswith(LOGIN_PATHS):
        return Scope(LOGIN_SCOPE.role, reader.person) if reader else LOGIN_SCOPE
    return reader.scope if reader else PUBLIC_SCOPE


def second_factor_missing(request: Any) -> bool:
    """People of headquarters and offices must set up a second factor before they go on (outside the demo)."""
    reader: Reader | None = request.reader
    if not settings.REQUIRE_SECOND_FACTOR or reader is None or reader.chosen is None:
        return False
    if reader.chosen.kind not in settings.SECOND_FACTOR_KINDS or not request.path.startswith("/desk/"):
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return not is_mfa_enabled(request.user)
