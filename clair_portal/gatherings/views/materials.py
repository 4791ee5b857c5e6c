"""Materials of an event: added by the host, handed out to those who may read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import everybody, needs
from clair_portal.documents.services import hand_out
from clair_portal.documents.sniffing import Refused as FileRefused
from clair_portal.gatherings.forms import MaterialForm
from clair_portal.gatherings.handouts import add_material, remove_material
from clair_portal.gatherings.models import Event, Material
from clair_portal.gatherings.rules import HOST


def _ours(request: Any, pk: UUID) -> Event:
    return get_object_or_404(Event.objects.visible_to(request.scope).hosted_by(request.scope), pk=pk)


@needs(HOST, "GET", "POST")
def add(request: Any, pk: UUID) -> HttpResponse:
    found, form = _ours(request, pk), MaterialForm(request.POST or None, request.FILES or None)
    path = f"/desk/events/{found.pk}/"
    if request.method == "POST" and form.is_valid():
        try:
            add_material(found, **form.cleaned_data, actor=request.reader, now=timezone.now())
        except FileRefused as error:
            form.add_error("upload", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(path)
    context = {"form": form, "event": found, "heading": _("Add a material"), "button": _("Add"), "back": path}
    return render(request, "gatherings/form.html", context, status=422 if form.is_bound else 200)


@needs(HOST, "POST")
def remove(request: Any, pk: UUID, material_pk: UUID) -> HttpResponse:
    found = _ours(request, pk)
    material = get_object_or_404(Material.objects.visible_to(request.scope), pk=material_pk, event=found)
    remove_material(material, actor=request.reader)
    messages.success(request, _("Removed."))
    return redirect(f"/desk/events/{found.pk}/")


@everybody()
def download(request: Any, pk: UUID) -> HttpResponseBase:
    """For whoever may read it: the same address for the public, for those registered and for the host."""
    return hand_out(get_object_or_404(Material.objects.visible_to(request.scope), pk=pk))
