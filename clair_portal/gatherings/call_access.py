"""The second wall of calls, and the window: an application arrives by the clock of the database, under the lock of its call.

Members write nothing into the tables themselves. What was promised when a call was published stays, whoever asks.
"""

from __future__ import annotations

from clair_portal.gatherings.queue_access import SIGNED_IN
from clair_portal.walls.row_security import ALL, ORGANISATIONS, PERSON, Rows, definer_function, protect

_MINE = f"organisation_id = {ORGANISATIONS}"
_RELEASED = "released_at is not null"
_TEXTS = (
    "title_ja", "title_en", "summary_ja", "summary_en", "conditions_ja", "conditions_en", "fee", "fee_note_ja", "fee_note_en",
    "places", "most_people", "opens_at", "closes_at", "selection", "seed_rule_ja", "seed_rule_en", "state", "released_at",
    "seed", "seed_source", "seed_day", "lots", "results_at", "event_id", "changed_at",
)  # fmt: skip
_PUBLIC = Rows(select=_RELEASED, readable=("id", "organisation_id", "sample", *_TEXTS))
_WRITTEN = (*_TEXTS, "version", "posting_id")
protect(
    "gatherings_call",
    public=_PUBLIC,
    login=_PUBLIC,
    member=Rows(select=_RELEASED),
    office=Rows(select=f"{_RELEASED} or {_MINE}", insert=_MINE, update=_MINE, columns=_WRITTEN),
    headquarters=Rows(select="true", insert=_MINE, update=_MINE, columns=_WRITTEN),
    system=ALL,
)
_TO_MINE = f"exists (select from gatherings_call c where c.id = call_id and c.organisation_id = {ORGANISATIONS})"
_HOST = Rows(select=_TO_MINE, update=_TO_MINE, columns=("state", "proposed", "rank", "reserve"))
protect("gatherings_application", member=Rows(select=_MINE), office=_HOST, headquarters=_HOST, system=ALL)

