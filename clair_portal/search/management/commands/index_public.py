"""Fills the index of the public search from the public pages as they are now, and from the registered records."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from clair_portal.publishing.tree import families
from clair_portal.publishing.tree.render import render
from clair_portal.search import indexing
from clair_portal.search.models import Document
from clair_portal.walls.scope import SYSTEM_SCOPE, acting


class Command(BaseCommand):
    help = "Fills the index of the public search: every public page in every language, and the registered records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", action="append", help="only pages of this language (may be repeated)")
        parser.add_argument("--records", action="store_true", help="only records, no pages")

    def handle(self, *args: Any, language: list[str] | None, records: bool, **options: Any) -> None:
        with acting(SYSTEM_SCOPE):
            every = [] if records else [each for each in families.every_address() if indexing.is_page(each.path)]
        for code in language or [code for code, _name in settings.LANGUAGES]:
            if not records:
                self.stdout.write(f"{code}: {self._language(code, every)} pages")
        if not language:
            with acting(SYSTEM_SCOPE):
                self.stdout.write(f"records: {indexing.put_records()} documents")
        with acting(SYSTEM_SCOPE):
            self.stdout.write(f"frequent terms: {indexing.count_terms()}")

    def _language(self, code: str, every: list[families.Address]) -> int:
        """Each page in its own transaction; pages that are no longer there go."""
        kept = [each.path for each in every if each.language == code and self._page(each)]
        with acting(SYSTEM_SCOPE):
            paths = [indexing.page_of(path)[1] for path in kept]
            Document.objects.filter(language=code, record=False).exclude(key__in=paths).delete()
        return len(kept)

    def _page(self, address: families.Address) -> bool:
        with acting(SYSTEM_SCOPE):
            answer = render(address.path)
            return answer.status == 200 and indexing.put_page(address.path, answer.body.decode())
