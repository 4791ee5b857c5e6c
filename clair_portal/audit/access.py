"""Everybody may write to the log, nobody may rewrite it. Who reads an entry is declared with its subject (casework)."""

from __future__ import annotations

from clair_portal.walls.row_security import PERSON, WRITE_ONLY, Rows, definer_function, protect

_ROLES = ("portal_public", "portal_login", "portal_member", "portal_office", "portal_headquarters", "portal_system")
# What is internal to another side headquarters reads after an emergency reading with its reason, for an hour.
_OPENED = f"""exists (select from audit_emergencyreading r where r.subject_type = audit_entry.subject_type
 and r.subject_id = audit_entry.subject_id and r.person = {PERSON} and r.until > now())"""

protect(
    "audit_entry",
    public=WRITE_ONLY,
    login=WRITE_ONLY,
    member=Rows(select=f"person = {PERSON}", insert="true"),
    office=Rows(select=f"person = {PERSON}", insert="true"),
    headquarters=Rows(select=f"side in ('', 'headquarters') or person = {PERSON} or {_OPENED}", insert="true"),
    system=Rows(select="true", insert="true", update="sequence is null", check="true", columns=("sequence", "digest")),
)
_OWN_READINGS = Rows(select=f"subject_type = 'accounts.person' and subject = {PERSON}", insert="true")
protect(
    "audit_reading",
    member=_OWN_READINGS,
    office=_OWN_READINGS,
    headquarters=Rows(select="true", insert="true"),
    system=Rows(select="true", insert="true"),
)
protect(
    "audit_emergencyreading",
    headquarters=Rows(select="true", insert="true"),
    system=Rows(select="true"),
)

# clock_timestamp, not now(): two entries of one transaction keep their order.
definer_function(
    "audit_stamp()",
    """create or replace function audit_stamp() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  new.at := clock_timestamp();
  new.person := nullif(current_setting('app.person', true), '')::bigint;
  new.posting := nullif(current_setting('app.posting', true), '')::bigint;
  return new;
end $$""",
    *_ROLES,
)
definer_function(
    "audit_for_an_hour()",
    """create or replace function audit_for_an_hour() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  new.until := new.at + interval '1 hour';
  return new;
end $$""",
    *_ROLES,
)
# After "stamp" (triggers run in the order of their names): whose internal entry it is follows from the posting.
definer_function(
    "audit_unsealed()",
    """create or replace function audit_unsealed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  new.sequence := null;
  new.digest := null;
  new.organisation := case
    when new.side = '' then null
    when new.posting is null then new.organisation
    else (select p.organisation_id from accounts_posting p where p.id = new.posting) end;
  return new;
end $$""",
    *_ROLES,
)
