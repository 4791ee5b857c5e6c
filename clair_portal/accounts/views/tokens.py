from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from clair_portal.accounts import services
from clair_portal.accounts.forms import TokenForm
from clair_portal.accounts.models import ApiToken
from clair_portal.accounts.rules import signed_in
from clair_portal.ui.components.marks import badge


@signed_in("GET", "POST")
@sensitive_variables("secret")
def tokens(request: Any) -> HttpResponse:
    """One's own tokens. A new one is shown in this answer and never again, so the answer is the page, not a redirect."""
    form = TokenForm(request.POST or None)
    secret, status = "", 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        values = {
            "label": form.cleaned_data["label"],
            "scopes": form.cleaned_data["scopes"],
            "expires_at": form.expires_at(),
        }
        _token, secret = services.issue_token(**values, actor=request.reader, now=timezone.now())
        form, status = TokenForm(), 201
    now = timezone.now()
    rows = [{"token": token, "state": _state(token, now)} for token in ApiToken.objects.visible_to(request.scope)]
    return render(request, "accounts/tokens.html", {"form": form, "rows": rows, "secret": secret}, status=status)


def _state(token: ApiToken, now: Any) -> str:
    if token.revoked_at:
        return badge(label=_("revoked"), tone="stop")
    if token.expires_at <= now:
        return badge(label=_("expired"), tone="stop")
    return badge(label=_("valid"), tone="done", fill=4)


@signed_in("POST")
def revoke(request: Any, pk: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.scope), pk=pk)
    services.revoke_token(token, actor=request.reader, now=timezone.now())
    messages.success(request, _("The token “%(label)s” is revoked.") % {"label": token.label})
    return redirect("tokens")
