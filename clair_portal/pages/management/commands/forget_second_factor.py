from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from clair_portal.accounts.models import User
from clair_portal.accounts.services import end_sessions
from clair_portal.audit.services import record
from clair_portal.outbox.services import queue_email


class Command(BaseCommand):
    """Runs as the owner of the tables (manage.py sees to it). Two people: one asks, another one has checked who that is."""

    help = "Remove the second factors of somebody who lost app, key and recovery codes; ends the sessions and tells the person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="of the account")
        parser.add_argument("--asked-by", required=True, help="who asked for it, and how")
        parser.add_argument(
            "--checked-by", required=True, help="who made sure that it is this person (not the same one)"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        asked, checked = (" ".join(options[name].split()) for name in ("asked_by", "checked_by"))
        if not asked or not checked or asked.casefold() == checked.casefold():
            raise CommandError("Two different people are needed: one asks, another one has checked the identity.")
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("No account has this address.")
        removed, _rows = Authenticator.objects.filter(user=user).delete()
        ended = end_sessions(user.pk)
        person = getattr(user, "person", None)
        record(
            "accounts.second_factor.forgotten", user, name=person.name if person else user.email, asked=asked, checked=checked
        )  # fmt: skip
        _tell(user, person.language if person else "ja")
        self.stdout.write(f"{removed} second factors removed, {ended} sessions ended. {user.email} is told by mail.")


def _tell(user: User, language: str) -> None:
    with override(language):
        body = _(
            "Your second factors were removed because you asked for it. Sign in with your password and set up new ones.\n\n"
            "If you did not ask, tell the administrator of your organisation at once."
        )
        queue_email(
            to=user.email, subject=_("Second factors removed"), body=body, language=language,
            event="accounts.mail.second_factor_forgotten",
        )  # fmt: skip
