from django.db import migrations, models

STUB = """create or replace function audit_for_an_hour() returns trigger language plpgsql as
$$ begin raise exception 'written after migrate'; end $$"""


class Migration(migrations.Migration):
    """The hour and the reason of an emergency reading are kept by the database. Triggers run by name: `stamp` comes first."""

    dependencies = [("audit", "0002_triggers")]
    operations = [
        migrations.AlterField(
            model_name="emergencyreading",
            name="until",
            field=models.DateTimeField(help_text="Set by the database: one hour."),
        ),
        migrations.AddConstraint(
            model_name="emergencyreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", r"^\s*\S.{8,}\S\s*$")), name="emergency_has_a_reason"
            ),
        ),
        migrations.RunSQL(STUB, migrations.RunSQL.noop),
        migrations.RunSQL(
            "create trigger stamp_hour before insert on audit_emergencyreading for each row execute function audit_for_an_hour()",
            "drop trigger stamp_hour on audit_emergencyreading",
        ),
    ]
