from __future__ import annotations

from django.db import migrations

RIGHTS = {
    "hq_officer": ["approvals.take_part"],
    "hq_administrator": ["approvals.take_part", "approvals.manage"],
}


def give_rights(apps, schema_editor):
    """Roles loaded by an earlier release; what headquarters has changed about them stays."""
    for role in apps.get_model("accounts", "Role").objects.filter(code__in=RIGHTS):
        role.rights = [*role.rights, *(right for right in RIGHTS[role.code] if right not in role.rights)]
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_keys_of_programs"), ("approvals", "0001_routes_and_approvals")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
