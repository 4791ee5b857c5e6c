"""Pages about kinds of cases: how a case of each kind travels, and the terms that headquarters keeps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs, signed_in
from clair_portal.casework.diagram import drawing, moves_table
from clair_portal.casework.kind_versions import KindVersionForm, begin_version
from clair_portal.casework.models import KindVersion
from clair_portal.casework.workflow import WORKFLOWS, Workflow


def _workflow(kind: str) -> Workflow:
    try:
        return WORKFLOWS[kind]
    except KeyError as error:
        raise Http404 from error


@signed_in()
def workflows(request: Any) -> HttpResponse:
    """Help: every kind of case with its way, drawn from the workflow itself."""
    shown = [
        {"workflow": workflow, "drawing": drawing(workflow), "moves": moves_table(workflow)}
        for workflow in WORKFLOWS.values()
    ]
    return render(request, "casework/workflows.html", {"shown": shown, "may_edit": request.reader.can("network.edit")})


@needs("network.edit", "GET", "POST")
def kind_versions(request: Any, kind: str) -> HttpResponse:
    """The versions of a kind; a new one begins on a day, and open cases keep theirs."""
    workflow, now = _workflow(kind), timezone.now()
    form = KindVersionForm(request.POST or None, workflow=workflow)
    if request.method == "POST" and form.is_valid():
        version = begin_version(workflow, values=form.values(), actor=request.reader, now=now)
        messages.success(request, _("Version %(number)s is kept.") % {"number": version.version})
        return redirect("kind_versions", kind=kind)
    versions = list(KindVersion.objects.filter(kind=kind).order_by("-version"))
    unconfirmed = workflow.proposed and not any(version.confirmed_at for version in versions)
    context = {"workflow": workflow, "versions": versions, "unconfirmed": unconfirmed, "form": form}
    return render(request, "casework/kind_versions.html", context, status=422 if form.is_bound else 200)
