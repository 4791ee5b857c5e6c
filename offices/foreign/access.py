"""Second wall. A stranger reads and writes nothing here but through these functions; each asks the signed link itself and
works on the subject the link names. Only the portal itself (system) makes cases of what came in."""

from __future__ import annotations

from clair_portal.accounts.strangers import VISITORS
from clair_portal.casework.access import referred
from clair_portal.walls.row_security import ALL, Rows, definer_function, protect

CONFIRM, FOLLOW = "offices.foreign.confirm", "offices.foreign.follow"

protect(
    "offices_foreignrequest",
    office=Rows(select=f"case_id is not null and {referred('offices_foreignrequest', 'case_id')}"),
    headquarters=Rows(select="case_id is not null"),
    system=ALL,
)
_WITH = """coalesce((select r.office_id from casework_referral r where r.case_id = {} and r.standing
    and r.state not in ('offered', 'reading') order by r.owner desc, r.id limit 1), asked.office_id)"""
protect("offices_foreignletter", system=ALL)
protect("offices_foreignpaper", system=ALL)

_KEEP_PAPERS = """insert into offices_foreignpaper
    (id, name, media_type, size, sha256, key, check_state, uploaded_at, request_id, letter_id)
  select gen_random_uuid(), p.name, p.media_type, p.size, p.sha256, p.key, p.check_state, at, {request}, {letter}
    from jsonb_to_recordset(papers) as p (name text, media_type text, size bigint, sha256 text, key text, check_state text)"""

