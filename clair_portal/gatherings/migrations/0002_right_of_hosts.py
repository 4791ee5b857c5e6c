from __future__ import annotations

from django.db import migrations

HOSTS = ("hq_officer", "hq_administrator", "office_officer", "office_administrator", "local_staff")


def give_right(apps, schema_editor):
    """Roles loaded by an earlier release; what headquarters has changed about them stays."""
    for role in apps.get_model("accounts", "Role").objects.filter(code__in=HOSTS):
        if "gatherings.host" not in role.rights:
            role.rights = [*role.rights, "gatherings.host"]
            role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0001_events_and_places")]

    operations = [migrations.RunPython(give_right, migrations.RunPython.noop)]
