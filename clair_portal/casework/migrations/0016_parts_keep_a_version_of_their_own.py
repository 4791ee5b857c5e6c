from django.db import migrations

# A part carried the number of the whole's version, although each kind counts its own. It gets the version of its kind that
# held, and had been kept, when it was opened; deadlines that run stay as they were promised.
OWN_VERSION = """
with opened as (
    select part.id, coalesce((
        select max(kept.version) from casework_kindversion kept
        where kept.kind = part.kind and kept.starts_on <= (part.created_at at time zone 'Asia/Tokyo')::date
        and (kept.ends_on is null or kept.ends_on >= (part.created_at at time zone 'Asia/Tokyo')::date)
        and (kept.confirmed_at is null or kept.confirmed_at <= part.created_at)
    ), 1) as version
    from casework_case part where part.parent_id is not null
)
update casework_case part set kind_version = opened.version
from opened where opened.id = part.id and part.kind_version <> opened.version
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0015_one_index_of_terms")]

    operations = [migrations.RunSQL(OWN_VERSION, migrations.RunSQL.noop)]
