from django.db import migrations, models


class Migration(migrations.Migration):
    """What people were told of an event that is moved since. A running release leaves it empty."""

    dependencies = [("gatherings", "0010_what_was_public_once")]
    operations = [
        migrations.AddField(
            model_name="registration",
            name="moved_from",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
