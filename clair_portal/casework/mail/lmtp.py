"""The door for the mail server: LMTP on a local port. A forged address is refused while the sender is still there."""

from __future__ import annotations

from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from django.conf import settings

from clair_portal.casework.mail.addresses import destination
from clair_portal.casework.mail.spool import put


class Door:
    """aiosmtpd's handler: checks every recipient, then writes the mail into the spool before it says yes."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if destination(address) is None:
            return "550 5.1.1 No case at this address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        try:
            put(bytes(envelope.content), envelope.rcpt_tos)
        except OSError:
            return "451 4.3.1 The mail cannot be kept at the moment"
        return "250 OK"


class LmtpController(Controller):
    def factory(self) -> LMTP:
        return LMTP(self.handler, data_size_limit=settings.MAIL_IN_MAX_BYTES, enable_SMTPUTF8=True)


def server(host: str, port: int) -> LmtpController:
    """Not started yet: `start()` and `stop()` are the caller's."""
    return LmtpController(Door(), hostname=host, port=port, ready_timeout=10)
