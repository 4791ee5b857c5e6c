"""Tables of the framework that hold nobody's rows, each with the reason why it has no policy."""

from __future__ import annotations

from clair_portal.walls.row_security import leave_open

WRITE = "select, insert, update, delete"

leave_open("django_session", "random keys", web=WRITE, login=WRITE, system="select, delete")
leave_open(
    "walls_cache",
    "throttles and short-lived values without personal data",
    **dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters", "system"), WRITE),
)
for _table in ("auth_permission", "auth_group", "auth_group_permissions"):
    leave_open(_table, "framework, not used: authority comes from postings")
leave_open("django_content_type", "framework", **dict.fromkeys(("web", "worker", "login", "system"), "select"))
leave_open("django_migrations", "framework", web="select", worker="select")
leave_open("pghistory_context", "not used: history takes the person from the transaction", system="select")
