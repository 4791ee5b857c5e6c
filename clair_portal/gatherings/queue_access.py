"""The queue of an event. Whoever registers or cancels sees nobody else's registration, so functions of the database count:
each locks the event first, so that all who come at once are taken one after the other."""

from __future__ import annotations

from clair_portal.accounts.strangers import VISITORS
from clair_portal.walls.row_security import PERSON, definer_function

CONFIRM, SEAT, ANSWER = "gatherings.confirm", "gatherings.seat", "gatherings.answer"
SIGNED_IN = ("portal_member", "portal_office", "portal_headquarters")
HOSTS = ("portal_office", "portal_headquarters", "portal_system")
_IS_OPEN = """e.state = 'open' and e.released_at is not null and at < e.begins_at
    and (e.register_until is null or at <= e.register_until)"""

definer_function(
    "gatherings_enter(uuid, timestamptz)",
    f"""create or replace function gatherings_enter(registration uuid, at timestamptz) returns text language plpgsql
security definer set search_path = public, pg_temp as $$
declare r gatherings_registration; e gatherings_event; goes text;
begin
  select * into e from gatherings_event
   where id = (select event_id from gatherings_registration where id = registration) for update;
  select * into r from gatherings_registration where id = registration;
  if r.id is null then return 'unknown'; end if;
  if r.state <> 'asked' then return r.state; end if;
  if not ({_IS_OPEN}) then return 'closed'; end if;
  if exists (select from gatherings_registration o where o.event_id = e.id and o.state in ('in', 'waiting')
      and (lower(o.email) = lower(r.email) or o.person = r.person)) then return 'twice'; end if;
  goes := case when e.capacity is null then 'in'
    when exists (select from gatherings_registration o where o.event_id = e.id and o.state = 'waiting') then 'waiting'
    when (select count(*) from gatherings_registration o where o.event_id = e.id and o.state = 'in') < e.capacity then 'in'
    else 'waiting' end;
  update gatherings_registration set state = goes, entered_at = clock_timestamp() where id = registration;
  return goes;
end $$""",  # noqa: S608 - only our own words are put in
)
definer_function(
    "gatherings_fill(uuid)",
    """create or replace function gatherings_fill(of_event uuid) returns bigint language plpgsql
security definer set search_path = public, pg_temp as $$
declare e gatherings_event; moved bigint;
begin
  select * into e from gatherings_event where id = of_event for update;
  if e.id is null or e.state not in ('planned', 'open') or e.begins_at <= now() then return 0; end if;
  with next as (
    select id from gatherings_registration where event_id = e.id and state = 'waiting' order by entered_at, id
     limit case when e.capacity is null then null else greatest(0, e.capacity
       - (select count(*) from gatherings_registration where event_id = e.id and state = 'in')) end),
  up as (update gatherings_registration set state = 'in' where id in (select id from next) returning 1)
  select count(*) into moved from up;
  return moved;
end $$""",
    *HOSTS,
)
definer_function(
    "gatherings_leave(uuid, timestamptz)",
    """create or replace function gatherings_leave(registration uuid, at timestamptz) returns text language plpgsql
security definer set search_path = public, pg_temp as $$
declare of_event uuid; was text;
begin
  select event_id into of_event from gatherings_registration where id = registration;
  perform from gatherings_event where id = of_event for update;
  select state into was from gatherings_registration where id = registration;
  if was is null then return 'unknown'; end if;
  if was = 'cancelled' then return was; end if;
  update gatherings_registration set state = 'cancelled', cancelled_at = at where id = registration;
  perform gatherings_fill(of_event);
  return 'cancelled';
end $$""",
)
_PLACE_OF = """jsonb_build_object('seat', r.state, 'name', r.name, 'event', r.event_id, 'number', (
    select count(*) from gatherings_registration o where o.event_id = r.event_id and o.state = 'waiting'
       and (o.entered_at, o.id) <= (r.entered_at, r.id)))"""
