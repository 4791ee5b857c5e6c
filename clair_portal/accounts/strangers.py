"""What pages for people without an account share: one call of a function of the database, a limit per hour, a signature.

A stranger reads and writes nothing but through definer functions (signed_links.py tells why); what comes in is acted on
later by the schedule, as the portal itself.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.reader import Post, Reader
from clair_portal.accounts.signed_links import LinkError, digest_of
from clair_portal.audit.services import record
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from clair_portal.walls.counting import counted

# Anybody may open a public page: a stranger, or somebody who is signed in.
VISITORS = ("portal_public", "portal_member", "portal_office", "portal_headquarters")
HOUR = 3600


class Refusal(Exception):
    """What was sent is not taken; the message is a sentence for the person."""


def call(function: str, *values: Any) -> Any:
    """What the function of the database answers; `function` is a name of our own."""
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}({marks})", values)
        answer = cursor.fetchone()[0]
    return json.loads(answer) if isinstance(answer, str) and answer.startswith("{") else answer


def through_link(function: str, token: str, *values: Any, purpose: str) -> dict[str, Any]:
    """Uses the link and writes that to the log. Raises LinkError."""
    with transaction.atomic():
        found: dict[str, Any] = call(function, digest_of(token), *values) or {"state": "unknown"}
        if found["state"] != "open":
            raise LinkError(found["state"])
        record("accounts.signed_link.used", SignedLink(pk=UUID(found["id"])), purpose=purpose)
    return found


def within_the_hour(address: str, what: str, most: int | None = None, *, amount: int = 1) -> None:
    """So many sends an hour from one network; None: as many as of a form that anybody may fill in. Raises Refusal.

    Those that come at once are counted one after the other.
    """
    key = f"{what}.{network_of(address)}.{timezone.now():%Y%m%d%H}"
    if not counted(key, amount, settings.STRANGER_SENDS_AN_HOUR if most is None else most, HOUR):
        raise Refusal(_("Too much was sent from your network within an hour. Wait an hour and send it again."))


def papers_within_the_hour(address: str, papers: Iterable[UploadedFile]) -> None:
    """So many bytes an hour from one network, before anybody looks into them. Raises Refusal."""
    if size := sum(paper.size or 0 for paper in papers):
        within_the_hour(address, "papers", settings.STRANGER_BYTES_AN_HOUR, amount=size)


def network_of(address: str) -> str:
    """What one household or office has: an IPv4 address, or 64 bits of an IPv6 address (RFC 6177)."""
    found = ipaddress.ip_address(address)
    return address if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def stranger(
    *, names: dict[str, str], name: str, email: str, language: str, organisation: Organisation,
    rights: frozenset[str] = frozenset(),
) -> Reader:  # fmt: skip
    """Somebody without an account, as services know an actor: no person, and the side of `organisation` only.

    `names`: of the body they write for, as the log shows it.
    """
    post = Post(
        id=0, organisation=organisation.pk, kind=Kind.CITY, names=names, roles={"ja": "", "en": ""}, role_code="",
        rights=rights, starts_on=dt.date.min, ends_on=None, today=dt.date.min,
    )  # fmt: skip
    return Reader(0, name, name, email, language, organisation.time_zone, (post,), post, dt.date.min)


def wrong_link(request: Any, template: str, error: LinkError) -> HttpResponse:
    """What becomes of a link that opens nothing: unknown, or no longer open."""
    status = 404 if error.state == "unknown" else 410
    return render(request, template, {"sentence": error.sentence}, status=status)
