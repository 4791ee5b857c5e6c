"""`manage.py check_plain_japanese`: what is hard to read in the catalogue of plain Japanese (locale/ja_Simple)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from clair_portal.language import catalogues, plain
from clair_portal.language.catalogues import PLACEHOLDER


class Command(BaseCommand):
    help = "Says what is hard to read in the catalogue of plain Japanese. --all: hints as well."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="warnings and hints as well as errors")
        parser.add_argument("--language", default="ja", help="language of the sentences: ja or en")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        with translation.override(options["language"]):
            for text in translations():
                found = [each for each in plain.findings(text) if options["all"] or each.severity == plain.ERROR]
                wrong += sum(each.severity == plain.ERROR for each in found)
                for each in found:
                    self.stdout.write(f"{each.rule} {each.severity}: {each.found}: {each.message} ({text[:60]})")
        if wrong:
            raise CommandError(f"{wrong} errors in the catalogue of plain Japanese.")


def translations() -> list[str]:
    """The texts of the catalogue as people read them: a number stands where a placeholder was."""
    found = catalogues.read(catalogues.catalogue_path("ja-simple"), "ja")
    texts: list[str] = []
    for message in found:
        if not message.id:
            continue  # the header
        texts += [message.string] if isinstance(message.string, str) else message.string or []
    return [PLACEHOLDER.sub(lambda match: "%" if match["percent"] else "1", text) for text in texts if text.strip()]
