from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clair_portal.language import catalogues
from clair_portal.local_services.catalogues import compile_catalogues


class Command(BaseCommand):
    help = (
        "Bring the message catalogues in locale/ up to date with the sources, keeping translations, and compile them."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for language in catalogues.LANGUAGES:
            changes = catalogues.update(language)
            for text in changes.added:
                self.stdout.write(f"{language}: new: {text}")
            for text in changes.removed:
                self.stdout.write(f"{language}: gone: {text}")
        compile_catalogues(catalogues.ROOT / "locale")
