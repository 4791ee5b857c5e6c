"""Invitations as rows: made, revoked, accepted. Sending them is in pages.invitations, above the outbox."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.ending import ends_at
from clair_portal.accounts.models import Invitation, Person, User
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.tokens import digest
from clair_portal.audit.services import record
from clair_portal.language.folding import to_ascii_digits
from clair_portal.network.services import names
from clair_portal.walls.scope import LOGIN_SCOPE, Scope, acting

# Crockford's base 32 (no I, L, O, U): 20 letters are 100 bits, beyond guessing and short enough to type from paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS, GROUP = 20, 4
LASTS = dt.timedelta(days=14)
_READ_AS = str.maketrans("OIL", "011")

WRONG: dict[str, Promise] = {
    "unknown": _("This invitation does not exist. Check the code, letter by letter, or ask for a new invitation."),
    "used": _("This invitation has already been used. Sign in with your e-mail address and password."),
    "expired": _("This invitation has expired. Ask the administrator of your organisation to send it again."),
    "revoked": _("This invitation was taken back. Ask the administrator of your organisation."),
}
STATUS = {"unknown": 404, "used": 410, "expired": 410, "revoked": 410}


class InvitationError(Exception):
    """The invitation opens nothing; `sentence` says why and what to do, `status` is the answer's."""

    def __init__(self, state: str) -> None:
        self.state, self.sentence, self.status = state, WRONG[state], STATUS[state]
        super().__init__(state)


class AlreadyPosted(Exception):
    """The person holds this role here already on some of these days."""


@dataclass(frozen=True)
class Invited:
    """What the person sees before accepting. `user`: the account this address already has."""

    email: str
    name: str
    language: str
    organisations: dict[str, str]
    roles: dict[str, str]
    starts_on: dt.date
    ends_on: dt.date | None
    user: int | None

    @property
    def organisation(self) -> str:
        return _in_language(self.organisations)

    @property
    def role(self) -> str:
        return _in_language(self.roles)


def new_code() -> str:
    """XXXX-XXXX-XXXX-XXXX-XXXX, from letters that cannot be mistaken for each other."""
    letters = "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))
    return "-".join(letters[at : at + GROUP] for at in range(0, LETTERS, GROUP))


