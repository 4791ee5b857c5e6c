"""Accepting an invitation. Public, and in the database portal_login: only a right code shows and writes anything."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from clair_portal.accounts import invitations
from clair_portal.accounts.forms import AcceptForm, CodeForm
from clair_portal.accounts.invitations import AlreadyPosted, InvitationError, Invited
from clair_portal.accounts.rules import everybody


@everybody("GET", "POST")
def enter_code(request: Any) -> HttpResponse:
    """For codes on paper."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("invitation_accept", form.cleaned_data["code"].strip().replace("/", "") or "-")
    return render(request, "accounts/invitation_code.html", {"form": form}, status=422 if form.is_bound else 200)


@sensitive_post_parameters("password1", "password2")
@everybody("GET", "POST")
def accept(request: Any, code: str) -> HttpResponse:
    try:
        invited = invitations.invited_by_code(code, now=timezone.now())
        if invited.user is None:
            return _with_new_account(request, code, invited)
        return _with_account(request, code, invited)
    except InvitationError as error:
        context = {"sentence": error.sentence, "state": error.state}
        return render(request, "accounts/invitation_wrong.html", context, status=error.status)
    except AlreadyPosted:
        sentence = _("You already hold this role at this organisation on some of these days. Nothing was changed.")
        return render(request, "accounts/invitation_wrong.html", {"sentence": sentence, "state": "held"}, status=409)


def _with_new_account(request: Any, code: str, invited: Invited) -> HttpResponse:
    form = AcceptForm(request.POST or None, email=invited.email)
    if request.method == "POST" and form.is_valid():
        invitations.accept_with_new_account(code, password=form.cleaned_data["password1"], now=timezone.now())
        messages.success(
            request, _("Your account is ready. Sign in with your e-mail address and the password you chose.")
        )
        return redirect("account_login")
    context = {"invited": invited, "form": form}
    return render(request, "accounts/invitation_accept.html", context, status=422 if form.is_bound else 200)


def _with_account(request: Any, code: str, invited: Invited) -> HttpResponse:
    user = request.user
    mine = user.is_authenticated and user.pk == invited.user
    if request.method == "POST" and mine:
        invitations.accept_with_account(code, user=user, now=timezone.now())
        messages.success(
            request, _("You have been posted to %(organisation)s.") % {"organisation": invited.organisation}
        )
        return redirect("desk")
    status = 403 if request.method == "POST" else 200
    context = {"invited": invited, "mine": mine, "other": user.is_authenticated and not mine}
    return render(request, "accounts/invitation_join.html", context, status=status)
