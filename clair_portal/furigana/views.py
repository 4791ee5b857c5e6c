"""Where editors see how a text is read, and correct it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.furigana import services
from clair_portal.furigana.forms import ReadingForm, TryForm
from clair_portal.furigana.models import Reading
from clair_portal.furigana.queries import words_now


@needs(services.RIGHT, "GET", "POST")
def readings(request: Any) -> HttpResponse:
    form = ReadingForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _set(request, form):
        messages.success(request, _("Saved. Pages that show the word follow within a minute."))
        return redirect("readings")
    tried = TryForm(request.GET or None)
    text = tried.cleaned_data["q"] if tried.is_valid() else ""
    context = {
        "form": form, "try_form": tried, "rows": Reading.objects.visible_to(request.scope),
        "shown": SafeString(words_now().ruby(escape(text))),
    }  # fmt: skip
    return render(request, "furigana/readings.html", context, status=422 if form.is_bound else 200)


def _set(request: Any, form: ReadingForm) -> bool:
    try:
        services.set_reading(**form.cleaned_data, actor=request.reader, now=timezone.now())
    except ValidationError as error:
        form.add_error(None, error.messages)  # type: ignore[arg-type]
        return False
    return True


@needs(services.RIGHT, "POST")
def remove(request: Any, pk: int) -> HttpResponse:
    row = get_object_or_404(Reading.objects.visible_to(request.scope), pk=pk)
    services.remove_reading(row, actor=request.reader)
    messages.success(request, _("Taken back. The word list and the dictionary count again."))
    return redirect("readings")