definer_function(
    "offices_foreign_ask(jsonb, jsonb, date, timestamptz)",
    f"""create or replace function offices_foreign_ask(given jsonb, papers jsonb, today date, at timestamptz) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare made uuid := gen_random_uuid();
begin
  if not exists (select from network_jurisdiction j join network_organisation o on o.id = j.office_id and o.kind = 'office'
      where j.office_id = (given ->> 'office')::bigint and j.country_id = given ->> 'country'
        and (j.starts_on is null or j.starts_on <= today) and (j.ends_on is null or j.ends_on >= today)) then
    return 'country'; end if;
  if (select count(*) from offices_foreignrequest where lower(email) = lower(given ->> 'email') and confirmed_at is null) >= 5 then
    return 'many'; end if;
  insert into offices_foreignrequest (id, office_id, country_id, government, contact, email, telephone, kinds, subject, text,
      starts_on, ends_on, language, created_at, told_state, told_notes)
    values (made, (given ->> 'office')::bigint, given ->> 'country', given ->> 'government', given ->> 'contact',
      given ->> 'email', given ->> 'telephone', array(select jsonb_array_elements_text(given -> 'kinds')),
      given ->> 'subject', given ->> 'text', (given ->> 'starts_on')::date, (given ->> 'ends_on')::date,
      given ->> 'language', at, '', 0);
  {_KEEP_PAPERS.format(request="made", letter="null")};
  return 'kept';
end $$""",  # noqa: S608 - only our own words are put in
    *VISITORS,
)
definer_function(
    "offices_foreign_confirm(text, timestamptz)",
    f"""create or replace function offices_foreign_confirm(token_digest text, at timestamptz) returns jsonb language plpgsql
security definer set search_path = public, pg_temp as $$
declare link jsonb := portal_signed_link(token_digest, '{CONFIRM}', at);
begin
  if link is null or link ->> 'state' <> 'open' then return link; end if;
  update offices_foreignrequest set confirmed_at = coalesce(confirmed_at, at)
   where id::text = link ->> 'subject_id' and link ->> 'subject_type' = 'offices.foreignrequest';
  if not found then return null; end if;
  return link;
end $$""",  # noqa: S608 - only our own words are put in
    *VISITORS,
)
# What the link may open: one request. Raised to nothing else, whatever Python passes.
definer_function(
    "offices_foreign_follow(text, timestamptz)",
    f"""create or replace function offices_foreign_follow(token_digest text, at timestamptz) returns jsonb language plpgsql
security definer set search_path = public, pg_temp as $$
declare link jsonb := portal_signed_link(token_digest, '{FOLLOW}', at); asked offices_foreignrequest; c casework_case;
begin
  if link is null or link ->> 'state' <> 'open' then return link; end if;
  select * into asked from offices_foreignrequest
   where id::text = link ->> 'subject_id' and link ->> 'subject_type' = 'offices.foreignrequest';
  if asked.case_id is null then return null; end if;
  select * into c from casework_case where id = asked.case_id;
  return link || jsonb_build_object(
    'number', c.number, 'case_state', c.state, 'filed_at', c.filed_at, 'subject', asked.subject, 'text', asked.text,
    'government', asked.government, 'contact', asked.contact, 'office', {_WITH.format("c.id")},
    'notes', (select coalesce(jsonb_agg(jsonb_build_object('at', n.created_at, 'own', n.side = 'applicant',
        'by', n.signature, 'body', n.body) order by n.id), '[]') from casework_note n where n.case_id = c.id and n.shared),
    'papers', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'size', p.size,
        'own', p.side = 'applicant', 'readable', p.check_state in ('clean', 'not_scanned')) order by p.created_at), '[]')
        from casework_casefile p where p.case_id = c.id and p.shared),
    'letters', (select coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'body', l.body, 'at', l.created_at)
        order by l.created_at), '[]') from offices_foreignletter l where l.request_id = asked.id));
end $$""",  # noqa: S608 - only our own words are put in
    *VISITORS,
)
definer_function(
    "offices_foreign_write(text, text, text, jsonb, timestamptz)",
    f"""create or replace function offices_foreign_write(token_digest text, what text, words text, papers jsonb, at timestamptz)
returns jsonb language plpgsql security definer set search_path = public, pg_temp as $$
declare link jsonb := portal_signed_link(token_digest, '{FOLLOW}', at); made uuid := gen_random_uuid(); asked uuid;
begin
  if link is null or link ->> 'state' <> 'open' then return link; end if;
  select id into asked from offices_foreignrequest where id::text = link ->> 'subject_id' and case_id is not null
     and link ->> 'subject_type' = 'offices.foreignrequest';
  if asked is null or what not in ('reply', 'withdrawal') then return null; end if;
  insert into offices_foreignletter (id, request_id, kind, body, email, created_at) values (made, asked, what, words, '', at);
  {_KEEP_PAPERS.format(request="asked", letter="made")};
  return link;
end $$""",  # noqa: S608 - only our own words are put in
    *VISITORS,
)
definer_function(
    "offices_foreign_paper(text, uuid, timestamptz)",
    f"""create or replace function offices_foreign_paper(token_digest text, paper uuid, at timestamptz) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare link jsonb := portal_signed_link(token_digest, '{FOLLOW}', at);
begin
  if link is null or link ->> 'state' <> 'open' then return link; end if;
  return (select link || jsonb_build_object('name', p.name, 'media_type', p.media_type, 'key', p.key, 'check_state', p.check_state)
    from casework_casefile p join offices_foreignrequest r on r.case_id = p.case_id
   where p.id = paper and p.shared and r.id::text = link ->> 'subject_id' and link ->> 'subject_type' = 'offices.foreignrequest');
end $$""",  # noqa: S608 - only our own words are put in
    *VISITORS,
)
# Writes the same row whether the address is known or not; whether it is, only the portal itself finds out.
definer_function(
    "offices_foreign_wish(text, timestamptz)",
    """create or replace function offices_foreign_wish(address text, at timestamptz) returns void language sql
security definer set search_path = public, pg_temp as $$
insert into offices_foreignletter (id, kind, body, email, created_at) values (gen_random_uuid(), 'link', '', address, at) $$""",
    *VISITORS,
)