_ACTS_FOR = "(nullif(current_setting('app.organisations', true), '')::bigint[])"
definer_function(
    "gatherings_apply(uuid, uuid, jsonb)",
    f"""create or replace function gatherings_apply(of_call uuid, made uuid, given jsonb) returns jsonb language plpgsql
security definer set search_path = public, pg_temp as $$
declare c gatherings_call; a gatherings_application; mine bigint := ({_ACTS_FOR})[1]; at timestamptz;
begin
  if mine is null or {PERSON} is null then return null; end if;
  select * into c from gatherings_call where id = of_call for update;
  at := clock_timestamp();
  if c.id is null or c.released_at is null then return null; end if;
  if c.state = 'cancelled' then return jsonb_build_object('went', 'cancelled'); end if;
  if c.state <> 'open' or at > c.closes_at then return jsonb_build_object('went', 'closed'); end if;
  if at < c.opens_at then return jsonb_build_object('went', 'early'); end if;
  if (given ->> 'people')::int not between 1 and c.most_people then return jsonb_build_object('went', 'many'); end if;
  select * into a from gatherings_application where call_id = c.id and organisation_id = mine;
  if a.id is null then
    insert into gatherings_application (id, call_id, organisation_id, person, contact, email, lot, people, names, reason,
        consented_at, state, sent_at, changed_at, told, version, sample)
      values (made, c.id, mine, {PERSON}, given ->> 'contact', given ->> 'email',
        (select coalesce(max(lot), 0) + 1 from gatherings_application where call_id = c.id), (given ->> 'people')::int,
        given ->> 'names', given ->> 'reason', at, 'sent', at, at, '', 1, false) returning * into a;
  elsif a.version <> (given ->> 'version')::int then return jsonb_build_object('went', 'stale');
  else
    update gatherings_application set person = {PERSON}, contact = given ->> 'contact', email = given ->> 'email',
      people = (given ->> 'people')::int, names = given ->> 'names', reason = given ->> 'reason', consented_at = at,
      state = 'sent', changed_at = at, version = version + 1 where id = a.id;
  end if;
  return jsonb_build_object('went', 'sent', 'id', a.id, 'lot', a.lot);
end $$""",  # noqa: S608 - only our own words are put in
    "portal_member",
)
# Whoever withdraws does not see who moves up.
definer_function(
    "gatherings_withdraw(uuid)",
    f"""create or replace function gatherings_withdraw(application uuid) returns text language plpgsql
security definer set search_path = public, pg_temp as $$
declare c gatherings_call; a gatherings_application;
begin
  select * into c from gatherings_call
   where id = (select call_id from gatherings_application where id = application) for update;
  select * into a from gatherings_application where id = application and organisation_id = any ({_ACTS_FOR});
  if a.id is null then return 'unknown'; end if;
  if a.state not in ('sent', 'selected', 'reserve') or c.state = 'cancelled' then return 'late'; end if;
  update gatherings_application set state = 'withdrawn', reserve = null, proposed = null, changed_at = clock_timestamp()
   where id = a.id;
  if a.state = 'selected' then
    update gatherings_application set state = 'selected', reserve = null
     where id = (select id from gatherings_application where call_id = c.id and state = 'reserve' order by reserve limit 1);
  end if;
  update gatherings_application o set reserve = n.number from (
    select id, row_number() over (order by reserve) as number from gatherings_application
     where call_id = c.id and state = 'reserve') n where o.id = n.id and o.reserve <> n.number;
  return 'withdrawn';
end $$""",  # noqa: S608 - only our own words are put in
    "portal_member",
)
# After a merger: what the former body applied for stands for its successor, unless that applied itself.
definer_function(
    "gatherings_move_applications(bigint, bigint)",
    """create or replace function gatherings_move_applications(former bigint, heir bigint)
returns table (id uuid, title_ja varchar, title_en varchar) language sql
security definer set search_path = public, pg_temp as $$
update gatherings_application a set organisation_id = heir
  from gatherings_call c where c.id = a.call_id and c.state in ('open', 'closed', 'decided')
   and a.organisation_id = former and a.state not in ('withdrawn', 'not_selected')
   and not exists (select from gatherings_application o where o.call_id = a.call_id and o.organisation_id = heir)
   and exists (select from network_succession s where s.predecessor_id = former and s.successor_id = heir
     and s."on" <= (now() at time zone 'Asia/Tokyo')::date)
returning a.id, c.title_ja, c.title_en $$""",
    "portal_headquarters",
)
definer_function(
    "gatherings_call_stays()",
    """create or replace function gatherings_call_stays() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if old.seed <> '' and (new.seed, new.seed_source, new.seed_day, new.lots)
     is distinct from (old.seed, old.seed_source, old.seed_day, old.lots) then
    raise insufficient_privilege using message = 'a lottery is drawn once'; end if;
  if current_setting('role') = 'none' or old.released_at is null then return new; end if;
  if (new.places, new.most_people, new.opens_at, new.selection, new.seed_rule_ja, new.seed_rule_en, new.conditions_ja,
      new.conditions_en, new.fee, new.fee_note_ja, new.fee_note_en, new.organisation_id, new.released_at)
     is distinct from (old.places, old.most_people, old.opens_at, old.selection, old.seed_rule_ja, old.seed_rule_en,
      old.conditions_ja, old.conditions_en, old.fee, old.fee_note_ja, old.fee_note_en, old.organisation_id, old.released_at) then
    raise insufficient_privilege using message = 'what a call promised stays'; end if;
  if new.closes_at < old.closes_at or (new.closes_at > old.closes_at and old.closes_at < clock_timestamp()) then
    raise insufficient_privilege using message = 'a call is never closed earlier, and not opened again'; end if;
  if new.state in ('closed', 'decided') and new.state <> old.state and old.closes_at > clock_timestamp() then
    raise insufficient_privilege using message = 'a call is decided after it closed'; end if;
  return new;
end $$""",
    *SIGNED_IN,
)
definer_function(
    "gatherings_rank_stays()",
    """create or replace function gatherings_rank_stays() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if new.lot <> old.lot or (old.rank is not null and new.rank is distinct from old.rank) then
    raise insufficient_privilege using message = 'lot and rank of a lottery stay'; end if;
  return new;
end $$""",
    *SIGNED_IN,
)
