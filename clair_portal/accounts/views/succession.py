"""After a merger: what is open at the former body goes to its successor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.moving import staying
from clair_portal.accounts.rules import needs
from clair_portal.network import moving
from clair_portal.network.models import Succession


@needs("network.edit", "GET", "POST")
def work(request: Any, pk: int) -> HttpResponse:
    """First what would move and how much; confirmed, everything moves in one action."""
    succession = get_object_or_404(Succession.objects.select_related("predecessor", "successor"), pk=pk)
    given = {"succession": succession, "actor": request.reader.signature, "now": timezone.now()}
    if request.method == "POST":
        words = {"count": moving.move_open_work(**given), "name": succession.successor}
        messages.success(request, _("%(count)s items were moved to %(name)s.") % words)
        return redirect("organisation", succession.predecessor_id)
    context = {
        "succession": succession,
        "counts": moving.counts(**given),
        "waiting": moving.waiting(succession, given["now"]),
        "staying": staying(succession),
    }
    return render(request, "accounts/directory/succession_work.html", context)
