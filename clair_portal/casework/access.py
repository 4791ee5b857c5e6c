"""The second wall for cases and everything that hangs on them: one small policy per role plans better than one for all."""

from __future__ import annotations

from clair_portal.casework.texts import declare_search
from clair_portal.walls.row_security import (
    ALL,
    ORGANISATIONS,
    PERSON,
    Rows,
    definer_function,
    extend,
    leave_open,
    protect,
)

MINE = ORGANISATIONS
OWN = f"(applicant_id = {MINE} or branch_id = {MINE})"
GROUPS = ("portal_member", "portal_office", "portal_headquarters", "portal_system")


def referred(table: str, column: str) -> str:
    """A standing referral to the acting office: it ends in one row, and every paper is gone at once.

    `offset 0` keeps the planner from reading all referrals of the office first: a page asks about its own rows only.
    """
    return (
        f"exists (select from casework_referral r where r.case_id = {table}.{column} and r.office_id = {MINE} "
        "and r.standing offset 0)"
    )


def working(table: str, column: str) -> str:
    """As `referred`, but for an office that passed the case on: it reads along and changes nothing."""
    return referred(table, column).replace("and r.standing ", "and r.standing and r.state <> 'reading' ")


def detail_of_case(table: str, column: str = "case_id") -> dict[str, Rows]:
    """The policies of a pillar's one-to-one detail row, which carries the copied columns."""
    return {
        "member": Rows(select=OWN, insert=OWN, update=OWN),
        "office": Rows(select=referred(table, column), update=working(table, column)),
        "headquarters": Rows(select="filed", insert="filed", update="filed"),
        "system": ALL,
    }


# What a move or a new title changes. Requester, kind and creation of a case stay what they were.
CHANGES = (
    "number", "title", "branch_id", "countries", "topics", "state", "holder", "holding_id", "due_at", "due_zone",
    "clock_left", "fiscal_year", "split", "filed_at", "moved_at", "closed_at", "version", "search_text", "bigrams",
)  # fmt: skip
protect(
    "casework_case",
    member=Rows(select=OWN, insert=f"applicant_id = {MINE}", update=OWN, columns=CHANGES),
    office=Rows(select=referred("casework_case", "id"), update=working("casework_case", "id"), columns=CHANGES),
    headquarters=Rows(select="filed_at is not null", insert="true", update="filed_at is not null"),
    system=ALL,
)
protect(
    "casework_referral",
    member=Rows(select="exists (select from casework_case c where c.id = case_id offset 0)"),
    office=Rows(  # it still sees a referral that has ended, but cannot bring it back to life or point it at another case
        select=f"office_id = {MINE}",
        update=f"office_id = {MINE} and standing and state <> 'reading'",
        check=f"office_id = {MINE}",
        columns=("state", "standing", "reason", "answered_at"),
    ),
    headquarters=ALL,
    system=ALL,
)
_EMERGENCY = (
    "exists (select from audit_emergencyreading e where e.subject_type = 'casework.case' and e.subject_id = case_id::text "
    f"and e.person = {PERSON} and e.until > now())"
)


def papers_of_case(table: str) -> dict[str, Rows]:
    """The policies of a table of papers: shared, or internal to the side that wrote them."""
    standing = referred(table, "case_id")
    return {
        "member": Rows(
            select=f"{OWN} and (shared or side = 'applicant')",
            insert=f"{OWN} and side = 'applicant' and author_id = {MINE}",
        ),
        "office": Rows(
            select=f"{standing} and (shared or author_id = {MINE})",
            insert=f"{working(table, 'case_id')} and side = 'office' and author_id = {MINE}",
        ),
        "headquarters": Rows(
            select=f"filed and (shared or side = 'headquarters' or {_EMERGENCY})",
            insert=f"filed and side = 'headquarters' and author_id = {MINE}",
        ),
        "system": ALL,
    }


for _table in ("casework_note", "casework_casefile"):
    protect(_table, **papers_of_case(_table))
