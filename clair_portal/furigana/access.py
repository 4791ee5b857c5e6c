from __future__ import annotations

from clair_portal.walls.row_security import leave_open

_READ = "select (id, text, reading)"
_KEPT = "select, insert, update, delete"
leave_open(
    "furigana_reading", "how words are read, as public pages show it", public=_READ, login=_READ, member=_READ, office=_READ,
    headquarters=_KEPT, system=_KEPT,
)  # fmt: skip
