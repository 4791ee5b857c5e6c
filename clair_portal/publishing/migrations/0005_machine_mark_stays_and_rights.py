from __future__ import annotations

from django.db import migrations

_READ_AND_WRITE = ["translations.read", "translations.review", "translations.translate"]
RIGHTS = {
    "hq_officer": ["translations.manage", *_READ_AND_WRITE],
    "hq_administrator": ["translations.manage", *_READ_AND_WRITE],
    "office_officer": _READ_AND_WRITE,
    "office_administrator": _READ_AND_WRITE,
    "local_staff": _READ_AND_WRITE,
}
STUB = """create or replace function publishing_machine_stays() returns trigger language plpgsql as
$$ begin raise exception 'written after migrate'; end $$"""


def give_rights(apps, schema_editor):
    """Roles loaded by an earlier release; what headquarters has changed about them stays."""
    for role in apps.get_model("accounts", "Role").objects.filter(code__in=RIGHTS):
        role.rights = [*role.rights, *(right for right in RIGHTS[role.code] if right not in role.rights)]
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    """The body of the function is written after migrate (clair_portal/publishing/access.py)."""

    dependencies = [("accounts", "0003_posting_terms"), ("publishing", "0004_texts_in_many_languages")]
    operations = [
        migrations.RunSQL(STUB, migrations.RunSQL.noop),
        migrations.RunSQL(
            "create trigger machine_stays before update on publishing_translatedsegment "
            "for each row execute function publishing_machine_stays()",
            "drop trigger machine_stays on publishing_translatedsegment",
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
