"""Who holds a link to an object, and taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts import signed_links
from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.rules import signed_in


@signed_in()
def links(request: Any, subject_type: str, subject_id: str) -> HttpResponse:
    """Links of one object that the reader's organisation gave out; of a foreign object an empty list."""
    rows = SignedLink.objects.visible_to(request.scope).filter(subject_type=subject_type, subject_id=subject_id)
    context = {"rows": rows.order_by("-created_at"), "now": timezone.now()}
    return render(request, "accounts/signed_links.html", context)


@signed_in("POST")
def revoke(request: Any, pk: UUID) -> HttpResponse:
    link = get_object_or_404(SignedLink.objects.visible_to(request.scope), pk=pk)
    signed_links.revoke_link(link, actor=request.reader, now=timezone.now())
    messages.success(request, _("The link is revoked; it opens nothing any more."))
    return redirect("signed_links", link.subject_type, link.subject_id)
