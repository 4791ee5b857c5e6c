from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clair_portal.audit import chain
from clair_portal.audit.models import Entry
from clair_portal.walls.scope import SYSTEM_SCOPE, acting


class Command(BaseCommand):
    requires_system_checks = ()  # whether pages can be shown has nothing to do with the log
    help = "Check the whole log against its hash chain and against the head files outside the database."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(SYSTEM_SCOPE):
            faults = list(chain.faults())
            sealed = Entry.objects.exclude(sequence=None).count()
            waiting = Entry.objects.filter(sequence=None).count()
        for fault in faults[:50]:
            self.stderr.write(fault.message)
        if faults:
            raise CommandError(f"The log was changed: {len(faults)} faults in {sealed} entries.")
        self.stdout.write(f"The log is whole: {sealed} entries sealed, {waiting} waiting for the relay.")
