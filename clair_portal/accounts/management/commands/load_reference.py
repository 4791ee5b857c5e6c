from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from clair_portal.accounts import reference as accounts
from clair_portal.calendars import reference as calendars
from clair_portal.network import reference as network


class Command(BaseCommand):
    """Runs as the owner of the database. What each loader leaves alone is told in its module."""

    help = "Load eras, holidays, countries, languages, organisations, jurisdictions, claims and roles; safe to repeat."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        done: dict[str, object] = {"eras and holidays": f"{calendars.load()} added", **network.load()}
        done["roles"] = f"{accounts.load()} added"
        for name, loader in accounts.LOADERS.items():
            done[name] = loader()
        for name, result in done.items():
            self.stdout.write(f"{name}: {result}")
