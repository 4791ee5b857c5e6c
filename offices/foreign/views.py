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
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.rules import everybody, needs
from clair_portal.accounts.same_site import filled_in, public_form, shown, taken
from clair_portal.accounts.signed_links import LinkError, look_at_link, revoke_link
from clair_portal.accounts.strangers import Refusal, papers_within_the_hour, within_the_hour, wrong_link
from clair_portal.audit.sentences import in_language
from clair_portal.calendars.zones import city_name
from clair_portal.casework.posts import path_of
from clair_portal.casework.rules import why_not_write
from clair_portal.documents.services import hand_out
from clair_portal.documents.sniffing import Refused
from clair_portal.language.cldr import day
from clair_portal.language.words import listed
from clair_portal.network.models import Organisation
from offices.foreign import letterbox
from offices.foreign.access import CONFIRM, FOLLOW
from offices.foreign.forms import AskForm, LinkForm, ReplyForm, WithdrawForm
from offices.foreign.workflow import FOREIGN
from offices.models import ForeignRequest

FOLDER = "offices/foreign"


@public_form
def ask(request: Any, code: str) -> HttpResponse:
    """The form of one office."""
    office = Organisation.objects.offices().filter(code=code.upper()).first()
    if office is None:
        raise Http404
    form = AskForm(**filled_in(request), office=office)
    if taken(request, form) and _kept(request, form, office):
        return redirect("foreign_sent")
    context = {
        "office": office, "form": form, "served": form.fields["country"].choices,  # type: ignore[attr-defined]
        "languages": listed(get_language_info(code)["name_local"] for code in dict.fromkeys((*office.working_languages, "en"))),
    }  # fmt: skip
    return shown(request, f"{FOLDER}/ask.html", context)


def _kept(request: Any, form: AskForm, office: Organisation) -> bool:
    given = form.cleaned_data
    try:
        within_the_hour(request.META["REMOTE_ADDR"], "foreign.ask")
        papers_within_the_hour(request.META["REMOTE_ADDR"], given["papers"])
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


@public_form
def confirm(request: Any, token: str) -> HttpResponse:
    """The page of the mail: looking changes nothing, so that a scanner of mail confirms nothing."""
    try:
        if taken(request):
            letterbox.confirm(token, now=timezone.now())
            return render(request, f"{FOLDER}/confirm.html", {"done": True})
        look_at_link(token, purpose=CONFIRM, now=timezone.now())
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)
    return shown(request, f"{FOLDER}/confirm.html", {})


@public_form
def case(request: Any, token: str) -> HttpResponse:
    """The state, what was written, and a place to write. A POST writes to the office."""
    return _with_form(request, token, "reply", ReplyForm(**filled_in(request)))


@public_form
def withdraw(request: Any, token: str) -> HttpResponse:
    return _with_form(request, token, "withdrawal", WithdrawForm(**filled_in(request)))


def _with_form(request: Any, token: str, kind: str, form: Any) -> HttpResponse:
    try:
        if taken(request, form) and _written(request, token, kind, form):
            return redirect("foreign_case", token)
        found = letterbox.follow(token, now=timezone.now())
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)
    page = "case" if kind == "reply" else "withdraw"
    return shown(request, f"{FOLDER}/{page}.html", {"token": token, "form": form, **_told(found)})


def _written(request: Any, token: str, kind: str, form: Any) -> bool:
    given = form.cleaned_data
    try:
        within_the_hour(request.META["REMOTE_ADDR"], "foreign.write")
        papers_within_the_hour(request.META["REMOTE_ADDR"], given.get("papers", []))
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


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """For the page, with times as the office's clocks show them."""
    office = Organisation.objects.get(pk=found["office"])
    with timezone.override(zoneinfo.ZoneInfo(office.time_zone)):
        for note in found["notes"]:
            note |= {"by": in_language(note["by"]), "at": _when(note["at"])}
        filed = _when(found["filed_at"])
    state, clock = FOREIGN.state(found["case_state"]), city_name(office.time_zone, get_language() or "en")
    said = state.public_for(office)
    return {"found": found, "state": state, "said": said, "office": office, "clock": clock, "filed": filed}


def _when(text: str) -> str:
    at = timezone.localtime(dt.datetime.fromisoformat(text))
    return f"{day(at)} {at:%H:%M}"


@everybody()
@never_cache
def paper(request: Any, token: str, pk: UUID) -> HttpResponseBase:
    try:
        return hand_out(letterbox.paper(token, pk, now=timezone.now()))
    except LinkError as error:
        return wrong_link(request, f"{FOLDER}/wrong.html", error)


@public_form
def new_link(request: Any) -> HttpResponse:
    """The same answer whether the address is known or not."""
    form = LinkForm(**filled_in(request))
    if taken(request, form):
        try:
            within_the_hour(request.META["REMOTE_ADDR"], "foreign.link")
            letterbox.wish_for_link(form.cleaned_data["email"], now=timezone.now())
            return render(request, f"{FOLDER}/link.html", {"sent": True})
        except Refusal as error:
            form.add_error(None, str(error))
    return shown(request, f"{FOLDER}/link.html", {"form": form})


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
