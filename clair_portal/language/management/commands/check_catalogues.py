from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clair_portal.language import catalogues


class Command(BaseCommand):
    help = "Say which strings have no good translation: missing, untranslated, fuzzy, obsolete, other placeholders or terms."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        lines = [f"{language}: {fault}" for language in catalogues.LANGUAGES for fault in catalogues.faults(language)]
        if lines:
            raise CommandError(
                "\n".join([*lines, f"{len(lines)} faults. manage.py make_catalogues adds what is missing."])
            )
