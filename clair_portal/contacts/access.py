from __future__ import annotations

from clair_portal.casework.access import MINE, OWN, referred, working
from clair_portal.walls.row_security import ALL, READ, Rows, definer_function, protect

# The contact book: offices and headquarters share it. Any office may correct a host or a person at it, so that the book
# outlives the people who wrote it; how it went is the statement of the office that was there.
_HOST = ("name", "local_name", "country_id", "city", "website", "telephone", "languages", "topics", "good_for", "notes",
         "changed_at", "search_text")  # fmt: skip
protect(
    "contacts_host",
    office=Rows(select="true", insert=f"added_by_id = {MINE}", update="true", columns=_HOST),
    headquarters=READ,
    system=ALL,
)
protect(
    "contacts_hostperson",
    office=Rows(
        select="true", insert="true", update="true",
        columns=("name", "title", "language", "email", "telephone", "active"),
    ),
    headquarters=READ,
    system=ALL,
)  # fmt: skip
_OWN_USE = f"office_id = {MINE}"
_ON_MY_CASE = f"(case_id is null or {referred('contacts_hostuse', 'case_id')})"
protect(
    "contacts_hostuse",
    office=Rows(
        select="true", insert=f"{_OWN_USE} and {_ON_MY_CASE}", update=_OWN_USE,
        columns=("person_id", "went", "remark", "day"),
    ),
    headquarters=READ,
    system=ALL,
)  # fmt: skip

# Merging moves what other offices wrote as well, which none of them may do row by row.
definer_function(
    "contacts_merge_hosts(bigint, bigint)",
    """create or replace function contacts_merge_hosts(gone bigint, kept bigint) returns boolean language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  perform from contacts_host where id in (gone, kept) order by id for update;
  if gone = kept or (select count(*) from contacts_host where id in (gone, kept) and merged_into_id is null) < 2
    then return false; end if;
  update contacts_hostperson set host_id = kept where host_id = gone;
  update contacts_hostuse set host_id = kept where host_id = gone;
  update contacts_stop set host_id = kept where host_id = gone;
  update contacts_host set merged_into_id = kept, changed_at = now() where gone in (id, merged_into_id);
  return true;
end $$""",
    "portal_office",
)


def _planned(table: str, columns: tuple[str, ...], *, deletes: str) -> dict[str, Rows]:
    standing, mine = referred(table, "case_id"), f"office_id = {MINE}"
    own = f"{mine} and {working(table, 'case_id')}"
    return {
        "member": Rows(select=f"{OWN} and shared"),
        "office": Rows(
            select=f"{standing} and (shared or {mine})", insert=own, update=own, columns=columns,
            delete=f"{own} and {deletes}",
        ),
        "headquarters": Rows(select="filed"),
        "system": ALL,
    }  # fmt: skip


protect(
    "contacts_visit",
    **_planned(
        "contacts_visit",
        (
            "title",
            "title_foreign",
            "language",
            "starts_on",
            "ends_on",
            "shared",
            "version",
            "told_version",
            "changed_at",
            "removed",
        ),
        deletes="not shared",
    ),
)
protect(
    "contacts_stop",
    **_planned(
        "contacts_stop",
        ("day", "begins", "ends", "zone", "turn", "what", "what_foreign", "place", "address", "host_id", "contact_id",
         "host_name", "person", "interpreter", "telephone", "note", "shared", "version"),
        deletes="true",
    ),
)  # fmt: skip
