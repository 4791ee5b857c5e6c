from django.db import migrations

STUB = """create or replace function approvals_own_stamp() returns trigger language plpgsql as
$$ begin raise exception 'written after migrate'; end $$"""


class Migration(migrations.Migration):
    """The body of the function is written after migrate (clair_portal/approvals/access.py)."""

    dependencies = [("approvals", "0002_rights_of_roles")]
    operations = [
        migrations.RunSQL(STUB, migrations.RunSQL.noop),
        migrations.RunSQL(
            "create trigger own_stamp before insert or update on approvals_approvalstep "
            "for each row execute function approvals_own_stamp()",
            "drop trigger own_stamp on approvals_approvalstep",
        ),
    ]
