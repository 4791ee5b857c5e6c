from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from clair_portal.casework.texts import keep_terms

TERMS = "array_to_tsvector(terms || ARRAY['@' || coalesce(applicant_id, 0)::text, '^' || coalesce(branch_id, 0)::text])"


def fill(apps: Any, schema_editor: Any) -> None:
    keep_terms(apps.get_model("casework", "Note"), "body")


class Migration(migrations.Migration):
    """Without holding up anybody's work: the columns come empty, are filled a thousand rows at a time, then indexed."""

    atomic = False
    dependencies = [
        ("casework", "0018_what_a_body_sees_as_requester_only"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="terms",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, db_default=[], default=list, editable=False, size=None
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="note", index=GinIndex(models.Func(template=TERMS), name="note_terms")
        ),
    ]
