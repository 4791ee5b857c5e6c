from django.db import migrations

# A part stayed with its office after the whole had gone; one that is reported had a term that nobody could keep; a whole
# in the hands of several offices had a clock of its own.
REFERRALS_OF_PARTS = """
update casework_referral r set standing = false, state = 'revoked' from casework_case part
 where part.id = r.case_id and part.parent_id is not null and r.standing and not exists (
   select from casework_referral whole where whole.case_id = part.parent_id and whole.office_id = r.office_id and whole.standing)
"""
REPORTED_PARTS = """
update casework_case set due_at = null, due_zone = 'Asia/Tokyo'
 where parent_id is not null and state = 'reported' and due_at is not null
"""
WITHOUT_A_CLOCK = """
update outbox_reminder m set dropped_at = now() from casework_case c
 where m.subject_type = 'casework.case' and m.subject_id = c.id::text and m.told_at is null and m.dropped_at is null
   and ((c.parent_id is not null and c.state = 'reported') or (c.split and c.holder = 'office'))
"""
WHOLES = """
with live as (
  select part.*, (select r.owner from casework_referral r where r.case_id = part.id order by r.id desc limit 1) as leads
    from casework_case part where part.parent_id is not null and part.holder <> 'nobody'),
taken as (
  select c.id, c.applicant_id, exists (select from live where live.parent_id = c.id and live.holder = 'applicant') as asked,
    (select live.holding_id from live where live.parent_id = c.id and live.holder = 'office'
      order by live.leads desc, live.id limit 1) as office,
    (select live.id from live where live.parent_id = c.id and live.due_at is not null order by live.due_at limit 1) as first
    from casework_case c where c.split and c.holder = 'office')
update casework_case c set version = c.version + 1,
    holder = case when taken.asked then 'applicant' else 'office' end,
    holding_id = case when taken.asked then taken.applicant_id else taken.office end,
    due_at = first.due_at, due_zone = coalesce(first.due_zone, 'Asia/Tokyo')
  from taken left join casework_case first on first.id = taken.first
 where c.id = taken.id and (taken.asked or taken.office is not null)
"""
STEPS = (REFERRALS_OF_PARTS, REPORTED_PARTS, WITHOUT_A_CLOCK, WHOLES)


class Migration(migrations.Migration):
    """Reminders go before the wholes change: they are known by the holder the whole had."""

    dependencies = [
        ("casework", "0019_texts_found_by_their_words"),
        ("outbox", "0001_initial"),
    ]

    operations = [migrations.RunSQL(step, migrations.RunSQL.noop) for step in STEPS]
