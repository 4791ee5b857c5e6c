"""How the published tree stands, for those who keep the portal running."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from clair_portal.accounts.rules import needs
from clair_portal.publishing.models import Page, Run
from clair_portal.publishing.tree import everything, write
from clair_portal.publishing.tree.checking import KEEPS

SHOWN = 50


@needs(KEEPS)
def published(request: Any) -> HttpResponse:
    """Counts, the last runs, and what failed."""
    context = {
        "kept": write.is_kept(), "counts": Page.objects.by_state(), "runs": Run.objects.all()[:10], "faults": Page.objects.faults()[:SHOWN],
    }  # fmt: skip
    return render(request, "publishing/published.html", context)


@needs(KEEPS, "POST")
def publish_everything(request: Any) -> HttpResponse:
    job = everything.ask_for(actor=request.reader, user=request.user.pk, path=reverse("published"))
    return redirect("job", pk=job.pk)
