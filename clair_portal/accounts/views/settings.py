"""The reader's own settings, and the two switches of the frame."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clair_portal.accounts import services
from clair_portal.accounts.forms import SettingsForm
from clair_portal.accounts.middleware import POSTING_KEY
from clair_portal.accounts.models import Person
from clair_portal.accounts.rules import everybody, signed_in
from clair_portal.accounts.safe_next import next_address

YEAR = 365 * 24 * 3600


@signed_in("GET", "POST")
def own_settings(request: Any) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.scope), pk=request.reader.person)
    form = SettingsForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        services.save_settings(person, values=form.cleaned_data, actor=request.reader, now=timezone.now())
        with translation.override(person.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("settings")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/settings.html", {"form": form, "postings": request.reader.posts}, status=status)


@signed_in("POST")
def switch_posting(request: Any) -> HttpResponse:
    """Works for another of the reader's own postings that is in force; anything else changes nothing."""
    wanted = request.POST.get("posting", "")
    chosen = [post for post in request.reader.posts if str(post.id) == wanted and post.holds]
    if not chosen:
        messages.warning(request, _("This posting is not yours, or not in force today. Nothing was changed."))
        return redirect(next_address(request, reverse("desk")))
    request.session[POSTING_KEY] = chosen[0].id
    messages.success(request, _("You now work for %(posting)s.") % {"posting": chosen[0].label})
    return redirect(next_address(request, reverse("desk")))


@everybody("POST")
def switch_language(request: Any) -> HttpResponse:
    """Another language, keeping the page; remembered in a cookie and, for people who are signed in, with the person."""
    response = redirect(next_address(request, "/"))
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    if request.reader is not None and language in dict(settings.STAFF_LANGUAGES):
        services.choose_language(language=language, actor=request.reader, now=timezone.now())
    response.set_cookie(
        settings.LANGUAGE_COOKIE, language, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response
