from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from clair_portal.accounts.models import User


class Command(BaseCommand):
    """Runs as the owner of the tables (manage.py sees to it): no role of the portal may delete an account."""

    help = "Delete every sample account. Their people stay as names in the log and in cases, and can sign in no more."
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        count = User.objects.filter(sample=True).count()
        User.objects.filter(sample=True).delete()
        self.stdout.write(f"Removed {count} sample accounts.")
