"""Second wall: who goes where is known to administrators until it happens; a pack is read by those it passes between."""

from __future__ import annotations

from clair_portal.accounts.access import ADMINISTERS, MINE
from clair_portal.walls.row_security import ALL, PERSON, Rows, definer_function, protect

_GROUPS = ("portal_member", "portal_office", "portal_headquarters", "portal_system")
_OWN = f"organisation_id = {MINE} and {ADMINISTERS}"
_CHANGES = (
    "state",
    "answers",
    "confirmed_by",
    "confirmed_at",
    "confirmed_as",
    "takes_effect_at",
    "taken_back_at",
    "job",
)
_OURS = Rows(select=_OWN, insert=_OWN, update=_OWN, delete=f"{_OWN} and state = 'draft'", columns=_CHANGES)
protect(
    "staffing_staffchange",
    member=_OURS,
    office=_OURS,
    headquarters=Rows(
        select=ADMINISTERS,
        insert=_OWN,
        update=ADMINISTERS,
        delete=f"{ADMINISTERS} and state = 'draft'",
        columns=_CHANGES,
    ),
    system=ALL,
)
_OF_CHANGE = "change_id in (select c.id from staffing_staffchange c)"
_LINES = Rows(select=_OF_CHANGE, insert=_OF_CHANGE)
protect("staffing_staffline", member=_LINES, office=_LINES, headquarters=_LINES, system=ALL)

definer_function(
    "staffing_inherited(bigint)",
    """create or replace function staffing_inherited(successor bigint) returns setof bigint language sql stable
security definer set search_path = public, pg_temp as $$
select l.posting_id from staffing_staffline l join staffing_staffchange c on c.id = l.change_id and c.state = 'confirmed'
  left join staffing_staffline h on h.id = l.heir_id
  join accounts_posting p on p.id = coalesce(l.successor_id, h.begun_id)
 where l.posting_id is not null and p.person_id = successor $$""",
    *_GROUPS,
)
_MY_PACK = f"person_id = {PERSON}"
_READS = f"{_MY_PACK} or posting_id in (select staffing_inherited({PERSON}))"
_MY_POSTING = (
    f"{_MY_PACK} and exists (select from accounts_posting p where p.id = posting_id and p.person_id = {PERSON} "
    "and p.organisation_id = staffing_handoverpack.organisation_id)"
)
_WRITES = ("body", "version", "changed_at", "signed_at", "panels", "kept_at")
_PACK = Rows(select=f"{_READS} or ({_OWN})", insert=_MY_POSTING, update=_MY_PACK, check=_MY_POSTING, columns=_WRITES)
protect(
    "staffing_handoverpack",
    member=_PACK,
    office=_PACK,
    headquarters=Rows(
        select=f"{_READS} or {ADMINISTERS}", insert=_MY_POSTING, update=_MY_PACK,
        check=_MY_POSTING, columns=_WRITES,
    ),
    system=ALL,
)  # fmt: skip

# Whoever may insert a posting may make anybody anything. So the roles of the pages may not: these two functions write what
# a confirmed change says, for its administrator, within the organisation - headquarters for every one.
_MAY = f"""({ADMINISTERS} and (current_setting('role') = 'portal_headquarters' or c.organisation_id = {MINE}))"""
_ELSEWHERE = """exists (select from staffing_staffline s left join accounts_posting p on p.id = s.posting_id
    where s.change_id = c.id and (coalesce(p.organisation_id, c.organisation_id) <> c.organisation_id
      or coalesce(s.organisation_id, c.organisation_id) <> c.organisation_id))"""
_NO_SUCH_ROLE = """exists (select from staffing_staffline s join accounts_role r on r.code = s.role_id
    join network_organisation o on o.id = s.organisation_id
    where s.change_id = c.id and cardinality(r.kinds) > 0 and o.kind <> all (r.kinds))"""
definer_function(
    "staffing_write_postings(uuid)",
    f"""create or replace function staffing_write_postings(wanted uuid) returns integer language plpgsql
security definer set search_path = public, pg_temp as $$
declare c staffing_staffchange; l staffing_staffline; made bigint; total integer := 0;
begin
  select * into c from staffing_staffchange where id = wanted and state = 'confirmed' for update;
  if c.id is null or not {_MAY} then return 0; end if;
  if current_setting('role') <> 'portal_headquarters' and {_ELSEWHERE} then return 0; end if;
  if {_NO_SUCH_ROLE} then return 0; end if;
  update accounts_posting p set ends_on = s.ends_on from staffing_staffline s
   where s.change_id = c.id and s.posting_id = p.id and s.ends_on is not null and s.ends_on is distinct from p.ends_on;
  for l in select * from staffing_staffline where change_id = c.id and person_id is not null and organisation_id is not null
                                              and begun_id is null order by row loop
    insert into accounts_posting (person_id, organisation_id, role_id, title, starts_on, ends_on, sending_body_id)
    values (l.person_id, l.organisation_id, l.role_id, l.title, l.starts_on, l.next_ends_on, l.sending_body_id) returning id into made;
    update staffing_staffline set begun_id = made where id = l.id;
    total := total + 1;
  end loop;
  return total;
end $$""",  # noqa: S608 - only our own predicates are put in
    *_GROUPS,
)
definer_function(
    "staffing_take_back(uuid, timestamptz)",
    f"""create or replace function staffing_take_back(wanted uuid, at timestamptz) returns boolean language plpgsql
security definer set search_path = public, pg_temp as $$
declare c staffing_staffchange; gone bigint[];
begin
  select * into c from staffing_staffchange where id = wanted and state = 'confirmed' and takes_effect_at > at for update;
  if c.id is null or not {_MAY} then return false; end if;
  update accounts_posting p set ends_on = l.ended_before from staffing_staffline l
   where l.change_id = c.id and l.posting_id = p.id and l.ends_on is not null and p.ends_on = l.ends_on;
  select array_agg(p.id) into gone from accounts_posting p join staffing_staffline l on l.change_id = c.id
    left join accounts_invitation i on i.id = l.invitation and i.used_at is not null
    left join accounts_user u on lower(u.email) = lower(i.email)
    left join accounts_person w on w.user_id = u.id
   where p.id = l.begun_id or (w.id is not null and p.person_id = w.id and p.organisation_id = i.organisation_id
     and p.role_id = i.role_id and p.starts_on = i.starts_on);
  update staffing_staffline set begun_id = null where change_id = c.id;
  delete from accounts_posting where id = any (gone);
  update accounts_invitation i set revoked_at = at from staffing_staffline l
   where l.change_id = c.id and i.id = l.invitation and i.used_at is null and i.revoked_at is null;
  update staffing_staffchange set state = 'taken_back', taken_back_at = at where id = c.id;
  return true;
end $$""",  # noqa: S608 - only our own predicates are put in
    *_GROUPS,
)
