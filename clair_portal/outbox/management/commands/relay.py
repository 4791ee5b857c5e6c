from __future__ import annotations

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clair_portal.outbox import schedule
from clair_portal.outbox.relay import Relay
from clair_portal.walls.scope import SYSTEM_SCOPE, acting


class Command(BaseCommand):
    help = "Dispatch work, run the schedule, seal the log; does the work itself when the broker or the workers are gone."

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with acting(SYSTEM_SCOPE):
            schedule.write_rows(timezone.now())
        Relay().run_for_ever()
