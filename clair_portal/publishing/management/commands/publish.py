"""`manage.py publish --all`, or `manage.py publish /ja/offices/ …`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clair_portal.publishing.tree import whole, work, write

MOST_SAID = 20  # failures
EVERY = 100  # pages between two lines of progress


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Write public pages to their files: all of them (goes on where it was interrupted), or those named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="*", metavar="/ja/offices/")
        parser.add_argument("--all", action="store_true", help="every public page in every language")

    def handle(self, *args: Any, **options: Any) -> None:
        if not write.is_kept():
            raise CommandError("PUBLISHED_TREE names no folder: no pages are kept as files.")
        if bool(options["addresses"]) == options["all"]:
            raise CommandError("Name addresses, or give --all.")
        if options["all"]:
            self._all()
        for address in options["addresses"]:
            self._one(address)

    def _all(self) -> None:
        started = timezone.now()
        run = whole.publish_all(started, progress=self._progress)
        seconds = (timezone.now() - started).total_seconds()
        self.stdout.write(f"{run.pages} pages stand in {write.root()} ({seconds:.0f} s).")
        if failed := work.failed():
            said = "\n".join(f"{page.path}: {page.error}" for page in failed[:MOST_SAID])
            raise CommandError(f"{len(failed)} pages failed and are tried again (/desk/published/):\n{said}")

    def _progress(self, done: int, total: int) -> None:
        if done % EVERY == 0 or done == total:
            self.stdout.write(f"{done} of {total}")

    def _one(self, address: str) -> None:
        try:
            page = work.publish_now(address, timezone.now())
        except work.Unknown as error:
            raise CommandError(f"No public page has the address {address}.") from error
        except Exception as error:
            raise CommandError(f"{address} was not published: {error}") from error
        self.stdout.write(f"{address}: {page.status}, {page.size} bytes" if page else f"{address}: no such page")
