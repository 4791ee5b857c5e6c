"""The index holds what is published and nothing else; the worker fills it, everybody reads it."""

from __future__ import annotations

from clair_portal.walls.row_security import leave_open

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters"), "select")
_FILLED = {**_READERS, "system": "select, insert, update, delete"}
leave_open("search_document", "copies of published pages and of public records", **_FILLED)
leave_open("search_term", "how often a term stands in published pages", **_FILLED)
