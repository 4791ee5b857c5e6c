from django.db import migrations

STUB = """create or replace function {name}() returns trigger language plpgsql as
$$ begin raise exception 'written after migrate'; end $$"""


def _trigger(name: str, table: str) -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(STUB.format(name=name), migrations.RunSQL.noop),
        migrations.RunSQL(
            f"create trigger stays before update on {table} for each row execute function {name}()",
            f"drop trigger stays on {table}",
        ),
    ]


class Migration(migrations.Migration):
    """The bodies of the functions are written after migrate (clair_portal/gatherings/call_access.py)."""

    dependencies = [("gatherings", "0007_calls_for_participants")]
    operations = [
        *_trigger("gatherings_call_stays", "gatherings_call"),
        *_trigger("gatherings_rank_stays", "gatherings_application"),
    ]
