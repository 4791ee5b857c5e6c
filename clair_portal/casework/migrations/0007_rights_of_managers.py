from django.db import migrations

MANAGERS = ["hq_administrator", "organisation_administrator", "office_administrator"]


def give_rights(apps, schema_editor):
    """Roles loaded by an earlier release; what headquarters has changed about them stays."""
    for role in apps.get_model("accounts", "Role").objects.filter(code__in=MANAGERS):
        if "cases.manage" not in role.rights:
            role.rights = [*role.rights, "cases.manage"]
            role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("casework", "0006_search_and_lists")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
