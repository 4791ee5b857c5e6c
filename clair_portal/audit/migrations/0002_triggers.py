from django.db import migrations

STUB = """create or replace function {name}() returns trigger language plpgsql as
$$ begin raise exception 'written after migrate'; end $$"""


class Migration(migrations.Migration):
    """The bodies of the functions are written after migrate (clair_portal/audit/access.py)."""

    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL([STUB.format(name="audit_stamp"), STUB.format(name="audit_unsealed")], migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                f"create trigger stamp before insert on {table} for each row execute function audit_stamp()"
                for table in ("audit_entry", "audit_reading", "audit_emergencyreading")
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "create trigger unsealed before insert on audit_entry for each row execute function audit_unsealed()",
            migrations.RunSQL.noop,
        ),
    ]
