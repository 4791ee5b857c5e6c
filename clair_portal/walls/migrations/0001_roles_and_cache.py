from django.db import migrations

from clair_portal.walls.roles import ensure_roles


def create_roles(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        ensure_roles(cursor)


CACHE = """create table walls_cache (
    cache_key varchar(255) primary key, value text not null, expires timestamp with time zone not null);
create index walls_cache_expires on walls_cache (expires)"""


class Migration(migrations.Migration):
    """No way back for the roles: they belong to the cluster, and another database may use them."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunPython(create_roles, migrations.RunPython.noop),
        migrations.RunSQL(CACHE, "drop table walls_cache"),
        migrations.RunSQL("create extension if not exists btree_gist; create extension if not exists pg_trgm",
                          migrations.RunSQL.noop),
    ]
