"""Turns the fonts into TTF beforehand, so that no reader waits for it and a container that starts writes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clair_portal.reports import fonts


class Command(BaseCommand):
    help = "Make the fonts for PDF ready (FONT_CACHE)."
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(fonts.folder()))
