"""Programme, speakers and partners of an event: added line by line by the host."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.rules import needs
from clair_portal.gatherings.forms import PartnerForm, ProgrammeForm, SpeakerForm
from clair_portal.gatherings.models import Event, Partner, ProgrammeItem, Speaker
from clair_portal.gatherings.rules import HOST
from clair_portal.gatherings.services import add_part, remove_part

MODELS: dict[str, type[Speaker] | type[ProgrammeItem] | type[Partner]] = {
    "programme": ProgrammeItem, "speaker": Speaker, "partner": Partner,
}  # fmt: skip
HEADINGS: dict[str, Promise | str] = {
    "programme": gettext_lazy("Add a line to the programme"), "speaker": gettext_lazy("Add a speaker"),
    "partner": gettext_lazy("Add a partner"),
}  # fmt: skip


def _ours(request: Any, pk: UUID, kind: str) -> Event:
    if kind not in MODELS:
        raise Http404
    return get_object_or_404(Event.objects.visible_to(request.scope).hosted_by(request.scope), pk=pk)


def _form(request: Any, event: Event, kind: str) -> Any:
    data = request.POST or None
    if kind == "programme":
        return ProgrammeForm(data, event=event)
    return SpeakerForm(data) if kind == "speaker" else PartnerForm(data)


@needs(HOST, "GET", "POST")
def add(request: Any, pk: UUID, kind: str) -> HttpResponse:
    found = _ours(request, pk, kind)
    form, path = _form(request, found, kind), f"/desk/events/{found.pk}/"
    if request.method == "POST" and form.is_valid():
        values = form.values() if kind == "programme" else form.cleaned_data
        add_part(found, MODELS[kind](**values), actor=request.reader)
        messages.success(request, _("Saved."))
        return redirect(path)
    context = {"form": form, "event": found, "heading": HEADINGS[kind], "button": _("Add"), "back": path}
    return render(request, "gatherings/form.html", context, status=422 if form.is_bound else 200)


@needs(HOST, "POST")
def remove(request: Any, pk: UUID, kind: str, part_pk: int) -> HttpResponse:
    found = _ours(request, pk, kind)
    part = get_object_or_404(MODELS[kind].objects.visible_to(request.scope), pk=part_pk, event=found)
    remove_part(found, part, actor=request.reader)
    messages.success(request, _("Removed."))
    return redirect(f"/desk/events/{found.pk}/")
