from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from clair_portal.casework.texts import keep_terms

TERMS = "array_to_tsvector(terms || ARRAY['@' || coalesce(applicant_id, 0)::text, '^' || coalesce(branch_id, 0)::text])"


def fill(apps: Any, schema_editor: Any) -> None:
    for name, column in (("OfficeReport", "body"), ("ResearchResult", "body"), ("WorkEntry", "summary")):
        keep_terms(apps.get_model("offices", name), column)


class Migration(migrations.Migration):
    """Without holding up anybody's work: the columns come empty, are filled a thousand rows at a time, then indexed."""

    atomic = False
    dependencies = [
        ("casework", "0019_texts_found_by_their_words"),
        ("network", "0001_initial"),
        ("offices", "0010_another_report_after_reopening"),
    ]

    operations = [
        migrations.AddField(
            model_name="officereport",
            name="terms",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, db_default=[], default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="researchresult",
            name="terms",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, db_default=[], default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="workentry",
            name="terms",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, db_default=[], default=list, editable=False, size=None
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="officereport", index=GinIndex(models.Func(template=TERMS), name="officereport_terms")
        ),
        AddIndexConcurrently(
            model_name="researchresult", index=GinIndex(models.Func(template=TERMS), name="researchresult_terms")
        ),
        AddIndexConcurrently(
            model_name="workentry", index=GinIndex(models.Func(template=TERMS), name="workentry_terms")
        ),
    ]
