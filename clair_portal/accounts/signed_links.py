"""Links that let somebody without an account do one thing: one purpose, one object, until a time.

What a link may do is decided in the database. The page that opens it acts as `portal_public` (a stranger) or with the
role of whoever is signed in; neither sees the object. So the app that uses links declares one definer function for its
one action, which calls `portal_signed_link(digest, purpose, at)` itself, goes on only where `state` is 'open', and works
on the subject that function returned - never on an id that Python passes. Python then only shows what comes back:

    select jet_answer_survey(%s, %s, ...)        -- digest_of(token), now, what the person typed

`open_link()` is for actions that need nothing of the object (unsubscribing, saying that a mail arrived). Mail scanners
follow links: a GET looks (`look_at_link`), only a POST uses.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.models import SignedLink
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.tokens import digest
from clair_portal.audit.queries import subject_of
from clair_portal.audit.services import record

LONGEST = dt.timedelta(days=366)
SENTENCES: dict[str, Promise] = {
    "unknown": _(
        "This link is not complete or does not exist. Copy it from the mail as a whole, or ask for a new one."
    ),
    "expired": _("This link has expired. Ask whoever sent it for a new one."),
    "revoked": _("This link was taken back. Ask whoever sent it for a new one."),
    "used": _(
        "This link has already been used and works only as often as was agreed. Ask whoever sent it for a new one."
    ),
}


class LinkError(Exception):
    """The link opens nothing; `sentence` says why and what to do. Answer with 4xx."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.sentence = SENTENCES[state]
        super().__init__(state)


@dataclass(frozen=True)
class OpenedLink:
    id: uuid.UUID
    subject_type: str
    subject_id: str
    organisation: int
    language: str


def digest_of(token: str) -> str:
    """What the database knows a link by."""
    return digest(token.strip())


def make_link(
    *,
    purpose: str,
    subject: Model,
    organisation: int,
    expires_at: dt.datetime,
    actor: Reader,
    now: dt.datetime,
    recipient: str,
    language: str = "en",
    uses: int | None = None,
) -> tuple[SignedLink, str]:
    """A new link and its token, which is shown or mailed once and stored nowhere.

    `uses`: how often it works; None: until it expires. ValueError: an end in the past or more than 366 days away.
    """
    if not now < expires_at <= now + LONGEST:
        raise ValueError("a link ends in the future, at most 366 days from now")
    token = secrets.token_urlsafe(32)
    subject_type, subject_id = subject_of(subject)
    row = SignedLink(
        digest=digest_of(token), purpose=purpose, subject_type=subject_type, subject_id=subject_id,
        organisation_id=organisation, recipient=recipient, language=language, created_by=actor.person, created_at=now,
        expires_at=expires_at, uses_left=uses,
    )  # fmt: skip
    row.save(force_insert=True)
    record(
        "accounts.signed_link.made", subject, actor=actor.signature, recipient=recipient, purpose=purpose,
        day=expires_at.date().isoformat(),
    )  # fmt: skip
    return row, token


@transaction.atomic
def open_link(token: str, *, purpose: str, now: dt.datetime) -> OpenedLink:
    """Uses the link once and writes that to the log. Raises LinkError; of two uses at once of the last one wins."""
    found = _ask(token, purpose, now)
    record("accounts.signed_link.used", SignedLink(pk=found.id), purpose=purpose)
    return found


def look_at_link(token: str, *, purpose: str, now: dt.datetime) -> OpenedLink:
    """What the link would open, without using it: for the page that asks before it acts. Raises LinkError."""
    with transaction.atomic():
        found = _ask(token, purpose, now)
        transaction.set_rollback(True)
    return found


def _ask(token: str, purpose: str, now: dt.datetime) -> OpenedLink:
    with connection.cursor() as cursor:
        cursor.execute("select portal_signed_link(%s, %s, %s)", [digest_of(token), purpose, now])
        answer = cursor.fetchone()[0]
    data: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else answer or {"state": "unknown"}
    if data["state"] != "open":
        raise LinkError(data["state"])
    return OpenedLink(
        uuid.UUID(str(data["id"])), data["subject_type"], data["subject_id"], data["organisation"], data["language"]
    )


def revoke_link(link: SignedLink, *, actor: Reader, now: dt.datetime) -> None:
    """From now on the link opens nothing. A link that was revoked before stays as it is."""
    if link.revoked_at:
        return
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    record("accounts.signed_link.revoked", link, actor=actor.signature, recipient=link.recipient, purpose=link.purpose)
