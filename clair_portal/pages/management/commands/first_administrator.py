from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clair_portal.accounts.first_administrator import NotPossible, invite_first_administrator
from clair_portal.staffing.inviting import address_of


class Command(BaseCommand):
    """Runs as the owner of the tables (manage.py sees to it): nobody is there yet who could be asked for a right."""

    help = "Invite the first administrator of headquarters. The link is printed once; everybody else is invited in the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="where the person gets mail; also the name to sign in with")
        parser.add_argument("--name", required=True, help="as it is written, such as 高瀬 亮")
        parser.add_argument("--name-latin", default="", help="in Latin letters, such as Ryo Takase")
        parser.add_argument("--language", choices=["ja", "en"], default="ja", help="of the person (default: ja)")
        parser.add_argument("--again", action="store_true", help="also where an administrator exists already")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {name: options[name] for name in ("email", "name", "name_latin", "language", "again")}
        try:
            invitation, code = invite_first_administrator(**wanted, now=timezone.now())
        except NotPossible as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(_sentences(error)) from error
        self.stdout.write(f"{invitation.name} ({invitation.email}) is invited as administrator of headquarters.")
        self.stdout.write(
            f"This address works once, until {invitation.last_day}. It is not kept and not mailed: hand it over now."
        )
        self.stdout.write(f"  {address_of(code)}")


def _sentences(error: ValidationError) -> str:
    return " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
