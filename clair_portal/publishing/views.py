"""The editors' side of publications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.rules import signed_in
from clair_portal.publishing import services
from clair_portal.publishing.models import Publication

TEXTS = ("title_ja", "summary_ja", "body_ja", "title_en", "summary_en", "body_en", "consent")


class PublicationForm(forms.ModelForm):
    """Plain text with empty lines between paragraphs; no markup."""

    class Meta:
        model = Publication
        fields = (*TEXTS, "version")
        widgets = {
            **{f"summary_{code}": forms.Textarea(attrs={"rows": 3}) for code in ("ja", "en")},
            **{f"body_{code}": forms.Textarea(attrs={"rows": 12}) for code in ("ja", "en")},
            "version": forms.HiddenInput,
        }
        help_texts = {
            "consent": gettext_lazy(
                "For example: Otaru, planning division, by mail on 2027-06-20. Not shown to the public."
            ),
            "body_ja": gettext_lazy("An empty line begins a new paragraph."),
        }


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _publication(request: Any, pk: int) -> Publication:
    if not services.may_prepare(request.reader):
        raise PermissionDenied(_("Only headquarters and offices prepare publications."))
    return get_object_or_404(Publication.objects.visible_to(request.scope).select_related("office"), pk=pk)


@signed_in()
def publications(request: Any) -> HttpResponse:
    """All that the reader may see, newest first."""
    if not services.may_prepare(request.reader):
        raise PermissionDenied(_("Only headquarters and offices prepare publications."))
    found = Publication.objects.visible_to(request.scope).select_related("office").order_by("-pk")[:200]
    return render(request, "publishing/list.html", {"publications": found})


@signed_in("GET", "POST")
def edit(request: Any, pk: int) -> HttpResponse:
    publication = _publication(request, pk)
    form = PublicationForm(request.POST or None, instance=publication)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in TEXTS}
        seen = Publication(pk=publication.pk, version=form.cleaned_data["version"], **values)
        try:
            services.change(seen, values=values, actor=request.reader, now=timezone.now())
        except services.NotReady as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("publication", pk=pk)
    context = {"publication": publication, "form": form, "may_release": services.may_release(request.reader)}
    return render(request, "publishing/edit.html", context, status=422 if form.is_bound else 200)


@signed_in("POST")
def release(request: Any, pk: int) -> HttpResponse:
    publication = _publication(request, pk)
    try:
        services.release(publication, on=timezone.localdate(), actor=request.reader)
    except services.NotReady as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is public now."))
    return redirect("publication", pk=pk)


@signed_in("GET", "POST")
def withdraw(request: Any, pk: int) -> HttpResponse:
    publication = _publication(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(publication, reason=form.cleaned_data["reason"], actor=request.reader)
        except services.NotReady as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is no longer public; its address says so."))
            return redirect("publication", pk=pk)
    context = {"publication": publication, "form": form}
    return render(request, "publishing/withdraw.html", context, status=422 if form.is_bound else 200)
