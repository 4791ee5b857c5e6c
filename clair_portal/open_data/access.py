"""Everybody reads when open data changed; the portal itself notes it."""

from __future__ import annotations

from clair_portal.walls.row_security import leave_open

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters"), "select")
leave_open("open_data_edition", "when published data changed", **_READERS, system="select, insert")
