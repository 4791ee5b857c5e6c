"""One JSON object a line, with the request id."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re

from clair_portal.ui.request_id import current_request_id

_SECRET = re.compile(r"/(?![0-9a-f]{8}-[0-9a-f]{4}-)[0-9A-Za-z_-]{16,}(?=/|$)")
_QUOTE_ADDRESSES = ("django.", "gunicorn.")  # loggers: "Not Found: /ja/requests/follow/…/"


def without_secrets(path: str) -> str:
    """The path as it may be logged: codes of invitations and signed links are blanked."""
    return _SECRET.sub("/…", path)


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(message) if record.name.startswith(_QUOTE_ADDRESSES) else message,
            "request_id": current_request_id(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
