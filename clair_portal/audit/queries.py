from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from clair_portal.audit.models import Entry


def subject_of(instance: Model) -> tuple[str, str]:
    """How the log names a row: ("casework.case", "17")."""
    return instance._meta.label_lower, str(instance.pk)


class EntryQuerySet(QuerySet["Entry"]):
    def about(self, instance: Model) -> EntryQuerySet:
        """What happened to one row, oldest first. Which of these entries a reader sees is decided with the row itself."""
        subject_type, subject_id = subject_of(instance)
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("at", "id")
