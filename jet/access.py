"""Published numbers are open; they come with the application."""

from __future__ import annotations

from clair_portal.walls.row_security import leave_open

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters", "system"), "select")
leave_open("jet_yearlytotal", "published totals of the JET Programme with their sources", **_READERS)
