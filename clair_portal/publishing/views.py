"""The editors' side of publications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.publishing import services
from clair_portal.publishing.forms import PublicationForm, ReleaseForm, WithdrawForm, named_in
from clair_portal.publishing.models import Publication


def _publication(request: Any, pk: int) -> Publication:
    return get_object_or_404(Publication.objects.visible_to(request.scope).select_related("office"), pk=pk)


@needs(services.PREPARE, "GET", "POST")
def edit(request: Any, pk: int) -> HttpResponse:
    publication = _publication(request, pk)
    form = PublicationForm(request.POST or None, instance=Publication.objects.get(pk=pk))  # a copy the form may change
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                publication, values=form.values(), version=form.cleaned_data["version"], actor=request.reader,
                now=timezone.now(),
            )  # fmt: skip
        except services.NotReady as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("publication", pk=pk)
    context = {
        "publication": publication, "form": form, "may_change": services.may_change(publication, request.reader),
        "may_release": request.reader.can(services.RELEASE), "public_url": publication.path(get_language() or "en"),
    }  # fmt: skip
    return render(request, "publishing/edit.html", context, status=422 if form.is_bound else 200)


@needs(services.RELEASE, "GET", "POST")
def release(request: Any, pk: int) -> HttpResponse:
    """Which sentences become public, and who agreed to them when."""
    publication = _publication(request, pk)
    form = ReleaseForm(request.POST or None, publication=publication)
    if request.method == "POST" and form.is_valid() and _released(request, publication, form):
        messages.success(request, _("It is public now."))
        return redirect("publication", pk=pk)
    context = {"publication": publication, "form": form, "named": named_in(publication)}
    return render(request, "publishing/release.html", context, status=422 if form.is_bound else 200)


def _released(request: Any, publication: Publication, form: ReleaseForm) -> bool:
    data = form.cleaned_data
    try:
        services.release(
            publication, version=data["version"], left_out=form.left_out(), consent=data["consent"],
            consent_on=data["consent_on"], on=timezone.localdate(), actor=request.reader, now=timezone.now(),
        )  # fmt: skip
    except services.NotReady as error:
        form.add_error(None, str(error))
        return False
    return True


@needs(services.RELEASE, "GET", "POST")
def withdraw(request: Any, pk: int) -> HttpResponse:
    publication = _publication(request, pk)
    form: forms.Form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(publication, reason=form.cleaned_data["reason"], actor=request.reader, now=timezone.now())
        except services.NotReady as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is no longer public; its address says so."))
            return redirect("publication", pk=pk)
    context = {"publication": publication, "form": form}
    return render(request, "publishing/withdraw.html", context, status=422 if form.is_bound else 200)
