from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from clair_portal.accounts.models import User
from clair_portal.pages.person_data import data_of


class Command(BaseCommand):
    """Runs as the owner of the tables (manage.py sees to it): no role of the portal sees all of this."""

    help = "Print as JSON what the portal knows about a person, for a request for disclosure. A person reads it before it is sent."
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("No account has this address.")
        self.stdout.write(json.dumps(data_of(user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
