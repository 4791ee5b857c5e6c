from django.db import migrations

STUB = """create or replace function {name}() returns trigger language plpgsql as
$$ begin raise exception 'written after migrate'; end $$"""
COPY = """create trigger copy_case before insert or update of case_id, applicant_id, branch_id, filed on {table}
for each row execute function casework_copy_case()"""


class Migration(migrations.Migration):
    """The bodies of the functions are written after migrate (clair_portal/casework/access.py)."""

    dependencies = [("casework", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [STUB.format(name="casework_copy_case"), STUB.format(name="casework_push_copies")], migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [COPY.format(table=table) for table in ("casework_note", "casework_casefile")]
            + [
                "create trigger push_copies after update of applicant_id, branch_id, filed_at on casework_case "
                "for each row when (old.applicant_id is distinct from new.applicant_id or old.branch_id is distinct from "
                "new.branch_id or old.filed_at is distinct from new.filed_at) execute function casework_push_copies()"
            ],
            migrations.RunSQL.noop,
        ),
    ]
