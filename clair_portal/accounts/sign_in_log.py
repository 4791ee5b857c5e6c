"""Who signed in, who failed to, and what changed about how: written to the log through the signals of Django and allauth."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as django_auth
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.models import User
from clair_portal.accounts.reader import reader_now
from clair_portal.audit.services import record
from clair_portal.walls.scope import LOGIN_SCOPE, Scope, acting

SENTENCES = {
    "accounts.session.opened": _("%(actor)s signed in (%(method)s) from %(address)s"),
    "accounts.session.refused": _("Signing in as %(actor)s failed: wrong password, from %(address)s"),
    "accounts.session.closed": _("%(actor)s signed out"),
    "accounts.session.ended": _("%(actor)s ended a session on another device (%(device)s)"),
    "accounts.second_factor.added": _("%(actor)s added a second factor: %(kind)s"),
    "accounts.second_factor.removed": _("%(actor)s removed a second factor: %(kind)s"),
    "accounts.second_factor.refused": _("Signing in as %(actor)s failed: wrong second factor, from %(address)s"),
    "accounts.recovery_codes.renewed": _("%(actor)s made new recovery codes"),
    "accounts.password.changed": _("%(actor)s changed the password"),
    "accounts.password.set": _("%(actor)s set a password"),
    "accounts.password.reset": _("%(actor)s chose a new password by a link sent by e-mail, from %(address)s"),
}
KINDS = {
    "totp": {"ja": "アプリ", "en": "app"},
    "webauthn": {"ja": "パスキー・セキュリティキー", "en": "passkey or security key"},
    "recovery_codes": {"ja": "リカバリーコード", "en": "recovery codes"},
}


def note(event: str, user: User | None, **values: Any) -> None:
    """One entry about a user, in a scope of its own: allauth tells some things only after COMMIT, where there is none.

    `user` None: somebody who has no account here; what was typed is not kept, it may have been a password.
    """
    with acting(LOGIN_SCOPE):
        reader = reader_now(user.pk, timezone.now()) if user else None
    known = user.email if user else "–"
    names = reader.signature if reader else {"ja": known, "en": known}
    with acting(Scope(LOGIN_SCOPE.role, reader.person if reader else None)):
        record(event, user or User(pk=0), actor=names, **values)


def address_of(request: HttpRequest | None) -> str:
    return str(request.META.get("REMOTE_ADDR") or "") if request else ""


def _opened(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    steps = [step.get("type") or step["method"] for step in get_authentication_records(request, user)]
    note("accounts.session.opened", user, method=", ".join(steps), address=address_of(request))


def _refused(credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    with acting(LOGIN_SCOPE):
        user = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
    note("accounts.session.refused", user, address=address_of(request))


def _closed(user: User | None = None, **_kwargs: Any) -> None:
    if user is not None and user.pk:
        note("accounts.session.closed", user)


def _code_refused(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note("accounts.second_factor.refused", user, address=address_of(request))


def _factor(event: str) -> Any:
    def receiver(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
        note(event, user, kind=KINDS[str(authenticator.type)])

    return receiver


def _password(event: str) -> Any:
    def receiver(request: HttpRequest, user: User, **_kwargs: Any) -> None:
        note(event, user, address=address_of(request))

    return receiver


def connect() -> None:
    """Called once, when the portal starts."""
    receivers = [
        (account.user_logged_in, _opened),
        (account.login_code_rejected, _code_refused),
        (account.password_changed, _password("accounts.password.changed")),
        (account.password_set, _password("accounts.password.set")),
        (account.password_reset, _password("accounts.password.reset")),
        (django_auth.user_login_failed, _refused),
        (django_auth.user_logged_out, _closed),
        (mfa.authenticator_added, _factor("accounts.second_factor.added")),
        (mfa.authenticator_removed, _factor("accounts.second_factor.removed")),
        (mfa.authenticator_reset, _factor("accounts.recovery_codes.renewed")),
        (mfa.authentication_failed, _code_refused),
    ]
    for signal, receiver in receivers:
        signal.connect(receiver, weak=False, dispatch_uid=f"{__name__}.{id(signal)}")
