from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clair_portal.language import catalogues


class Command(BaseCommand):
    help = "Name every string without a good translation: missing, fuzzy, obsolete, other placeholders or other terms."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--root", type=Path, default=catalogues.ROOT, help="the folder that holds locale/")

    def handle(self, *args: Any, root: Path, **options: Any) -> None:
        lines = [
            f"{language}: {fault}" for language in catalogues.LANGUAGES for fault in catalogues.faults(language, root)
        ]
        if lines:
            raise CommandError("\n".join([*lines, "manage.py make_catalogues adds what is missing."]))
