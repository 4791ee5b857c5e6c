"""Pages for local governments abroad, without an account. A GET looks; only a button confirms, writes or withdraws."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.rules import everybody, needs
from clair_portal.accounts.signed_links import LinkError, look_at_link, revoke_link
from clair_portal.accounts.strangers import Refusal, within_the_hour, wrong_link
from clair_portal.audit.sentences import in_language
from clair_portal.casework.posts import path_of
from clair_portal.casework.presentation import when
from clair_portal.casework.rules import why_not_write
from clair_portal.documents.services import hand_out
from clair_portal.documents.sniffing import Refused
from clair_portal.network.models import Organisation
from offices.foreign import letterbox
from offices.foreign.access import CONFIRM, FOLLOW
from offices.foreign.forms import AskForm, LinkForm, ReplyForm, WithdrawForm
from offices.foreign.workflow import FOREIGN
from offices.models import ForeignRequest

FOLDER = "offices/foreign"


@everybody("GET", "POST")
@never_cache
def ask(request: Any, code: str) -> HttpResponse:
    """The form of one office."""
    office = Organisation.objects.offices().filter(code=code.upper()).first()
    if office is None:
        raise Http404
    form = AskForm(request.POST or None, request.FILES or None, office=office)
    if request.method == "POST" and form.is_valid() and (form.by_a_program or _taken(request, form, office)):
        return redirect("foreign_sent")
    context = {"office": office, "form": form, "served": form.fields["country"].choices}  # type: ignore[attr-defined]
    return render(request, f"{FOLDER}/ask.html", context, status=422 if request.method == "POST" else 200)


def _taken(request: Any, form: AskForm, office: Organisation) -> bool:
    given = form.cleaned_data
    try:
        within_the_hour(request.META["REMOTE_ADDR"], "foreign.ask")
        letterbox.ask(office, given=given, papers=given["papers"], language=get_language() or "en", now=timezone.now())
    except Refused as error:
        form.add_error("papers", str(error))
    except Refusal as error:
        form.add_error(None, str(error))
    return form.is_valid()


@everybody()
@never_cache
def sent(request: Any) -> HttpResponse:
    return render(request, f"{FOLDER}/sent.html")


@everybody("GET", "POST")
@never_cache
def confirm(request: Any, token: str) -> HttpResponse:
    """The page of the mail: looking changes nothing, so that a scanner of mail confirms nothing."""
    try:
        if request.method == "POST":
            letterbox.confirm(token, now=timezone.now())
        else:
            look_at_link(token, purpose=CONFIRM, now=timezone.now())
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)
    return render(request, f"{FOLDER}/confirm.html", {"done": request.method == "POST", "token": token})


@everybody("GET", "POST")
@never_cache
def case(request: Any, token: str) -> HttpResponse:
    """The state, what was written, and a place to write. A POST writes to the office."""
    return _with_form(request, token, "reply", ReplyForm(request.POST or None, request.FILES or None))


@everybody("GET", "POST")
@never_cache
def withdraw(request: Any, token: str) -> HttpResponse:
    return _with_form(request, token, "withdrawal", WithdrawForm(request.POST or None))


def _with_form(request: Any, token: str, kind: str, form: Any) -> HttpResponse:
    posted = request.method == "POST"
    try:
        if posted and form.is_valid() and _written(request, token, kind, form):
            return redirect("foreign_case", token)
        found = letterbox.follow(token, now=timezone.now())
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)
    page = "case" if kind == "reply" else "withdraw"
    context = {"token": token, "form": form, **_shown(found)}
    return render(request, f"{FOLDER}/{page}.html", context, status=422 if posted else 200)


def _written(request: Any, token: str, kind: str, form: Any) -> bool:
    given = form.cleaned_data
    try:
        within_the_hour(request.META["REMOTE_ADDR"], "foreign.write")
        letterbox.write(
            token,
            kind=kind,
            body=given.get("body") or given["reason"],
            papers=given.get("papers", []),
            now=timezone.now(),
        )
    except Refused as error:
        form.add_error("papers", str(error))
    except Refusal as error:
        form.add_error(None, str(error))
    return bool(form.is_valid())


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """For the page, with times as the office's clocks show them."""
    office = Organisation.objects.get(pk=found["office"])
    with timezone.override(zoneinfo.ZoneInfo(office.time_zone)):
        for note in found["notes"]:
            note |= {"by": in_language(note["by"]), "at": _when(note["at"])}
        filed = _when(found["filed_at"])
    state = FOREIGN.state(found["case_state"])
    return {"found": found, "state": state, "said": state.public_for(office), "office": office, "filed": filed}


def _when(text: str) -> str:
    return when(dt.datetime.fromisoformat(text))


@everybody()
@never_cache
def paper(request: Any, token: str, pk: UUID) -> HttpResponseBase:
    try:
        return hand_out(letterbox.paper(token, pk, now=timezone.now()))
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)


@everybody("GET", "POST")
@never_cache
def new_link(request: Any) -> HttpResponse:
    """The same answer whether the address is known or not."""
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            within_the_hour(request.META["REMOTE_ADDR"], "foreign.link")
            letterbox.wish_for_link(form.cleaned_data["email"], now=timezone.now())
            return render(request, f"{FOLDER}/link.html", {"sent": True})
        except Refusal as error:
            form.add_error(None, str(error))
    return render(request, f"{FOLDER}/link.html", {"form": form}, status=422 if request.method == "POST" else 200)


# --- The office ------------------------------------------------------------------------------------------------------------
@needs("cases.work", "POST")
def revoke(request: Any, pk: UUID) -> HttpResponse:
    """Every link of one request opens nothing any more."""
    asked = ForeignRequest.objects.visible_to(request.scope).select_related("case").filter(pk=pk).first()
    if asked is None or asked.case is None:
        raise Http404
    if reason := why_not_write(asked.case, request.reader):
        messages.warning(request, reason)
        return redirect(path_of(asked.case))
    links = SignedLink.objects.visible_to(request.scope).filter(
        subject_type=asked._meta.label_lower, subject_id=str(asked.pk), purpose=FOLLOW, revoked_at=None
    )
    for link in links:
        revoke_link(link, actor=request.reader, now=timezone.now())
    messages.success(request, _("The links are taken back; they open nothing any more."))
    return redirect(path_of(asked.case))
