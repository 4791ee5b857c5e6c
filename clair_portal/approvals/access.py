"""The second wall: an approval is seen by the organisation that decides. Headquarters keeps routes and proxies."""

from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, Rows, definer_function, protect

_OWN = f"organisation_id = {ORGANISATIONS}"
_OF_OWN = "exists (select from approvals_approval a where a.id = approval_id)"
_OF_ROUTE = "exists (select from approvals_routetemplate t where t.id = template_id)"
_WHAT_HAPPENS = (
    "state", "at_order", "touched_at", "ended_at", "ended_by", "why", "changes", "carried_out_at", "drafted_posting",
)  # fmt: skip
_STAMPING = (
    "post", "post_name", "result", "struck", "decided_at", "person", "posting", "name", "stamped_as", "proxy", "comment",
    "seal", "seen_at", "seen_by",
)  # fmt: skip
# What was frozen no role may rewrite, not even the deciding organisation itself.
_APPROVAL = Rows(select=_OWN, insert=_OWN, update=_OWN, columns=_WHAT_HAPPENS)
_STEP = Rows(select=_OF_OWN, insert=_OF_OWN, update=_OF_OWN, columns=_STAMPING)
_DOCUMENT = Rows(select=_OF_OWN, insert=_OF_OWN)
protect("approvals_approval", member=_APPROVAL, office=_APPROVAL, headquarters=_APPROVAL, system=ALL)
protect("approvals_approvalstep", member=_STEP, office=_STEP, headquarters=_STEP, system=ALL)
protect("approvals_approvaldocument", member=_DOCUMENT, office=_DOCUMENT, headquarters=_DOCUMENT, system=ALL)
for _table in ("approvals_routetemplate", "approvals_authority"):
    protect(_table, member=Rows(select=_OWN), office=Rows(select=_OWN), headquarters=ALL, system=ALL)
protect(
    "approvals_routestep", member=Rows(select=_OF_ROUTE), office=Rows(select=_OF_ROUTE), headquarters=ALL, system=ALL
)
# Whoever edits what is on its way to be approved may not see the approval: the function only notes that there was an edit.
# It waits for a stamp that is being set, and a stamp waits for it.
definer_function(
    "approvals_touched(text, text)",
    """create or replace function approvals_touched(of_type text, of_id text) returns bigint language sql
security definer set search_path = public, pg_temp as $$
with noted as (
  update approvals_approval set touched_at = clock_timestamp()
   where subject_type = of_type and subject_id = of_id
     and (state = 'circulating' or (state = 'approved' and carried_out_at is null))
  returning 1)
select count(*) from noted $$""",
    "portal_public",
    "portal_member",
    "portal_office",
    "portal_headquarters",
    "portal_system",
)
# The one thing the policies cannot say: a stamp is set by the acting person on what is frozen, and stays as it was set.
definer_function(
    "approvals_own_stamp()",
    """create or replace function approvals_own_stamp() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if current_setting('role') = 'none' then return new; end if;
  if tg_op = 'INSERT' then
    if new.result <> 'open' then raise insufficient_privilege using message = 'a step begins without a stamp'; end if;
    return new;
  end if;
  if old.struck and not new.struck or old.result <> 'open' and
     (new.result, new.person, new.posting, new.name, new.stamped_as, new.decided_at, new.seal, new.proxy, new.comment, new.post)
     is distinct from
     (old.result, old.person, old.posting, old.name, old.stamped_as, old.decided_at, old.seal, old.proxy, old.comment, old.post)
  then raise insufficient_privilege using message = 'a stamp that was set stays as it is'; end if;
  if old.result = 'open' and new.result <> 'open' and (
     new.person is distinct from nullif(current_setting('app.person', true), '')::bigint
     or new.seal is distinct from (select a.seal from approvals_approval a where a.id = new.approval_id))
  then raise insufficient_privilege using message = 'a stamp is set by whoever acts, on what is frozen'; end if;
  return new;
end $$""",
    "portal_member",
    "portal_office",
    "portal_headquarters",
    "portal_system",
)
