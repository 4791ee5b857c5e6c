"""Everybody may write to the log, nobody may rewrite it. Who reads an entry is declared with its subject (casework)."""

from __future__ import annotations

from clair_portal.walls.row_security import PERSON, WRITE_ONLY, Rows, definer_function, protect

_ROLES = ("portal_public", "portal_login", "portal_member", "portal_office", "portal_headquarters", "portal_system")

protect(
    "audit_entry",
    public=WRITE_ONLY,
    login=WRITE_ONLY,
    member=Rows(select=f"person = {PERSON}", insert="true"),
    office=Rows(select=f"person = {PERSON}", insert="true"),
    headquarters=Rows(select="true", insert="true"),
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
definer_function(
    "audit_unsealed()",
    """create or replace function audit_unsealed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  new.sequence := null;
  new.digest := null;
  return new;
end $$""",
    *_ROLES,
)
