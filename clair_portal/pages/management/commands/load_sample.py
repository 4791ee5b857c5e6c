from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clair_portal.pages import sample


class Command(BaseCommand):
    help = "Make the sample accounts and requests of the demo (only with DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sample data exists only in the demo: set DEMO=1.")
        made = sample.load(timezone.now())
        self.stdout.write(f"{made} sample people made." if made else "The sample is already there.")
