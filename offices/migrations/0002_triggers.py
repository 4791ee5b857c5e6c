from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial"), ("casework", "0002_triggers")]
    operations = [
        migrations.RunSQL(
            "create trigger copy_case before insert or update of case_id, applicant_id, branch_id, filed "
            "on offices_supportrequest for each row execute function casework_copy_case()",
            migrations.RunSQL.noop,
        ),
    ]
