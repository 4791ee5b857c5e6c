"""One program that is kept running: started in its own session, followed to the end, restarted when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from clair_portal.local_services.account import Account
from clair_portal.local_services.failure import Failure
from clair_portal.local_services.signals import before_exec

LARGEST_LOG = 10_000_000


@dataclass
class Process:
    """`stop_signal` asks politely; after `patience` seconds the whole session is killed.

    `prepare` runs before every start: it clears away what a crash left behind.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    account: Account
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    folder: Path = Path("/")
    prepare: Callable[[], None] = lambda: None
    ready: Callable[[], bool] = lambda: True
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)
    asked: bool = field(default=False, init=False)

    def start(self) -> None:
        self.prepare()
        self.asked = False
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal reaches only the parent, which stops in order
                preexec_fn=before_exec(self.stop_signal),
                **self.account.popen_arguments(),
            )

    def wait_until_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.ready():
            if self.exit_status() is not None:
                raise Failure(f"{self.name} did not start: {self.last_line()}")
            if time.monotonic() > deadline:
                raise Failure(f"{self.name} did not answer within {seconds:.0f} seconds (its log: {self.log}).")
            time.sleep(0.03)

    def exit_status(self) -> int | None:
        """None while it runs."""
        return self.running.poll() if self.running else None

    def last_line(self) -> str:
        """What the program said last, for the one sentence that explains its death."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        said = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        return f"{said} (its log: {self.log})"

    def ask_to_stop(self) -> None:
        """Once: to many programs a second request means "drop everything"."""
        if self.running is not None and self.running.poll() is None and not self.asked:
            self.asked = True
            self.running.send_signal(self.stop_signal)

    def stop(self) -> None:
        if self.running is None:
            return
        if self.running.poll() is None:
            self.ask_to_stop()
            with suppress(subprocess.TimeoutExpired):
                self.running.wait(self.patience)
        self.kill_rest()
        self.running = None

    def kill_rest(self) -> None:
        """Whatever is left of the session: a worker's pool, a server that did not listen."""
        if self.running is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
