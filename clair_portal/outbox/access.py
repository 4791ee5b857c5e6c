from __future__ import annotations

from clair_portal.walls.row_security import ALL, PERSON, WRITE_ONLY, Rows, definer_function, leave_open, protect

_OWN = f"person = {PERSON}"
_OWN_NOTICE = Rows(select=_OWN, update=_OWN, columns=("read_at",))
_OWN_JOB = Rows(select=_OWN, insert=_OWN, update=_OWN, columns=("cancel_asked_at",))

EMAIL_WITHOUT_TEXT = (
    "id", "state", "created_at", "due_at", "dispatched_at", "lease_until", "attempts", "done_at", "error", "request_id",
    "key", '"to"', "person", "language", "subject", "event",
)  # fmt: skip
protect(
    "outbox_message", public=WRITE_ONLY, login=WRITE_ONLY, member=WRITE_ONLY, office=WRITE_ONLY,
    headquarters=WRITE_ONLY, system=ALL,
)  # fmt: skip
protect("outbox_notification", member=_OWN_NOTICE, office=_OWN_NOTICE, headquarters=_OWN_NOTICE, system=ALL)
protect(
    "outbox_email",
    login=WRITE_ONLY,
    member=WRITE_ONLY,
    office=WRITE_ONLY,
    headquarters=Rows(  # not the text: it may hold an invitation's code or a link that opens an account
        select="true",
        insert="true",
        update="true",
        columns=("state", "due_at", "dispatched_at", "attempts", "error"),
        readable=EMAIL_WITHOUT_TEXT,
    ),
    system=ALL,
)
protect("outbox_job", member=_OWN_JOB, office=_OWN_JOB, headquarters=_OWN_JOB, system=ALL)
protect(
    "outbox_reminder", member=WRITE_ONLY, office=WRITE_ONLY, headquarters=WRITE_ONLY, system=ALL,
)  # fmt: skip
leave_open("outbox_schedule", "when the portal does what", system="select, insert, update", headquarters="select")
definer_function(
    "outbox_oldest_undone(timestamptz)",
    """create or replace function outbox_oldest_undone(at timestamptz) returns double precision language sql stable
security definer set search_path = public, pg_temp as $$
select coalesce(extract(epoch from at - min(due_at)), 0)::double precision from (
  select min(due_at) due_at from outbox_message where state in ('queued', 'retry', 'in_flight') and due_at <= at
  union all select min(due_at) from outbox_email where state in ('queued', 'retry', 'in_flight') and due_at <= at) undone $$""",
    "portal_public",
    "portal_member",
    "portal_office",
    "portal_headquarters",
    "portal_system",
)
definer_function(
    "outbox_take_back(text, text, text, timestamptz)",
    """create or replace function outbox_take_back(of_type text, of_id text, of_event text, at timestamptz) returns bigint
language sql security definer set search_path = public, pg_temp as $$
with dropped as (
  update outbox_reminder set dropped_at = $4  -- the column is called `at` as well
   where subject_type = of_type and subject_id = of_id and (of_event = '' or event = of_event) and told_at is null and dropped_at is null
  returning 1)
select count(*) from dropped $$""",
    "portal_member",
    "portal_office",
    "portal_headquarters",
    "portal_system",
)
