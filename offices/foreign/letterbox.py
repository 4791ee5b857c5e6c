"""What a stranger can do: ask, confirm, follow, write. Each is one call of a function of the database (access.py)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.signed_links import LinkError, digest_of
from clair_portal.audit.services import record
from clair_portal.casework.models import CaseFile
from clair_portal.documents.services import receive
from clair_portal.network.models import Organisation
from offices.foreign.access import CONFIRM, FOLLOW

HOUR = 3600


class Refusal(Exception):
    """What was sent is not taken; the message is a sentence for the person."""


def _call(function: str, *values: Any) -> Any:
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}({marks})", values)
        answer = cursor.fetchone()[0]
    return json.loads(answer) if isinstance(answer, str) and answer.startswith("{") else answer


def _through_link(function: str, token: str, *values: Any, purpose: str) -> dict[str, Any]:
    """Uses the link and writes that to the log. Raises LinkError."""
    with transaction.atomic():
        found: dict[str, Any] = _call(function, digest_of(token), *values) or {"state": "unknown"}
        if found["state"] != "open":
            raise LinkError(found["state"])
        record("accounts.signed_link.used", SignedLink(pk=UUID(found["id"])), purpose=purpose)
    return found


def within_the_hour(address: str, what: str) -> None:
    """So many sends an hour from one address of the net. Raises Refusal."""
    key = f"foreign.{what}.{address}.{timezone.now():%Y%m%d%H}"
    sent = cache.get(key, 0) + 1
    cache.set(key, sent, timeout=HOUR)
    if sent > settings.FOREIGN_SENDS_AN_HOUR:
        raise Refusal(_("Too much was sent from your network within an hour. Wait an hour and send it again."))


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
    answer = _call("offices_foreign_ask", json.dumps(values), _kept(papers), today, now)
    if answer == "country":
        raise Refusal(_("This office is not responsible for this country today. Choose a country from the list."))
    if answer == "many":
        raise Refusal(
            _("Several requests of this mail address wait for confirmation. Follow the link in one of the mails first.")
        )


def confirm(token: str, *, now: dt.datetime) -> None:
    """The mail address is confirmed. A second time changes nothing. Raises LinkError."""
    _through_link("offices_foreign_confirm", token, now, purpose=CONFIRM)


def follow(token: str, *, now: dt.datetime) -> dict[str, Any]:
    """What the link shows of its one request. Raises LinkError."""
    return _through_link("offices_foreign_follow", token, now, purpose=FOLLOW)


def write(token: str, *, kind: str, body: str, papers: list[UploadedFile], now: dt.datetime) -> None:
    """A reply or a withdrawal on its way to the case. Raises LinkError, or documents.Refused for a paper."""
    _through_link("offices_foreign_write", token, kind, body, _kept(papers), now, purpose=FOLLOW)


def paper(token: str, pk: UUID, *, now: dt.datetime) -> CaseFile:
    """One shared paper of the request, for handing out. Raises LinkError."""
    found = _through_link("offices_foreign_paper", token, pk, now, purpose=FOLLOW)
    return CaseFile(**{name: found[name] for name in ("name", "media_type", "key", "check_state")})


def wish_for_link(email: str, *, now: dt.datetime) -> None:
    """Somebody asks for a new link. Nothing here tells whether the address is known."""
    _call("offices_foreign_wish", email, now)