definer_function(
    "gatherings_register(uuid, jsonb, timestamptz)",
    f"""create or replace function gatherings_register(of_event uuid, given jsonb, at timestamptz) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare made uuid := gen_random_uuid(); goes text;
begin
  if {PERSON} is null then return null; end if;
  insert into gatherings_registration (id, event_id, organisation_id, person, name, body, email, language, state, created_at,
      asked_at, told, sample)
    values (made, of_event, (nullif(current_setting('app.organisations', true), '')::bigint[])[1], {PERSON}, given ->> 'name',
      given ->> 'body', given ->> 'email', given ->> 'language', 'asked', at, at, '', false);
  goes := gatherings_enter(made, at);
  if goes not in ('in', 'waiting') then
    delete from gatherings_registration where id = made;
    return jsonb_build_object('seat', goes);
  end if;
  return (select {_PLACE_OF} from gatherings_registration r where r.id = made);
end $$""",  # noqa: S608 - only our own words are put in
    *SIGNED_IN,
)
definer_function(
    "gatherings_cancel(uuid, timestamptz)",
    f"""create or replace function gatherings_cancel(registration uuid, at timestamptz) returns text language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from gatherings_registration r join gatherings_event e on e.id = r.event_id where r.id = registration
      and (r.person = {PERSON} or e.organisation_id = any (nullif(current_setting('app.organisations', true), '')::bigint[])))
  then return 'unknown'; end if;
  return gatherings_leave(registration, at);
end $$""",
    *SIGNED_IN,
)
# --- Strangers: a form, a link that confirms the address, a link to one's own place ----------------------------------------
definer_function(
    "gatherings_ask(uuid, jsonb, timestamptz)",
    f"""create or replace function gatherings_ask(of_event uuid, given jsonb, at timestamptz) returns text language plpgsql
security definer set search_path = public, pg_temp as $$
declare e gatherings_event;
begin
  select * into e from gatherings_event where id = of_event;
  if e.id is null or not e.for_public or not ({_IS_OPEN}) then return 'closed'; end if;
  if (select count(*) from gatherings_registration r where r.event_id = of_event and r.state = 'asked'
      and lower(r.email) = lower(given ->> 'email')) >= 3 then return 'many'; end if;
  insert into gatherings_registration (id, event_id, name, body, email, language, state, created_at, told, sample)
    values (gen_random_uuid(), of_event, given ->> 'name', given ->> 'body', given ->> 'email', given ->> 'language', 'asked',
      at, '', false);
  return 'kept';
end $$""",  # noqa: S608 - only our own words are put in
    *VISITORS,
)
_OF_LINK = """declare link jsonb := portal_signed_link(token_digest, '{purpose}', at); mine uuid; went text;
begin
  if link is null or link ->> 'state' <> 'open' then return link; end if;
  select id into mine from gatherings_registration
   where id::text = link ->> 'subject_id' and link ->> 'subject_type' = 'gatherings.registration';
  if mine is null then return null; end if;"""


def _through_a_link(name: str, purpose: str, does: str) -> None:
    """The link opens one registration: `does` is done with it, and how it stands then is the answer."""
    definer_function(
        f"{name}(text, timestamptz)",
        f"""create or replace function {name}(token_digest text, at timestamptz) returns jsonb language plpgsql
security definer set search_path = public, pg_temp as $$
{_OF_LINK.format(purpose=purpose)}
  went := {does};
  return link || (select {_PLACE_OF} from gatherings_registration r where r.id = mine) || jsonb_build_object('went', went);
end $$""",  # noqa: S608 - only our own words are put in
        *VISITORS,
    )


_through_a_link("gatherings_confirm", CONFIRM, "gatherings_enter(mine, at)")
_through_a_link("gatherings_seat", SEAT, "''")
_through_a_link("gatherings_give_back", SEAT, "gatherings_leave(mine, at)")
# The link belongs to the event, so that the answers do not say whose they are.
definer_function(
    "gatherings_answer(text, jsonb, timestamptz)",
    f"""create or replace function gatherings_answer(token_digest text, given jsonb, at timestamptz) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare link jsonb := portal_signed_link(token_digest, '{ANSWER}', at);
begin
  if link is null or link ->> 'state' <> 'open' then return link; end if;
  insert into gatherings_answersheet (id, event_id, given, answered_on)
    select gen_random_uuid(), e.id, given, at::date from gatherings_event e
     where e.id::text = link ->> 'subject_id' and link ->> 'subject_type' = 'gatherings.event';
  if not found then return null; end if;
  return link;
end $$""",  # noqa: S608 - only our own words are put in
    *VISITORS,
)
