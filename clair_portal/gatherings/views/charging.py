"""Who is in charge of an event or a call: one page for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.gatherings.forms import ChargeForm
from clair_portal.gatherings.models import Call, Event
from clair_portal.gatherings.rules import Refused


def charge_page(
    request: Any, held: Event | Call, *, put: Callable[..., None], said: str, back: str, **context: Any
) -> HttpResponse:
    """`put`: the service that puts a posting in charge. `said`: the sentence when it is done, with %(name)s. `back`: its page."""
    form = ChargeForm(request.POST or None, initial={"posting": held.posting_id}, reader=request.reader)
    if request.method == "POST" and form.is_valid():
        posting = form.cleaned_data["posting"]
        try:
            put(held, posting=posting, actor=request.reader, now=timezone.now())
        except Refused as error:
            form.add_error("posting", str(error))
        else:
            messages.success(request, said % {"name": posting.person})
            return redirect(back)
    context |= {"form": form, "heading": _("Who is in charge"), "button": _("Save"), "back": back}
    return render(request, "gatherings/form.html", context, status=422 if form.is_bound else 200)
