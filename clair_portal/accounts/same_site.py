"""Forms for people without an account. What another site sends in their name is not taken, even with a valid token.

The browser itself says where a form comes from: Sec-Fetch-Site, or Origin where it does not know that yet; where it says
neither, the token decides. Whatever is not taken stands on the page again, with a new token: it can be sent once more.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from clair_portal.accounts.rules import everybody
from clair_portal.accounts.strangers import Refusal, within_the_hour


class NotTaken(RuntimeError):
    """A view went on with a form that must not be taken; everything it did is rolled back."""


class _Token(CsrfViewMiddleware):
    """Says what is wrong with the token instead of answering."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


_token = _Token(lambda request: HttpResponse())


def sent_from_elsewhere(request: HttpRequest) -> bool:
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")  # none: the person reloaded or came by a bookmark
    if "Origin" not in request.headers:
        return False
    origin = urlsplit(request.headers["Origin"])
    return (origin.scheme, origin.netloc) != (request.scheme, request.get_host())


def said_to_be_from_here(request: HttpRequest) -> bool:
    """For forms on pages that are files, which carry no token: what the browser does not vouch for is not taken."""
    says = {"Sec-Fetch-Site", "Origin"} & set(request.headers)
    return bool(says) and not sent_from_elsewhere(request)


def _fault(request: HttpRequest) -> str:
    """Why what was sent is not taken; "" when it is."""
    if request.method != "POST":
        return ""
    if sent_from_elsewhere(request):
        return _(
            "This was sent from a page of another site, so nothing was taken. Check what stands here and send it from this page."
        )
    if _token.process_view(request, cast(Any, None), (), {}) is not None:
        return _(
            "The form was open for very long, or your browser keeps no cookies. Nothing was taken yet: send it once more."
        )
    return ""


def public_form(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """For a view that takes `taken(request, form)` as its only leave to act, and answers with `shown`."""

    @functools.wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.not_taken, request.not_taken_status = _fault(request), 403
        response = view(request, *args, **kwargs)
        if request.not_taken and response.status_code < 400:
            raise NotTaken(request.path)
        return response

    return cast(Callable[..., Any], csrf_exempt(everybody("GET", "POST")(never_cache(guarded))))


def filled_in(request: Any) -> dict[str, Any]:
    """What a form is made of: data and files of a POST, else nothing."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def taken(request: Any, form: forms.Form | None = None) -> bool:
    """Whether something was sent that may be acted on. The form, where there is one, then says what is wrong with it.

    Buttons without a form are counted here (so many an hour); views with a form count what they take themselves.
    """
    if request.method != "POST":
        return False
    if request.not_taken and form is not None:
        form.add_error(None, request.not_taken)
    if not request.not_taken and form is None:
        _count_button(request)
    return not request.not_taken and (form is None or form.is_valid())


def _count_button(request: Any) -> None:
    """A button without a form has no field to say it at: the page says why nothing was taken."""
    try:
        within_the_hour(request.META["REMOTE_ADDR"], request.resolver_match.url_name, settings.STRANGER_BUTTONS_AN_HOUR)
    except Refusal as refusal:
        request.not_taken, request.not_taken_status = str(refusal), 429


def shown(request: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of the form: 403 where nothing was taken, 429 where too much came, 422 where something must be corrected."""
    status = 200 if request.method != "POST" else request.not_taken_status if request.not_taken else 422
    return render(request, template, {**context, "not_taken": request.not_taken}, status=status)


def moved(name: str) -> Callable[..., Any]:
    """An address of former days. What is sent there is sent on by the browser, with everything that was typed."""

    @csrf_exempt
    @everybody("GET", "POST")
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = HttpResponsePermanentRedirect(reverse(name, kwargs=kwargs))
        if request.method == "POST":
            response.status_code = 308
        return response

    return cast(Callable[..., Any], answer)