declare_search("casework_note")
# Everybody on a case sees who is in charge; a side names only people posted at its own organisation. An office's own
# rows stay its own when a referral has ended, so that they can still be handed over.
_OWN_POSTING = (
    f"organisation_id = {MINE} and exists (select from accounts_posting p where p.id = posting_id "
    "and p.organisation_id = casework_assignment.organisation_id)"
)
_TAKEN_ON = ("posting_id", "since")
protect(
    "casework_assignment",
    member=Rows(
        select=OWN,
        insert=f"{OWN} and side in ('applicant', 'branch') and {_OWN_POSTING}",
        update=f"{OWN} and organisation_id = {MINE}",
        check=f"{OWN} and {_OWN_POSTING}",
        delete=f"{OWN} and organisation_id = {MINE}",
        columns=_TAKEN_ON,
    ),
    office=Rows(
        select=f"organisation_id = {MINE} or {referred('casework_assignment', 'case_id')}",
        insert=f"side = 'office' and {_OWN_POSTING} and {working('casework_assignment', 'case_id')}",
        update=f"organisation_id = {MINE}",
        check=_OWN_POSTING,
        delete=f"organisation_id = {MINE}",
        columns=_TAKEN_ON,
    ),
    headquarters=Rows(
        select="filed",
        insert=f"filed and side = 'headquarters' and organisation_id = {MINE}",
        update=f"filed and side = 'headquarters' and organisation_id = {MINE}",
        delete=f"filed and side = 'headquarters' and organisation_id = {MINE}",
        columns=_TAKEN_ON,
    ),
    system=ALL,
)
# History rows carry the columns of the case as they were, so the policy of the case fits as it stands; what was typed
# before filing stays the requester's own.
protect(
    "casework_caseevent",
    member=Rows(select=OWN),
    office=Rows(select=f"filed_at is not null and {referred('casework_caseevent', 'pgh_obj_id')}"),
    headquarters=Rows(select="filed_at is not null"),
    system=Rows(select="true"),
)
# Tasks are each organisation's own, and name only people posted there.
_OWN_TASK = f"organisation_id = {MINE}"
_OWN_PERSON = (
    "(posting_id is null or exists (select from accounts_posting p where p.id = posting_id "
    "and p.organisation_id = casework_task.organisation_id))"
)
_TASK_COLUMNS = ("title", "due_on", "posting_id", "done_at", "done_by")
protect("casework_task", system=ALL)
for _role, _side, _sees in (
    ("member", "applicant", OWN),
    ("office", "office", referred("casework_task", "case_id")),
    ("headquarters", "headquarters", "filed"),
):
    extend(
        "casework_task",
        **{
            _role: Rows(
                select=_OWN_TASK,
                insert=f"{_OWN_TASK} and side = '{_side}' and {_sees} and {_OWN_PERSON}",
                update=_OWN_TASK,
                check=f"{_OWN_TASK} and {_OWN_PERSON}",
                delete=f"{_OWN_TASK} and done_at is null",
                columns=_TASK_COLUMNS,
            )
        },
    )
# A saved view belongs to an organisation; that a private one is not listed for colleagues is the first wall's business.
_OWN_VIEW = f"organisation_id = {MINE}"
_BY_A_POSTING = (
    f"{_OWN_VIEW} and exists (select from accounts_posting p where p.id = posting_id "
    "and p.organisation_id = casework_savedview.organisation_id)"
)
_VIEWS = Rows(
    select=_OWN_VIEW, insert=_BY_A_POSTING, update=_OWN_VIEW, check=_BY_A_POSTING,
    delete=_OWN_VIEW, columns=("name", "query", "shared", "first", "first_for", "posting_id"),
)  # fmt: skip
protect("casework_savedview", member=_VIEWS, office=_VIEWS, headquarters=_VIEWS, system=ALL)
_BULK = Rows(
    select=_OWN_VIEW, insert=_BY_A_POSTING.replace("casework_savedview", "casework_bulkaction"), update=_OWN_VIEW,
    columns=("undone_at",),
)  # fmt: skip
protect("casework_bulkaction", member=_BULK, office=_BULK, headquarters=_BULK, system=ALL)
protect("casework_receivedmail", system=ALL)  # written and read by the portal itself; people see the message
leave_open(
    "casework_kindversion",
    "terms and validity of kinds of cases; headquarters keeps them",
    member="select",
    office="select",
    headquarters="select, insert, update",
    system="select",
    public="select",
)
leave_open("casework_numbering", "last numbers given; only the function below touches it", system="select")

