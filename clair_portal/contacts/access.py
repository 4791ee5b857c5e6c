from __future__ import annotations

from clair_portal.casework.access import MINE, OWN, referred
from clair_portal.walls.row_security import ALL, Rows, protect

# The contact book: offices and headquarters share it; whoever works abroad may correct it.
_HOST = ("name", "local_name", "country_id", "city", "website", "telephone", "languages", "notes", "merged_into_id",
         "changed_at", "search_text")  # fmt: skip
protect(
    "contacts_host",
    office=Rows(select="true", insert=f"added_by_id = {MINE}", update="true", columns=_HOST),
    headquarters=ALL,
    system=ALL,
)
protect(
    "contacts_hostperson",
    office=Rows(
        select="true", insert="true", update="true",
        columns=("host_id", "name", "title", "language", "email", "telephone", "active"),
    ),
    headquarters=ALL,
    system=ALL,
)  # fmt: skip
protect(
    "contacts_hostuse",
    office=Rows(
        select="true", insert=f"office_id = {MINE}", update="true", columns=("host_id", "went", "remark", "day")
    ),
    headquarters=ALL,
    system=ALL,
)


def _planned(table: str, columns: tuple[str, ...], *, deletes: bool) -> dict[str, Rows]:
    standing, mine = referred(table, "case_id"), f"office_id = {MINE}"
    own = f"{mine} and {standing}"
    return {
        "member": Rows(select=f"{OWN} and shared"),
        "office": Rows(
            select=f"{standing} and (shared or {mine})", insert=own, update=own, columns=columns,
            delete=own if deletes else None,
        ),
        "headquarters": Rows(select="filed"),
        "system": ALL,
    }  # fmt: skip


protect(
    "contacts_visit",
    **_planned(
        "contacts_visit",
        ("title", "title_foreign", "starts_on", "ends_on", "shared", "version", "changed_at"),
        deletes=False,
    ),
)
protect(
    "contacts_stop",
    **_planned(
        "contacts_stop",
        ("day", "begins", "ends", "zone", "what", "what_foreign", "place", "address", "host_id", "host_name", "person",
         "interpreter", "telephone", "note", "shared"),
        deletes=True,
    ),
)  # fmt: skip
