from django.db import migrations

from clair_portal.search import words

MOST = 500


def hold_triples(apps, schema_editor):
    """Scripts without spaces are found by three characters since this release: the terms are made anew from the texts."""
    model = apps.get_model("search", "Document")
    waiting = []
    for one in model.objects.only("pk", "kind", "language", "folded").iterator(chunk_size=MOST):
        one.terms = [*words.terms(one.folded), f"kind:{one.kind}", f"lang:{one.language}"]
        waiting.append(one)
        if len(waiting) == MOST:
            model.objects.bulk_update(waiting, ["terms"])
            waiting = []
    model.objects.bulk_update(waiting, ["terms"])


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_misses'),
    ]

    operations = [
        migrations.RunPython(hold_triples, migrations.RunPython.noop),
    ]
