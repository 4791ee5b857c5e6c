from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, PERSON, Rows, definer_function, protect

_OF_MY_ORGANISATION = f"organisation_id = {ORGANISATIONS}"
_REPORTS = Rows(
    select=f"{_OF_MY_ORGANISATION} and (not personal or person = {PERSON})",
    insert=f"{_OF_MY_ORGANISATION} and person = {PERSON}",
)
protect("reports_report", member=_REPORTS, office=_REPORTS, headquarters=_REPORTS, system=ALL)

_PUBLISHED = Rows(select="published_at is not null")
protect(
    "reports_snapshot",
    public=_PUBLISHED,
    login=_PUBLISHED,
    member=_PUBLISHED,
    office=_PUBLISHED,
    headquarters=Rows(
        select="true", insert="published_at is null", update="true", columns=("published_at", "published_by")
    ),
    system=Rows(select="true"),
)
definer_function(
    "reports_snapshot_stays()",
    """create or replace function reports_snapshot_stays() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.published_at is not null
     or (to_jsonb(new) - 'published_at' - 'published_by') <> (to_jsonb(old) - 'published_at' - 'published_by') then
    raise exception 'a yearly count stays as it was counted' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$""",
)
