"""Keeps processes running: restarts what dies by itself, and gives up on what dies again and again."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence

from clair_portal.local_services.environment import say
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.process import Process

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
LONGEST_PAUSE = 8.0


class Supervisor:
    def __init__(self, processes: Sequence[Process]) -> None:
        self.processes = processes
        self._deaths: dict[str, list[float]] = defaultdict(list)
        self._restart_at: dict[str, float] = {}

    def look(self, now: float) -> None:
        """One round, to be called a few times a second. Raises Failure when a process is past helping."""
        for process in self.processes:
            if process.name in self._restart_at:
                self._restart_when_due(process, now)
            elif process.exit_status() is not None:
                self._note_death(process, now)

    def run(self) -> None:
        while True:
            self.look(time.monotonic())
            time.sleep(0.2)

    def _note_death(self, process: Process, now: float) -> None:
        recent = [at for at in self._deaths[process.name] if now - at < WITHIN_SECONDS] + [now]
        self._deaths[process.name] = recent
        status = process.exit_status()
        process.kill_rest()
        if len(recent) >= MOST_DEATHS:
            raise Failure(
                f"{process.name} stopped {len(recent)} times within a minute, last with: {process.last_line()}"
            )
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (len(recent) - 1))
        say(f"{process.name} stopped by itself (status {status}); starting it again in {pause:g} s.")
        self._restart_at[process.name] = now + pause

    def _restart_when_due(self, process: Process, now: float) -> None:
        if now >= self._restart_at[process.name]:
            del self._restart_at[process.name]
            process.start()
