"""What allauth lacks: ending one other session, and a page for "too many attempts"."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import loader
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import everybody
from clair_portal.accounts.sign_in_log import note


@everybody("POST")
def end_session(request: Any, pk: int) -> HttpResponse:
    """Signs out one of the reader's own devices. Also for people without a posting: an account is theirs all the same."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    session = get_object_or_404(UserSession, pk=pk, user_id=request.user.pk)
    session.end()
    note("accounts.session.ended", request.user, device=session.user_agent[:80])
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """handler429 of the URL configuration: allauth answers with it when a limit is reached."""
    page = loader.render_to_string("account/too_many_requests.html", {}, request)
    return HttpResponse(page, status=429, headers={"Retry-After": "60"})
