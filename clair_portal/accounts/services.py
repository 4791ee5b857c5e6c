"""What people change about themselves and administrators about their people. Each call is one action with its log entry."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.models import ApiToken, Person, Posting
from clair_portal.accounts.reader import Reader
from clair_portal.accounts.tokens import LONGEST, make_token
from clair_portal.audit.services import record
from clair_portal.walls.scope import LOGIN_SCOPE, Scope, acting


class NotPossible(ValueError):
    """The action is refused; the message is a sentence for the person."""


@transaction.atomic
def save_settings(person: Person, *, values: dict[str, Any], actor: Reader, now: dt.datetime) -> Person:
    """The reader's own settings. `values`: fields of Person that are one's own to change; they have been checked."""
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=[*values, "search_text"])
    record("accounts.settings.changed", person, actor=actor.signature)
    return person


def choose_language(*, language: str, actor: Reader, now: dt.datetime) -> None:
    """Keeps the language with the person. Works without a posting as well, so it acts as the sign-in pages do."""
    with acting(Scope(LOGIN_SCOPE.role, actor.person)):
        Person.objects.filter(pk=actor.person).update(language=language)


@transaction.atomic
def issue_token(
    *, label: str, scopes: list[str], expires_at: dt.datetime, actor: Reader, now: dt.datetime
) -> tuple[ApiToken, str]:
    """A token of the reader's own. Returns the row and the secret. NotPossible: an end in the past or too far away."""
    if not now < expires_at <= now + LONGEST:
        raise NotPossible(_("Choose a day from tomorrow to at most 366 days from now."))
    token, secret = make_token(person=actor.person, label=label, scopes=scopes, expires_at=expires_at)
    record(
        "accounts.token.made",
        token,
        actor=actor.signature,
        label=label,
        scopes=scopes,
        day=expires_at.date().isoformat(),
    )
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Reader, now: dt.datetime) -> None:
    """From now on the token is refused. One that was revoked before stays as it is."""
    if token.revoked_at:
        return
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    record("accounts.token.revoked", token, actor=actor.signature, label=token.label)


@transaction.atomic
def sign_out_everywhere(posting: Posting, *, actor: Reader, now: dt.datetime) -> int:
    """Ends all sessions of the person of a posting (a lost laptop, an account in wrong hands). Returns how many."""
    person = posting.person
    with acting(Scope(LOGIN_SCOPE.role, person.pk)):
        ended = end_sessions(person.user_id) if person.user_id else 0
    record("accounts.sessions.ended", posting, actor=actor.signature, name=person.name, count=ended)
    return ended


def end_sessions(user: int) -> int:
    """Ends the sessions of an account. Call it as portal_login or as the owner; returns how many."""
    sessions = list(UserSession.objects.filter(user_id=user))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def end_posting(posting: Posting, *, last_day: dt.date, actor: Reader, now: dt.datetime) -> None:
    """The posting holds until `last_day`; from the day after, access is gone by itself."""
    posting.ends_on = last_day
    posting.save(update_fields=["ends_on"])
    names = posting.organisation
    record(
        "accounts.posting.ended", posting, actor=actor.signature, name=posting.person.name, day=last_day.isoformat(),
        organisation={"ja": names.name_ja or "", "en": names.name_en or ""},  # type: ignore[attr-defined]
    )  # fmt: skip
