"""What differs from allauth's defaults: no open sign-up, mails through the outbox, codes by mail for town halls."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from clair_portal.outbox.services import queue_email


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The mail is written as a row in the same transaction; the relay sends it."""
        message = self.render_mail(template_prefix, email, context)
        language = get_language() or settings.STAFF_LANGUAGE
        queue_email(to=email, subject=str(message.subject), body=str(message.body), language=language)


class MFAAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = settings.PORTAL_URL.split("//", 1)[1].split("/")[0].split(":")[0]
        return {"id": host, "name": "CLAIR Portal"}
