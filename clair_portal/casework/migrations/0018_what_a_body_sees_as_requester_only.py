from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without holding up anybody's work. What the database knows of the expression it learns by looking at the table."""

    atomic = False
    dependencies = [
        ("casework", "0017_first_answer_of_the_office"),
        ("network", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.Case(
                    models.When(
                        models.Q(
                            ("branch__isnull", True),
                            models.Q(("branch", models.F("applicant")), _negated=True),
                            _connector="OR",
                        ),
                        then=models.F("applicant"),
                    )
                ),
                models.OrderBy(models.F("id"), descending=True),
                include=("applicant", "branch", "parent"),
                name="case_requester_only",
            ),
        ),
        RemoveIndexConcurrently(model_name="case", name="case_elsewhere"),
        migrations.RunSQL("analyze casework_case", migrations.RunSQL.noop),
    ]