_SEEN = "subject_type = 'casework.case' and exists (select from casework_case c where c.id::text = subject_id)"
extend(
    "audit_entry",
    member=Rows(select=f"person = {PERSON} or ({_SEEN} and side in ('', 'applicant'))", insert="true"),
    office=Rows(
        select=f"person = {PERSON} or ({_SEEN} and (side = '' or (side = 'office' "
        f"and (organisation is null or organisation = {MINE}))))",
        insert="true",
    ),
)

definer_function(
    "casework_copy_case()",
    """create or replace function casework_copy_case() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$ begin
  select c.applicant_id, c.branch_id, c.filed_at is not null into new.applicant_id, new.branch_id, new.filed
    from casework_case c where c.id = new.case_id;
  new.filed := coalesce(new.filed, false);
  return new;       -- an unknown case leaves NULL: the policy refuses it exactly as it refuses a foreign case
end $$""",
    *GROUPS,
)
# Tables that hang on a case are known by their trigger; touching a row makes that trigger copy anew.
definer_function(
    "casework_push_copies()",
    """create or replace function casework_push_copies() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare hanging regclass;
begin
  for hanging in select tgrelid::regclass from pg_trigger where tgname = 'copy_case' loop
    execute format('update %s set filed = filed where case_id = $1', hanging) using new.id;
  end loop;
  return null;
end $$""",
    *GROUPS,
)
# A draft that was never filed goes with all that hangs on it, by the hand of its own organisation only: no role deletes cases.
definer_function(
    "casework_throw_away(bigint)",
    f"""create or replace function casework_throw_away(draft bigint) returns boolean language plpgsql security definer
set search_path = public, pg_temp as $$
declare hanging regclass;
begin
  perform from casework_case c where c.id = draft and c.applicant_id = {MINE}
    and c.filed_at is null and c.number is null and c.branch_id is null and c.parent_id is null for update;
  if not found then return false; end if;
  for hanging in select tgrelid::regclass from pg_trigger where tgname = 'copy_case' loop
    execute format('delete from %s where case_id = $1', hanging) using draft;
  end loop;
  update casework_case set copied_from_id = null where copied_from_id = draft;
  delete from casework_case where id = draft;
  return true;
end $$""",  # noqa: S608
    "portal_member",
)
definer_function(
    "casework_next_number(text, smallint)",
    """create or replace function casework_next_number(wanted text, year smallint) returns integer language sql
security definer set search_path = public, pg_temp as $$
insert into casework_numbering (series, fiscal_year, last) values (wanted, year, 1)
on conflict (series, fiscal_year) do update set last = casework_numbering.last + 1 returning last $$""",
    *GROUPS,
)
# Headquarters moves what is open to a successor that has begun; drafts as well, which it does not see. A person who was
# in charge stays in charge with the posting there, or nobody is.
_AT_SUCCESSOR = """from accounts_posting o join accounts_posting n on n.person_id = o.person_id and n.organisation_id = heir
    where o.id = a.posting_id and (n.ends_on is null or n.ends_on >= today)"""
