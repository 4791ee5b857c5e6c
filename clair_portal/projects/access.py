"""The second wall: headquarters and offices read all, an office writes its own, a member reads what it is a party of."""

from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, Rows, definer_function, protect

MINE = ORGANISATIONS
_OURS = f"office_id = {MINE}"
_OF_OURS = f"exists (select from projects_project p where p.id = project_id and p.office_id = {MINE})"
# A policy on the parties that reads the parties would call itself: the function reads past it, once a query.
_PARTY = "project_id in (select projects_of_mine())"
_ON_CASE = "exists (select from casework_case c where c.id = case_id)"
_ON_EVENT = "exists (select from gatherings_event e where e.id = event_id)"

definer_function(
    "projects_of_mine()",
    f"""create or replace function projects_of_mine() returns setof bigint language sql stable
security definer set search_path = public, pg_temp as $$
select project_id from projects_projectparty where organisation_id = {MINE} $$""",  # noqa: S608 - our own predicate
    "portal_member",
)
protect(
    "projects_project",
    member=Rows(select="id in (select projects_of_mine())"),
    office=Rows(
        select="true",
        insert=_OURS,
        update=_OURS,
        columns=("title", "title_ja", "title_en", "strands", "begun", "state", "state_on", "source", "version",
                 "changed_at", "search_text"),
    ),
    headquarters=Rows(select="true"),
    system=ALL,
)  # fmt: skip
protect(
    "projects_projectparty",
    member=Rows(select=_PARTY),
    office=Rows(select="true", insert=_OF_OURS, delete=_OF_OURS),
    headquarters=Rows(select="true", update="true", columns=("organisation_id",)),  # after a merger
    system=ALL,
)
protect(
    "projects_projectnote",
    member=Rows(select=_PARTY),
    office=Rows(
        select="true",
        insert=f"author_id = {MINE} and {_OF_OURS}",
        update=f"author_id = {MINE} and {_OF_OURS}",
        columns=("day", "text_ja", "text_en", "source"),
    ),
    headquarters=Rows(select="true"),
    system=ALL,
)
protect(
    "projects_projectcase",
    member=Rows(select=f"{_PARTY} and {_ON_CASE}"),
    office=Rows(select=_ON_CASE, insert=f"{_OF_OURS} and {_ON_CASE}", delete=_OF_OURS),
    headquarters=Rows(select=_ON_CASE),
    system=ALL,
)
protect(
    "projects_projectevent",
    member=Rows(select=f"{_PARTY} and {_ON_EVENT}"),
    office=Rows(select=_ON_EVENT, insert=f"{_OF_OURS} and {_ON_EVENT}", delete=_OF_OURS),
    headquarters=Rows(select=_ON_EVENT),
    system=ALL,
)
