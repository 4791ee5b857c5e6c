"""The id of the request or task at work; it follows from the request into tasks, log lines and log entries."""

from __future__ import annotations

import secrets
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id, or an empty text outside requests and tasks."""
    return _current.get()


def use_request_id(request_id: str = "") -> str:
    """Sets (or makes) the id of what runs from here on and returns it."""
    chosen = request_id or secrets.token_hex(8)
    _current.set(chosen)
    return chosen
