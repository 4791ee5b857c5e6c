from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clair_portal.language import catalogues
from clair_portal.local_services.catalogues import compile_catalogues


class Command(BaseCommand):
    help = "Bring locale/ up to date with the strings of the sources, keeping their translations, and compile it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--root", type=Path, default=catalogues.ROOT, help="the folder that holds locale/")

    def handle(self, *args: Any, root: Path, **options: Any) -> None:
        for language in catalogues.LANGUAGES:
            changes = catalogues.update(language, root)
            for text in changes.added:
                self.stdout.write(f"{language}: new: {text}")
            for text in changes.removed:
                self.stdout.write(f"{language}: gone: {text}")
        compile_catalogues(root / "locale")
