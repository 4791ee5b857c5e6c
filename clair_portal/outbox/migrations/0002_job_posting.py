from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [migrations.AddField(model_name="job", name="posting", field=models.BigIntegerField(null=True))]
