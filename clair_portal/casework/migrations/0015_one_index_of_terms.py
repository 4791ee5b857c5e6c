import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

TERMS = (
    "array_to_tsvector(bigrams || countries::text[] || topics::text[] || ARRAY['#' || (id >> 13)::text, '*' || (id >> 16)::text, "
    "'@' || applicant_id::text, '^' || coalesce(branch_id, 0)::text, '!' || state::text, "
    "'~' || coalesce(fiscal_year, 0)::text])"
)
# A term of more than 2,046 bytes has no place in the index; nobody looks for one of more than 64 characters.
SHORTEN = """
update casework_case set bigrams = array(select term from unnest(bigrams) with ordinality of (term, n) where length(term) <= 64 order by n)
where octet_length(search_text) > 2000 and exists (select from unnest(bigrams) term where length(term) > 64)
"""


class Migration(migrations.Migration):
    """Without holding up anybody's work: the index is built beside it."""

    atomic = False
    dependencies = [
        ("casework", "0014_day_not_known_and_confirmed_terms"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(SHORTEN, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(models.Func(template=TERMS), name="case_terms"),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("holder", "nobody"), _negated=True),
                fields=["holder", "-id"],
                include=("parent", "filed_at"),
                name="case_held",
            ),
        ),
        RemoveIndexConcurrently(model_name="case", name="case_bigrams"),
    ]