definer_function(
    "casework_move_to_successor(bigint, bigint)",
    f"""create or replace function casework_move_to_successor(former bigint, heir bigint) returns setof bigint language plpgsql
security definer set search_path = public, pg_temp as $$
declare moved bigint[]; today date := (now() at time zone 'Asia/Tokyo')::date;
begin
  if not exists (select from network_succession s where s.predecessor_id = former and s.successor_id = heir and s."on" <= today)
    then return; end if;
  with changed as (
    update casework_case c set version = c.version + 1,
      applicant_id = case c.applicant_id when former then heir else c.applicant_id end,
      branch_id = case c.branch_id when former then heir else c.branch_id end,
      holding_id = case c.holding_id when former then heir else c.holding_id end
    where c.holder <> 'nobody' and (former in (c.applicant_id, c.branch_id, c.holding_id) or exists (
      select from casework_referral r where r.case_id = c.id and r.office_id = former and r.standing))
    returning c.id)
  select coalesce(array_agg(id), '{{}}') into moved from changed;
  update casework_referral r set standing = false where r.office_id = heir and r.standing and r.state in ('offered', 'reading')
    and exists (select from casework_referral o where o.case_id = r.case_id and o.office_id = former and o.standing);
  update casework_referral r set office_id = heir where r.office_id = former and r.standing and r.case_id = any (moved)
    and not exists (select from casework_referral o where o.case_id = r.case_id and o.office_id = heir and o.standing);
  update casework_assignment a set organisation_id = heir,
      posting_id = (select n.id {_AT_SUCCESSOR} order by n.role_id = o.role_id desc, n.starts_on desc limit 1)
    where a.organisation_id = former and a.case_id = any (moved) and exists (select {_AT_SUCCESSOR})
    and not exists (select from casework_assignment o where o.case_id = a.case_id and o.side = a.side and o.organisation_id = heir);
  delete from casework_assignment a where a.organisation_id = former and a.case_id = any (moved);
  update casework_task a set organisation_id = heir,
      posting_id = (select n.id {_AT_SUCCESSOR} order by n.role_id = o.role_id desc, n.starts_on desc limit 1)
    where a.organisation_id = former and a.case_id = any (moved) and a.done_at is null;
  return query select unnest(moved);
end $$""",  # noqa: S608
    "portal_headquarters",
)
# How much is in the charge of postings: a number, also of what the reader's side does not see (another office's tasks).
definer_function(
    "casework_waiting_at(bigint[])",
    f"""create or replace function casework_waiting_at(postings bigint[])
returns table (posting bigint, cases bigint, tasks bigint) language sql stable
security definer set search_path = public, pg_temp as $$
select p.id,
  (select count(*) from casework_assignment a join casework_case c on c.id = a.case_id
    where a.posting_id = p.id and c.holder <> 'nobody'),
  (select count(*) from casework_task t where t.posting_id = p.id and t.done_at is null)
from accounts_posting p where p.id = any (postings) and (
  current_setting('role') in ('portal_headquarters', 'portal_system', 'none') or p.organisation_id = {MINE}) $$""",  # noqa: S608
    *GROUPS,
)
# How far the offices are on a case of several, told to everybody who sees the whole: offices do not see each other's part.
# When the leading office is no longer on it the next one leads. The form without `standing`, which an earlier release made,
# cannot be replaced: it goes in the same transaction, so that no page misses it.
definer_function(
    "casework_parts(bigint)",
    f"""do $$ begin
  if exists (select from pg_proc where oid = to_regprocedure('casework_parts(bigint)') and 'standing' <> all (proargnames)) then
    drop function casework_parts(bigint); end if;
end $$;
create or replace function casework_parts(whole bigint)
returns table (id bigint, office bigint, owner boolean, standing boolean, state varchar, due_at timestamptz) language sql stable
security definer set search_path = public, pg_temp as $$
select part.id, r.office_id, r.standing and row_number() over places = 1, r.standing, part.state, part.due_at
  from casework_case c join casework_case part on part.parent_id = c.id
  join lateral (select office_id, owner, standing from casework_referral where case_id = part.id order by id desc limit 1) r on true
 where c.id = whole and (
   current_setting('role') in ('portal_headquarters', 'portal_system', 'none') or c.applicant_id = {MINE}
   or c.branch_id = {MINE} or exists (
     select from casework_referral own where own.case_id = c.id and own.office_id = {MINE} and own.standing))
window places as (order by part.holder <> 'nobody' desc, r.standing desc, r.owner desc, part.id)
 order by row_number() over places $$""",  # noqa: S608 - only our own predicates are put in
    *GROUPS,
)
# The offices on a case, told to everybody on it; of several with a part each an office sees itself only.
definer_function(
    "casework_offices_on(bigint)",
    f"""create or replace function casework_offices_on(of_case bigint) returns table (office bigint, state varchar) language sql stable
security definer set search_path = public, pg_temp as $$
select r.office_id, r.state from casework_referral r join casework_case c on c.id = r.case_id
 where r.case_id = of_case and r.standing and (
   current_setting('role') in ('portal_headquarters', 'portal_system', 'none') or c.applicant_id = {MINE}
   or c.branch_id = {MINE} or r.office_id = {MINE} or (not c.split and exists (
     select from casework_referral own where own.case_id = c.id and own.office_id = {MINE} and own.standing)))
 order by r.owner desc, r.id $$""",  # noqa: S608 - only our own predicates are put in
    *GROUPS,
)
# An office passes its case to another one: it proposes, and keeps its own referral until the other has answered.
_HAS_IT = (
    f"exists (select from casework_referral r join casework_case c on c.id = r.case_id where r.case_id = of_case "
    f"and r.office_id = {MINE} and r.standing and r.state not in ('offered', 'reading') "
    "and not c.split and c.parent_id is null and c.holder <> 'nobody')"
)
definer_function(
    "casework_offer(bigint, bigint, text, timestamptz)",
    f"""create or replace function casework_offer(of_case bigint, other bigint, why text, at timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not {_HAS_IT} or other = {MINE} or not exists (select from network_organisation o where o.id = other and o.kind = 'office'
      and (o.ends_on is null or o.ends_on >= (at at time zone 'Asia/Tokyo')::date)) then
    return false; end if;
  update casework_referral set standing = false where case_id = of_case and office_id = other and standing;
  update casework_referral set owner = false where case_id = of_case and standing;
  insert into casework_referral (case_id, office_id, state, standing, owner, why, reason, created_at)
    values (of_case, other, 'proposed', true, true, left(why, 250), '', at);
  return true;
end $$""",  # noqa: S608
    "portal_office",
)
# The answer to an offer, by either of the two offices or headquarters: who works on the case, and who reads along.
definer_function(
    "casework_settle(bigint, text, text, text, timestamptz)",
    f"""create or replace function casework_settle(of_case bigint, answered text, former text, words text,
  at timestamptz) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (answered, former) not in (('accepted', 'reading'), ('returned', 'accepted'), ('revoked', 'accepted'), ('revoked', 'reading'))
      or not (case when current_setting('role') in ('portal_headquarters', 'none') then answered = 'revoked' else exists (
        select from casework_referral r where r.case_id = of_case and r.office_id = {MINE} and r.standing
          and r.state = (case answered when 'revoked' then 'offered' else 'proposed' end)) end) then
    return false; end if;
  update casework_referral set standing = (answered = 'accepted'), state = answered, reason = words,
      answered_at = coalesce(answered_at, case when answered <> 'revoked' then at end)
   where case_id = of_case and standing and state not in ('offered', 'reading');
  update casework_referral set state = former, owner = (former = 'accepted') where case_id = of_case and standing and state = 'offered';
  return true;
end $$""",  # noqa: S608
    *GROUPS,
)
# An office that reads along has nothing left to do: its tasks end with a note, and nobody there is in charge any more.
definer_function(
    "casework_end_work_of_readers(bigint, timestamptz)",
    """create or replace function casework_end_work_of_readers(of_case bigint, at timestamptz) returns boolean language plpgsql
security definer set search_path = public, pg_temp as $$
declare readers bigint[];
begin
  select coalesce(array_agg(r.office_id), '{}') into readers from casework_referral r
   where r.case_id = of_case and r.standing and r.state = 'reading';
  update casework_task set done_at = at,
      done_by = '{"ja": "案件を別の事務所に引き継いだため終了", "en": "Ended: the case went on to another office"}'
   where case_id = of_case and organisation_id = any (readers) and done_at is null;
  delete from casework_assignment where case_id = of_case and organisation_id = any (readers);
  return cardinality(readers) > 0;
end $$""",
    *GROUPS,
)
# What has ended is no longer read by offices that passed it on, as long as another one stands on it.
definer_function(
    "casework_end_reading(bigint)",
    """create or replace function casework_end_reading(of_case bigint) returns boolean language sql
security definer set search_path = public, pg_temp as $$
with ended as (
  update casework_referral set standing = false where case_id = of_case and standing and state in ('offered', 'reading')
    and exists (select from casework_case c where c.id = of_case and c.holder = 'nobody')
    and exists (select from casework_referral o where o.case_id = of_case and o.standing and o.state not in ('offered', 'reading'))
  returning 1)
select exists (select from ended) $$""",
    *GROUPS,
)
