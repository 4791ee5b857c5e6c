from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clair_portal.pages import scale

MOST = 5_000_000


class Command(BaseCommand):
    """Runs as the owner of the database (PORTAL_LOGIN=owner)."""

    help = "Fill up to very many invented requests for benchmarks, or remove them (demo and tests only)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--cases", type=int, help=f"how many there shall be in all, at most {MOST:,}")
        what.add_argument("--remove", action="store_true", help="remove all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This portal is not a demo: invented requests exist only in the demo and in tests. Nothing was changed."
            )
        if not scale.may_write():
            raise CommandError("Run it as the owner of the database: PORTAL_LOGIN=owner manage.py seed_scale ...")
        if options["remove"]:
            self.stdout.write(f"{scale.remove(say=self.stdout.write):,} removed")
            return
        if not 0 < options["cases"] <= MOST:
            raise CommandError(f"Give a number from 1 to {MOST:,}.")
        added = scale.fill_up(options["cases"], now=timezone.now(), say=self.stdout.write)
        self.stdout.write(f"{added:,} added")
