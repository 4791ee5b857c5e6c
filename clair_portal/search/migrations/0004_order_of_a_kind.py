from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0003_triples'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['language', 'kind', '-weight', '-day', '-id'], name='search_document_of_kind'),
        ),
    ]
