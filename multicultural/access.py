"""Published numbers are open; they come with the application."""

from __future__ import annotations

from clair_portal.walls.row_security import leave_open

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters", "system"), "select")
leave_open("multicultural_statistic", "published statistics of foreign residents", **_READERS)
leave_open("multicultural_residentcount", "published numbers of foreign residents", **_READERS)
leave_open("multicultural_municipalitycount", "published numbers of foreign residents of municipalities", **_READERS)
