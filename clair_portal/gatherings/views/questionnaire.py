"""The questionnaire: questions and results for the host, a page behind a link for whoever attended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.rules import needs
from clair_portal.accounts.same_site import filled_in, public_form, shown, taken
from clair_portal.accounts.signed_links import LinkError
from clair_portal.accounts.strangers import Refusal, within_the_hour, wrong_link
from clair_portal.gatherings import asking
from clair_portal.gatherings.models import Event, Question
from clair_portal.gatherings.presentation import row, written
from clair_portal.gatherings.question_forms import AnswerForm, QuestionForm
from clair_portal.gatherings.rules import HOST, Refused


def _ours(request: Any, pk: UUID) -> Event:
    return get_object_or_404(Event.objects.visible_to(request.scope).hosted_by(request.scope), pk=pk)


def _path(event: Event) -> str:
    return f"/desk/events/{event.pk}/questionnaire/"


@needs(HOST, "GET", "POST")
def questionnaire(request: Any, pk: UUID) -> HttpResponse:
    """Questions with their results; a POST adds one."""
    found = _ours(request, pk)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asking.add_question(found, values=form.cleaned_data, actor=request.reader)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(_path(found))
    context = {**row(found), **asking.results(found), "form": form, "sent": written(found.questionnaire_at)}
    return render(request, "gatherings/questionnaire.html", context, status=422 if form.is_bound else 200)


@needs(HOST, "POST")
def remove(request: Any, pk: UUID, question_pk: int) -> HttpResponse:
    found = _ours(request, pk)
    rows = Question.objects.visible_to(request.scope).select_related("event")
    question = get_object_or_404(rows, pk=question_pk, event=found)
    try:
        asking.remove_question(question, actor=request.reader)
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Removed."))
    return redirect(_path(found))


@needs(HOST, "POST")
def send(request: Any, pk: UUID) -> HttpResponse:
    found = _ours(request, pk)
    try:
        number = asking.send(found, actor=request.reader, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("%(number)s people get a link by mail within a minute.") % {"number": number})
    return redirect(_path(found))


# --- Whoever attended ---------------------------------------------------------------------------------------------------
@public_form
def answer(request: Any, token: str) -> HttpResponse:
    """A GET looks; the button sends the answers, once."""
    try:
        rows = Event.objects.visible_to(request.scope).for_the_public()
        event = rows.filter(pk=asking.asked_by(token, now=timezone.now())).first()
        if event is None:  # taken off the public pages meanwhile
            raise LinkError("revoked")
        questions = list(Question.objects.visible_to(request.scope).filter(event=event).order_by("pk"))
        form = AnswerForm(**filled_in(request), questions=questions)
        if taken(request, form):
            within_the_hour(request.META["REMOTE_ADDR"], "gatherings.answer", settings.STRANGER_BUTTONS_AN_HOUR)
            asking.answer(token, given=form.given(), now=timezone.now())
            return render(request, "gatherings/forms/answered.html", {"event": event})
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    except LinkError as error:
        return wrong_link(request, "gatherings/forms/wrong.html", error)
    return shown(request, "gatherings/forms/answer.html", {"event": event, "form": form})
