"""Second wall for people and authority. Before there is a scope, only the functions below tell who somebody is."""

from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, PERSON, Rows, definer_function, leave_open, protect

MINE = ORGANISATIONS
# The organisation of a posting is one's own, CLAIR's, one's branch, or under one's branch.
_NEAR = (
    "exists (select from network_organisation o where o.id = organisation_id and (o.kind in ('headquarters', 'division', 'office') "  # noqa: S608
    f"or o.branch_id = {MINE} or o.id in (select m.branch_id from network_organisation m where m.id = {MINE})))"
)
_SEES_POSTING = f"person_id = {PERSON} or organisation_id = {MINE} or {_NEAR}"
_SEES_PERSON = f"id = {PERSON} or exists (select from accounts_posting p where p.person_id = accounts_person.id)"
# Whether the chosen posting is the reader's own and lets them administer.
ADMINISTERS = (
    "(select exists (select from accounts_posting chosen join accounts_role r on r.code = chosen.role_id "  # noqa: S608
    f"where chosen.id = nullif(current_setting('app.posting', true), '')::bigint and chosen.person_id = {PERSON} "
    "and 'organisation.administer' = any (r.rights)))"
)
_SELF = f"id = {PERSON}"
_PREFERENCES = ("language", "time_zone", "mail", "telephone", "search_text", "name", "name_latin", "kana", "email")

leave_open(
    "accounts_user",
    "needed before there is a scope; a password hash is read by the sign-in pages only",
    web="select, update (last_login)",
    worker="select (id, email, is_active, sample)",
    login="select, insert, update",
    member="select (id, email, is_active)",
    office="select (id, email, is_active)",
    headquarters="select (id, email, is_active), update (is_active)",
    system="select (id, email, is_active), update (is_active)",
)
leave_open(
    "accounts_role",
    "names and rights of roles",
    **{
        **dict.fromkeys(("web", "worker", "public", "login", "member", "office", "system"), "select"),
        "headquarters": "select, insert, update",
    },
)
_SIGN_IN = "select, insert, update, delete"
for _table in ("account_emailaddress", "account_emailconfirmation", "usersessions_usersession"):
    leave_open(_table, "sign-in pages", login=_SIGN_IN, web=_SIGN_IN, system="select, delete")
leave_open("mfa_authenticator", "sign-in pages; no other part needs a second factor", login=_SIGN_IN, web=_SIGN_IN)
protect(
    "accounts_person",
    login=Rows(select=_SELF, update=_SELF, columns=_PREFERENCES),
    member=Rows(select=_SEES_PERSON, update=_SELF, columns=_PREFERENCES),
    office=Rows(select="true", update=_SELF, columns=_PREFERENCES),
    headquarters=Rows(select="true", insert="true", update="true"),
    system=ALL,
)
protect(
    "accounts_posting",
    login=Rows(select=f"person_id = {PERSON}"),
    member=Rows(select=_SEES_POSTING, update=f"organisation_id = {MINE}", columns=("ends_on",)),
    office=Rows(select="true", update=f"organisation_id = {MINE}", columns=("ends_on",)),
    headquarters=Rows(select="true", insert="true", update="true"),
    system=ALL,
)
_OWN_INVITATIONS = Rows(
    select=f"organisation_id = {MINE}", insert=f"organisation_id = {MINE}", update=f"organisation_id = {MINE}",
    columns=("revoked_at",),
)  # fmt: skip
protect("accounts_invitation", member=_OWN_INVITATIONS, office=_OWN_INVITATIONS, headquarters=ALL, system=ALL)
_OWN_TERMS = Rows(
    select=f"organisation_id = {MINE}", insert=f"organisation_id = {MINE}", update=f"organisation_id = {MINE}",
    columns=("zone", "weeks", "changed_at"),
)  # fmt: skip
protect("accounts_postingterms", member=_OWN_TERMS, office=_OWN_TERMS, headquarters=ALL, system=ALL)
_OWN_LINKS = Rows(
    select=f"organisation_id = {MINE}", insert=f"organisation_id = {MINE}", update=f"organisation_id = {MINE}",
    columns=("revoked_at",),
)  # fmt: skip
protect("accounts_signedlink", member=_OWN_LINKS, office=_OWN_LINKS, headquarters=ALL, system=ALL)
_OWN_TOKENS = Rows(
    select=f"person_id = {PERSON}",
    insert=f"person_id = {PERSON}",
    update=f"person_id = {PERSON}",
    columns=("revoked_at",),
)
protect("accounts_apitoken", member=_OWN_TOKENS, office=_OWN_TOKENS, headquarters=_OWN_TOKENS, system=ALL)
_OWN_KEYS = Rows(select=f"person_id = {PERSON}", insert=f"person_id = {PERSON}")
protect("accounts_sentonce", member=_OWN_KEYS, office=_OWN_KEYS, headquarters=_OWN_KEYS, system=ALL)
for _table in ("accounts_personevent", "accounts_postingevent"):
    protect(_table, headquarters=Rows("true"), system=Rows("true"))

