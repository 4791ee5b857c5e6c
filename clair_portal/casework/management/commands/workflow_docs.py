from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clair_portal.casework.diagram import as_markdown
from clair_portal.casework.workflow import WORKFLOWS


class Command(BaseCommand):
    help = "Writes docs/workflows.md from the workflows; with --check it only says whether the page is current."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        page, text = Path(settings.BASE_DIR) / "docs" / "workflows.md", as_markdown(WORKFLOWS.values())
        if check and (not page.exists() or page.read_text(encoding="utf-8") != text):
            raise CommandError("docs/workflows.md is older than the workflows: run manage.py workflow_docs.")
        page.write_text(text, encoding="utf-8")