def code_digest(code: str) -> str:
    """Full-width, small letters, spaces, hyphens, O for 0 and I or L for 1 do not matter."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in to_ascii_digits(code))
    letters = "".join(c for c in narrow.upper().translate(_READ_AS) if c in ALPHABET)
    return digest(letters)


def make_invitation(invitation: Invitation, *, actor: Reader, now: dt.datetime, until: dt.date | None = None) -> str:
    """Saves a checked, new invitation and returns its code, which is stored nowhere. `until`: another last day than the usual."""
    return save_invitation(invitation, invited_by=actor.person, signature=actor.signature, now=now, until=until)


@transaction.atomic
def save_invitation(
    invitation: Invitation,
    *,
    invited_by: int | None,
    signature: dict[str, str],
    now: dt.datetime,
    until: dt.date | None = None,
) -> str:
    """As make_invitation(), for whoever has no account yet. `signature`: who invites, as the log keeps it."""
    code = prepare(invitation, invited_by=invited_by, now=now)
    if until:
        invitation.expires_at = ends_at(until, invitation.organisation.time_zone)
    invitation.save(force_insert=True)
    role = invitation.role
    record(
        "accounts.invitation.made", invitation, actor=signature, name=invitation.name, email=invitation.email,
        organisation=names(invitation.organisation),
        role={"ja": role.name_ja or "", "en": role.name_en or ""},  # type: ignore[attr-defined]
    )  # fmt: skip
    return code


def prepare(invitation: Invitation, *, invited_by: int | None, now: dt.datetime) -> str:
    """Gives the row its code and dates without saving it: a sheet of thousands is saved at once.

    It works for 14 days, to the end of the last one where the organisation is: that day stands in the mail.
    """
    code, zone = new_code(), invitation.organisation.time_zone
    invitation.email = invitation.email.strip().lower()
    invitation.digest = code_digest(code)
    invitation.invited_by, invitation.created_at = invited_by, now
    invitation.expires_at = ends_at(timezone.localdate(now, ZoneInfo(zone)) + LASTS, zone)
    return code


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: Reader, now: dt.datetime) -> None:
    """From now on the code is refused. ValueError: it is not open."""
    if invitation.used_at or invitation.revoked_at:
        raise ValueError("only an invitation that was neither used nor revoked can be revoked")
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    record(
        "accounts.invitation.revoked", invitation, actor=actor.signature, name=invitation.name, email=invitation.email
    )


@transaction.atomic
def renew_invitation(invitation: Invitation, *, actor: Reader, now: dt.datetime) -> tuple[Invitation, str]:
    """The same invitation with a new code; the old row is revoked, so an old mail opens nothing."""
    if not invitation.revoked_at:
        revoke_invitation(invitation, actor=actor, now=now)
    kept = (
        "email",
        "name",
        "name_latin",
        "language",
        "organisation_id",
        "role_id",
        "title",
        "starts_on",
        "ends_on",
        "sending_body_id",
    )
    fresh = Invitation(**{name: getattr(invitation, name) for name in kept})
    return fresh, make_invitation(fresh, actor=actor, now=now)


def invited_by_code(code: str, *, now: dt.datetime) -> Invited:
    """Who is invited by a code, and where to. Raises InvitationError."""
    with connection.cursor() as cursor:
        cursor.execute("select portal_invitation(%s)", [code_digest(code)])
        found = cursor.fetchone()[0]
    if not found:
        raise InvitationError("unknown")
    data: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    if data["used_at"]:
        raise InvitationError("used")
    if data["revoked_at"]:
        raise InvitationError("revoked")
    if dt.datetime.fromisoformat(data["expires_at"]) <= now:
        raise InvitationError("expired")
    return Invited(
        email=data["email"], name=data["name"], language=data["language"], user=data["user"],
        organisations={"ja": data["organisation_ja"] or "", "en": data["organisation_en"] or ""},
        roles={"ja": data["role_ja"] or "", "en": data["role_en"] or ""},
        starts_on=dt.date.fromisoformat(data["starts_on"]),
        ends_on=dt.date.fromisoformat(data["ends_on"]) if data["ends_on"] else None,
    )  # fmt: skip


@transaction.atomic
def accept_with_new_account(code: str, *, password: str, now: dt.datetime) -> User:
    """Makes the account with its proven address, the person and the posting. Raises InvitationError, AlreadyPosted."""
    invited = invited_by_code(code, now=now)
    if invited.user is not None:
        raise InvitationError("used")
    try:
        with transaction.atomic():
            user = User.objects.create_user(invited.email, password)
    except IntegrityError as error:  # the same code, sent twice in the same moment
        raise InvitationError("used") from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    _accept(code, user, invited, now)
    return user


@transaction.atomic
def accept_with_account(code: str, *, user: User, now: dt.datetime) -> None:
    """Adds the posting to the account that is signed in. Raises InvitationError, AlreadyPosted; PermissionError: not this one."""
    invited = invited_by_code(code, now=now)
    if invited.user != user.pk:
        raise PermissionError("the invitation is for another address")
    EmailAddress.objects.filter(user=user, email=user.email, verified=False).update(verified=True)
    _accept(code, user, invited, now)


def _accept(code: str, user: User, invited: Invited, now: dt.datetime) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select portal_accept_invitation(%s, %s, %s)", [code_digest(code), user.pk, now])
            who = cursor.fetchone()[0]
    except IntegrityError as error:
        raise AlreadyPosted from error
    if who is None:  # used by another request in this moment, or its role was moved away meanwhile
        raise InvitationError("used")
    with acting(Scope(LOGIN_SCOPE.role, who)):
        person = Person.objects.get(pk=who)
        person.save(update_fields=["search_text"])
        names = {"ja": person.name, "en": person.name_latin or person.name}
        record("accounts.invitation.accepted", user, actor=names, organisation=invited.organisations)


def _in_language(names: dict[str, str]) -> str:
    wanted = (get_language() or "en").split("-")[0]
    return names.get(wanted) or names["en"] or names["ja"]
