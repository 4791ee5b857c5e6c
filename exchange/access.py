"""Ties between local governments are published; they come with the application."""

from __future__ import annotations

from clair_portal.walls.row_security import leave_open

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters", "system"), "select")
leave_open("exchange_tie", "published sister and friendship ties with their sources", **_READERS)
