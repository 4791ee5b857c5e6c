from __future__ import annotations

import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clair_portal.casework.mail.addresses import destination
from clair_portal.casework.mail.lmtp import server
from clair_portal.casework.mail.spool import put


class Command(BaseCommand):
    help = "Takes mail for cases into the spool: --lmtp HOST:PORT serves a mail server; --pipe ADDRESS reads one mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--lmtp", metavar="HOST:PORT")
        way.add_argument("--pipe", metavar="ADDRESS", nargs="+")

    def handle(self, *args: Any, lmtp: str | None, pipe: list[str] | None, **options: Any) -> None:
        if pipe:
            self._one(pipe)
        else:
            self._serve(lmtp or "")

    def _one(self, addresses: list[str]) -> None:
        if not all(destination(address) for address in addresses):
            raise CommandError("No case at this address.", returncode=67)  # EX_NOUSER: the mail server bounces it
        put(sys.stdin.buffer.read(), addresses)

    def _serve(self, where: str) -> None:
        host, _colon, port = where.rpartition(":")
        if not port.isdecimal():
            raise CommandError("Write host and port, for example 127.0.0.1:8024.")
        controller, stopped = server(host or "127.0.0.1", int(port)), threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stopped.set())
        try:
            controller.start()
        except OSError as error:
            raise CommandError(f"{where} cannot be served: {error.strerror}.") from error
        self.stdout.write(f"Mail for cases is taken at {where}.")
        stopped.wait()
        controller.stop()
