"""What differs from allauth's defaults: no open sign-up, mails through the outbox, codes by mail, a limit for all guesses."""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from clair_portal.accounts.devices import known_device, remember_device
from clair_portal.outbox.services import queue_email
from clair_portal.walls.scope import LOGIN_SCOPE, acting

# Wrong passwords of the whole portal, from browsers nobody has signed in with before: beyond this nothing is hashed.
ANYWHERE = "login_failed_anywhere"
ANYWHERE_RATE = "20/5m/key"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    # --- mails ------------------------------------------------------------------------------------------------------
    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The mail is written as a row in the same transaction; the relay sends it.

        After COMMIT, where allauth announces some changes, there is no scope any more: then one of its own.
        """
        message = self.render_mail(
            template_prefix, email, {"email": email, "portal_url": settings.PORTAL_URL, **context}
        )
        write = functools.partial(
            queue_email,
            to=email,
            subject=str(message.subject),
            body=str(message.body),
            language=get_language() or settings.STAFF_LANGUAGE,
            event=f"accounts.mail.{template_prefix.rsplit('/', 1)[-1]}",
        )
        if connection.in_atomic_block:
            write()
            return
        with acting(LOGIN_SCOPE):
            write()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From PORTAL_URL, not from the Host header: the address of a link in a mail is never the sender's choice."""
        user, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token})
        return settings.PORTAL_URL.rstrip("/") + path

    # --- second factor ----------------------------------------------------------------------------------------------
    def is_login_by_code_required(self, login: Login) -> bool:
        """Whoever has neither app nor key proves the mailbox: town halls always, others until they have set one up."""
        if not settings.REQUIRE_SECOND_FACTOR or login.user is None or is_mfa_enabled(login.user, FACTORS):
            return False
        return "code" not in {step["method"] for step in get_authentication_records(self.request, login.user)}

    # --- guessing ---------------------------------------------------------------------------------------------------
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        email = str(credentials.get("email", "")).lower()
        return known_device(request, email) or email

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before the password is hashed: per address and account (allauth), then over all unknown devices together."""
        super().pre_authenticate(request, **credentials)
        if request.user.is_authenticated or known_device(request, str(credentials.get("email", ""))):
            return
        rates = {ANYWHERE: settings.ACCOUNT_RATE_LIMITS.get(ANYWHERE, ANYWHERE_RATE)}
        self._anywhere = ratelimit.consume(
            request, app="allauth.account", action=ANYWHERE, config=rates, key="everybody"
        )
        if not self._anywhere:
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """A right password gives back what it took from the limits."""
        super()._rollback_login_failed_rl_usage()
        if usage := getattr(self, "_anywhere", None):
            usage.rollback()

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(request, response, user.email)
        return response


class MFAAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = settings.PORTAL_URL.split("//", 1)[1].split("/")[0].split(":")[0]
        return {"id": host, "name": "CLAIR Portal"}

    def encrypt(self, text: str) -> str:
        """Secrets of authenticator apps do not lie in the database, nor in its backups, as they are."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """The newest key writes, all read: SECRET_KEY can be changed with SECRET_KEY_FALLBACKS."""
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    keys = [hashlib.sha256(b"clair_portal.mfa|" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
