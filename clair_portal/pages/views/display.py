"""How a reader wants to see public pages: readings, size of text, contrast. Remembered in one cookie, by a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.csrf import csrf_exempt

from clair_portal.accounts.rules import everybody
from clair_portal.accounts.safe_next import next_address
from clair_portal.accounts.same_site import said_to_be_from_here
from clair_portal.language.words import in_japanese
from clair_portal.ui import preferences as sheets

YEAR = 365 * 24 * 3600
BY_ITSELF = pgettext_lazy("display", "As the page does by itself")


class DisplayForm(forms.Form):
    hide_marks = True  # each question has an answer already
    furigana = forms.ChoiceField(
        label=gettext_lazy("Readings over kanji (furigana)"),
        choices=[
            ("", BY_ITSELF),
            ("furigana", gettext_lazy("Show readings")),
            ("no-furigana", gettext_lazy("Hide readings")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    size = forms.ChoiceField(
        label=gettext_lazy("Text size"),
        choices=[
            ("", pgettext_lazy("text size", "Normal")),
            ("large", pgettext_lazy("text size", "Large")),
            ("largest", pgettext_lazy("text size", "Very large")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    contrast = forms.ChoiceField(
        label=gettext_lazy("Contrast"),
        choices=[("", pgettext_lazy("contrast", "Normal")), ("contrast", pgettext_lazy("contrast", "High"))],
        widget=forms.RadioSelect,
        required=False,
    )
    spacing = forms.ChoiceField(
        label=gettext_lazy("Space between letters and lines"),
        choices=[("", pgettext_lazy("space", "Normal")), ("spaced", pgettext_lazy("space", "Wide"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_japanese():
            del self.fields["furigana"]


@csrf_exempt  # a token would need a cookie, and the button on pages that are files has none: see same_site.py
@everybody("GET", "POST")
def display(request: Any) -> HttpResponse:
    """A form that leaves out a question leaves its answer as it was: the button for readings asks only one."""
    back = next_address(request, reverse("home"))
    cookie = request.COOKIES.get(sheets.COOKIE)
    if request.method == "POST":
        return _remember(request, cookie, back)
    stay = f"{request.path}?{urlencode({'next': back})}"
    context = {"form": DisplayForm(initial=sheets.chosen(cookie)), "next": back, "stay": stay}
    response = render(request, "pages/display.html", context)
    response["Cache-Control"] = "private, no-cache"
    return response


def _remember(request: Any, cookie: str | None, back: str) -> HttpResponse:
    if not said_to_be_from_here(request):
        raise PermissionDenied(
            _("This form works only from a page of this site. Open the page again and choose there.")
        )
    sent = {name: request.POST[name] for name in sheets.GROUPS if name in request.POST}
    words = sheets.cookie_of({**sheets.chosen(cookie), **sent})
    response = redirect(back)
    response.status_code = 303
    if words:
        response.set_cookie(
            sheets.COOKIE, words, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(sheets.COOKIE, samesite="Lax")
    return response


@everybody()
def preferences(request: Any) -> HttpResponse:
    """The sheet every public page links to. nginx answers it without us (deploy/nginx/preferences.conf)."""
    cookie = request.COOKIES.get(sheets.COOKIE)
    if request.headers.get("If-None-Match") == sheets.etag(cookie):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(sheets.sheet(cookie), content_type="text/css")
    response["ETag"] = sheets.etag(cookie)
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response
