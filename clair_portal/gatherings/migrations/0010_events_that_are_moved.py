from django.db import migrations, models


class Migration(migrations.Migration):
    """What people were told of an event that is moved since. A running release leaves it empty."""

    dependencies = [("gatherings", "0009_calls_have_somebody_in_charge")]
    operations = [
        migrations.AddField(
            model_name="registration",
            name="moved_from",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
