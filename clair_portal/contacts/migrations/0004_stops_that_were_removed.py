from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Key and time of stops that were removed, so that calendars hear of it. A running release leaves it empty."""

    dependencies = [("contacts", "0003_words_for_hosts_and_turns_of_stops")]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="removed",
            field=models.JSONField(
                blank=True, db_default=[], default=list, editable=False
            ),
        ),
    ]
