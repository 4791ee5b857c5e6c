from __future__ import annotations

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from clair_portal.outbox.relay import Relay


class Command(BaseCommand):
    requires_system_checks = ()  # those that matter here are run by the relay itself, once the database answers
    help = (
        "Dispatch work, run the schedule, seal the log; does the work itself when the broker or the workers are gone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        Relay().run_for_ever()
