"""What a stranger can do: ask, confirm, follow, write. Each is one call of a function of the database (access.py)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.strangers import Refusal, call, through_link
from clair_portal.casework.models import CaseFile
from clair_portal.documents.services import receive
from clair_portal.network.models import Organisation
from offices.foreign.access import CONFIRM, FOLLOW


def _kept(papers: list[UploadedFile]) -> str:
    """Checked and stored. Raises documents.Refused with a sentence."""
    return json.dumps([receive(paper).fields() for paper in papers])


def ask(
    office: Organisation, *, given: dict[str, Any], papers: list[UploadedFile], language: str, now: dt.datetime
) -> None:
    """Keeps a request until its mail address is confirmed. Raises Refusal, or documents.Refused for a paper."""
    fields = ("government", "contact", "email", "telephone", "kinds", "subject", "text", "country")
    values = {name: given[name] for name in fields} | {
        "office": office.pk, "language": language,
        **{name: given[name].isoformat() if given[name] else None for name in ("starts_on", "ends_on")},
    }  # fmt: skip
    today = timezone.localdate(now)
    answer = call("offices_foreign_ask", json.dumps(values), _kept(papers), today, now)
    if answer == "country":
        raise Refusal(_("This office is not responsible for this country today. Choose a country from the list."))
    if answer == "many":
        raise Refusal(
            _("Several requests of this mail address wait for confirmation. Follow the link in one of the mails first.")
        )


def confirm(token: str, *, now: dt.datetime) -> None:
    """The mail address is confirmed. A second time changes nothing. Raises LinkError."""
    through_link("offices_foreign_confirm", token, now, purpose=CONFIRM)


def follow(token: str, *, now: dt.datetime) -> dict[str, Any]:
    """What the link shows of its one request. Raises LinkError."""
    return through_link("offices_foreign_follow", token, now, purpose=FOLLOW)


def write(token: str, *, kind: str, body: str, papers: list[UploadedFile], now: dt.datetime) -> None:
    """A reply or a withdrawal on its way to the case. Raises LinkError, or documents.Refused for a paper."""
    through_link("offices_foreign_write", token, kind, body, _kept(papers), now, purpose=FOLLOW)


def paper(token: str, pk: UUID, *, now: dt.datetime) -> CaseFile:
    """One shared paper of the request, for handing out. Raises LinkError."""
    found = through_link("offices_foreign_paper", token, pk, now, purpose=FOLLOW)
    return CaseFile(**{name: found[name] for name in ("name", "media_type", "key", "check_state")})


def wish_for_link(email: str, *, now: dt.datetime) -> None:
    """Somebody asks for a new link. Nothing here tells whether the address is known."""
    call("offices_foreign_wish", email, now)
