"""Fills the index of the public search from the pages as they are now, and from the registered records."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from clair_portal.search import crawling, indexing
from clair_portal.search.models import Document
from clair_portal.walls.scope import SYSTEM_SCOPE, acting


class Command(BaseCommand):
    help = "Fills the index of the public search: every public page in every language, and the registered records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", action="append", help="only pages of this language (may be repeated)")
        parser.add_argument("--records", action="store_true", help="only records, no pages")

    def handle(self, *args: Any, language: list[str] | None, records: bool, **options: Any) -> None:
        with acting(SYSTEM_SCOPE):
            known = indexing.known_names()
        for code in [] if records else language or [code for code, _name in settings.LANGUAGES]:
            self.stdout.write(f"{code}: {self._language(code, known)} pages")
        if not language:
            with acting(SYSTEM_SCOPE):
                self.stdout.write(f"records: {indexing.put_records(known)} documents")
        with acting(SYSTEM_SCOPE):
            self.stdout.write(f"frequent terms: {indexing.count_terms()}")

    def _language(self, code: str, known: Any) -> int:
        """Pages that are no longer there go."""
        kept = set()
        for address, html in crawling.pages_of(code):
            with transaction.atomic(), acting(SYSTEM_SCOPE):
                if indexing.put_page(address, html, known):
                    kept.add(indexing.page_of(address)[1])
        with acting(SYSTEM_SCOPE):
            Document.objects.filter(language=code, record=False).exclude(key__in=kept).delete()
        return len(kept)
