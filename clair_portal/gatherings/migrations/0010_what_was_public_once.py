from django.db import migrations, models

# Of what was taken off before there was the column, the log knows.
REMEMBER = """update gatherings_event e set withdrawn_at = l.at from (
    select subject_id, max(at) as at from audit_entry where event = 'gatherings.event.withdrawn' group by subject_id) l
  where l.subject_id = e.id::text and e.released_at is null
    and exists (select from audit_entry r where r.event = 'gatherings.event.released' and r.subject_id = l.subject_id)"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_organisation_of_internal_entries"), ("gatherings", "0009_calls_have_somebody_in_charge")]
    operations = [
        migrations.AddField(
            model_name="event",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
        ),
        migrations.RunSQL(REMEMBER, migrations.RunSQL.noop),
    ]
