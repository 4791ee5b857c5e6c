"""What an office writes over days and then sends by a move of the case: a report, a result of research.

Colleagues write one draft. Whoever saves or sends words over those of another is shown both first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.casework.kinds import MoveForm
from clair_portal.casework.listing import Text
from clair_portal.casework.models import Case
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.casework.shown import both, shown_in, shown_of
from clair_portal.walls.scope import Scope


@dataclass(frozen=True)
class Drafting:
    """`held`: the draft of the reader's office, or an empty one. `begun`: what its page begins with.

    `save`: keeps what was typed; raises Conflict, NotAllowed.
    """

    heading: Text
    saved: Text
    form: type[forms.Form]
    names: tuple[str, ...]
    held: Callable[[Case, Scope], Model]
    begun: Callable[[Case, Scope], dict[str, Any]]
    save: Callable[..., None]


# --- Its page ---------------------------------------------------------------------------------------------------------
def draft_page(request: Any, case: Case, drafting: Drafting) -> HttpResponse:
    form = drafting.form(request.POST or None, initial=drafting.begun(case, request.scope))
    if request.method == "POST":
        return _save(request, case, drafting, form)
    return _page(request, case, drafting, form, shown_of(drafting.held(case, request.scope), drafting.names))


def _save(request: Any, case: Case, drafting: Drafting, form: forms.Form) -> HttpResponse:
    shown, by_itself = shown_in(request.POST), "X-Autosave" in request.headers
    again: dict[str, Any] = {}
    if form.is_valid():
        try:
            drafting.save(case, **form.cleaned_data, shown=shown, actor=request.reader, now=timezone.now())
        except Conflict as error:
            if by_itself:
                return HttpResponse(status=409)
            again = both(form, shown=shown, stored=drafting.held(case, request.scope))
            form.add_error(None, str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            if by_itself:
                return HttpResponse(status=204, headers={"X-Version": shown_of(form.cleaned_data, drafting.names)})
            messages.success(request, str(drafting.saved))
            return redirect(path_of(case))
    return _page(request, case, drafting, form, request.POST.get("version", ""), **again)


def _page(request: Any, case: Case, drafting: Drafting, form: forms.Form, version: str, **again: Any) -> HttpResponse:
    context = {"case": case, "heading": drafting.heading, "form": form, "instead": request.path, "shown": version}
    return render(request, "offices/draft.html", context | again, status=422 if form.is_bound else 200)


# --- The move that sends it -------------------------------------------------------------------------------------------
class SendingForm(MoveForm):
    """Begins with what the office has drafted. `drafted`: the draft as the page showed it.

    A program that sends its own words has seen no draft: where there is another one they do not take its place.
    """

    drafting: Drafting
    guards = {"body": "drafted"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drafted"] = forms.CharField(
            required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
        )
        scope = self.actor.scope
        self._now = shown_of(self.drafting.held(self.case, scope), self.drafting.names)
        self.initial = {**self.initial, **self.drafting.begun(self.case, scope), "drafted": self._now}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        nothing = dict.fromkeys(self.drafting.names)
        sent = {name: data.get(name) for name in nothing}  # a field with a mistake has no value
        if self._now in (data.get("drafted"), *(shown_of(each, nothing) for each in (nothing, sent))):
            return data
        if "drafted" not in self.data:
            raise forms.ValidationError(
                _(
                    "Your office keeps a draft with other words. Send that one by leaving the text away, or empty the draft "
                    "on its page first."
                )
            )
        self.data = {**{name: self.data[name] for name in self.data}, "drafted": self._now}
        raise forms.ValidationError(
            _(
                "Somebody else changed the draft while you had it open. What you typed is below. Look at the draft; if you "
                "send this one again, it takes the place."
            )
        )

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.drafting.names}
