from django.db import migrations

# A later move of the office used to overwrite the day of its first one. The log has kept that: its first entry about the
# case, or about the office's part of it, that moved the case and was written from a posting at the office.
FIRST_ANSWERS = """
with told as (
  select r.id, (
    select min(e.at) from audit_entry e
      join accounts_posting p on p.id = e.posting join network_organisation o on o.id = p.organisation_id
     where e.subject_type = 'casework.case' and e.at >= r.created_at and e.params ? 'after'
       and (o.id = r.office_id or o.parent_id = r.office_id)
       and e.subject_id = any (array(select r.case_id::text union all
         select part.id::text from casework_case part join casework_referral own on own.case_id = part.id
          where part.parent_id = r.case_id and own.office_id = r.office_id))) as at
    from casework_referral r)
update casework_referral r set answered_at = told.at from told
 where told.id = r.id and told.at is not null and (r.answered_at is null or told.at < r.answered_at)
"""


class Migration(migrations.Migration):
    """What the log does not know (loaded from public reports, samples of years ago) stays as it is."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0002_triggers"),
        ("casework", "0016_parts_keep_a_version_of_their_own"),
        ("network", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FIRST_ANSWERS, migrations.RunSQL.noop)]
