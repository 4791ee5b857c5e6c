from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clair_portal.pages.sample_people import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Print the sample accounts of the demo."
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Sample accounts (password of all: {PASSWORD})")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:<30} {person.latin:<16} {person.role} at {person.code}")