_READER = """jsonb_build_object(
  'person', p.id, 'name', p.name, 'name_latin', p.name_latin, 'email', coalesce(nullif(p.email, ''), u.email),
  'language', p.language, 'time_zone', p.time_zone,
  'postings', coalesce((
    select jsonb_agg(jsonb_build_object('id', g.id, 'organisation', o.id, 'kind', o.kind, 'name_ja', o.name_ja, 'name_en', o.name_en,
      'headquarters', case when o.kind = 'division' then o.parent_id end, 'role', r.code, 'role_ja', r.name_ja, 'role_en', r.name_en,
      'title', g.title, 'rights', r.rights, 'starts_on', g.starts_on, 'ends_on', g.ends_on,
      'zone', coalesce(nullif(t.zone, ''), o.time_zone)) order by g.starts_on, g.id)
    from accounts_posting g join network_organisation o on o.id = g.organisation_id join accounts_role r on r.code = g.role_id
    left join accounts_postingterms t on t.organisation_id = o.id
    where g.person_id = p.id and (g.ends_on is null or g.ends_on >= day - 1)), '[]'))"""

definer_function(
    "portal_reader(bigint, date)",
    f"""create or replace function portal_reader(user_id bigint, day date) returns jsonb language sql stable
security definer set search_path = public, pg_temp as $$
select {_READER} from accounts_person p join accounts_user u on u.id = p.user_id where u.id = portal_reader.user_id and u.is_active $$""",  # noqa: S608
    "portal_web",
    "portal_worker",
    "portal_login",  # the log of signing in names the person
)
definer_function(
    "portal_token(text, timestamptz)",
    """create or replace function portal_token(token_digest text, at timestamptz) returns jsonb language plpgsql
security definer set search_path = public, pg_temp as $$
declare found accounts_apitoken;
begin
  update accounts_apitoken set last_used_at = at
   where digest = token_digest and revoked_at is null and expires_at > at returning * into found;
  if found.id is null then return null; end if;
  return (select jsonb_build_object('user', p.user_id, 'scopes', found.scopes) from accounts_person p where p.id = found.person_id);
end $$""",
    "portal_web",
)
definer_function(
    "portal_accept_invitation(text, bigint, timestamptz)",
    """create or replace function portal_accept_invitation(code_digest text, new_user bigint, at timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare invited accounts_invitation; who bigint;
begin
  select * into invited from accounts_invitation
   where digest = code_digest and used_at is null and revoked_at is null and expires_at > at for update;
  if invited.id is null then return null; end if;
  if not exists (select from accounts_user u where u.id = new_user and lower(u.email) = lower(invited.email)) then return null; end if;
  if not exists (select from accounts_role r, network_organisation o where r.code = invited.role_id and o.id = invited.organisation_id
                 and (cardinality(r.kinds) = 0 or o.kind = any (r.kinds))) then return null; end if;
  select id into who from accounts_person where user_id = new_user;
  if who is null then
    insert into accounts_person (user_id, name, name_latin, kana, email, telephone, language, time_zone, mail, search_text)
    values (new_user, invited.name, invited.name_latin, '', invited.email, '', invited.language,
            (select time_zone from network_organisation where id = invited.organisation_id), 'at_once',
            lower(invited.name || ' ' || invited.name_latin))
    returning id into who;
  end if;
  insert into accounts_posting (person_id, organisation_id, role_id, title, starts_on, ends_on, sending_body_id)
  values (who, invited.organisation_id, invited.role_id, invited.title, invited.starts_on, invited.ends_on, invited.sending_body_id);
  update accounts_invitation set used_at = at where id = invited.id;
  return who;
end $$""",
    "portal_login",
)
definer_function(
    "portal_invitation(text)",
    """create or replace function portal_invitation(code_digest text) returns jsonb language sql stable
security definer set search_path = public, pg_temp as $$
select jsonb_build_object('id', i.id, 'email', i.email, 'name', i.name, 'language', i.language, 'organisation_ja', o.name_ja,
  'organisation_en', o.name_en, 'role_ja', r.name_ja, 'role_en', r.name_en, 'starts_on', i.starts_on, 'ends_on', i.ends_on,
  'used_at', i.used_at, 'revoked_at', i.revoked_at, 'expires_at', i.expires_at,
  'user', (select u.id from accounts_user u where lower(u.email) = lower(i.email)))
from accounts_invitation i join network_organisation o on o.id = i.organisation_id join accounts_role r on r.code = i.role_id
where i.digest = code_digest $$""",
    "portal_login",
)
definer_function(
    "portal_signed_link(text, text, timestamptz)",
    """create or replace function portal_signed_link(token_digest text, wanted text, at timestamptz) returns jsonb language plpgsql
security definer set search_path = public, pg_temp as $$
declare link accounts_signedlink;
begin
  select * into link from accounts_signedlink where digest = token_digest and purpose = wanted for update;
  if link.id is null then return null; end if;
  if link.revoked_at is not null then return jsonb_build_object('state', 'revoked'); end if;
  if link.expires_at <= at then return jsonb_build_object('state', 'expired'); end if;
  if link.uses_left = 0 then return jsonb_build_object('state', 'used'); end if;
  update accounts_signedlink set last_used_at = at, uses_left = link.uses_left - 1 where id = link.id;
  return jsonb_build_object('state', 'open', 'id', link.id, 'subject_type', link.subject_type, 'subject_id', link.subject_id,
    'organisation', link.organisation_id, 'language', link.language);
end $$""",
    "portal_public",
    "portal_login",
    "portal_member",  # a signed-in person may open a link as well
    "portal_office",
    "portal_headquarters",
)
