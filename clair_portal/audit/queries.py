from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from clair_portal.walls.first_wall import first_wall
from clair_portal.walls.roles import HEADQUARTERS, OFFICE, SYSTEM
from clair_portal.walls.scope import Scope

if TYPE_CHECKING:
    from clair_portal.audit.models import EmergencyReading, Entry, Reading  # noqa: F401 - named in strings

PERSON = "accounts.person"


def subject_of(instance: Model) -> tuple[str, str]:
    """How the log names a row: ("casework.case", "17")."""
    return instance._meta.label_lower, str(instance.pk)


# Which side of a row the people of a database role stand on; the app whose rows have sides says it in ready().
SIDES: dict[str, str] = {}


class EntryQuerySet(QuerySet["Entry"]):
    @first_wall
    def visible_to(self, scope: Scope) -> EntryQuerySet:
        """Of a row the reader may see: what everybody on it reads, one's own side, and what one did oneself.

        Several offices are one side of the log but not of each other's papers. Headquarters reads what is internal to
        another side after an emergency reading. Whether the row itself may be seen is asked before.
        """
        if scope.role == SYSTEM:
            return self.all()
        if scope.role not in SIDES:
            return self.none()
        own = Q(side=SIDES[scope.role])
        if scope.role == OFFICE:
            own &= Q(organisation=None) | Q(organisation__in=scope.organisations)
        found = Q(side="") | own | Q(person=scope.person)
        return self.filter(found | Exists(_opened(scope)) if scope.role == HEADQUARTERS else found)

    def about(self, instance: Model) -> EntryQuerySet:
        """What happened to one row, oldest first."""
        subject_type, subject_id = subject_of(instance)
        return self.about_rows(subject_type, [subject_id])

    def about_rows(self, subject_type: str, keys: Iterable[object]) -> EntryQuerySet:
        """What happened to rows that belong together, oldest first."""
        return self.filter(subject_type=subject_type, subject_id__in=[str(key) for key in keys]).order_by("at", "id")


def _opened(scope: Scope) -> EmergencyReadingQuerySet:
    """Whether this person may read what is internal to another side of the subject of an entry."""
    from clair_portal.audit.models import EmergencyReading

    readings: EmergencyReadingQuerySet = EmergencyReading.objects.all()
    return readings.open_to(scope.person).filter(
        subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id")
    )


class EmergencyReadingQuerySet(QuerySet["EmergencyReading"]):
    @first_wall
    def visible_to(self, scope: Scope) -> EmergencyReadingQuerySet:
        """Headquarters reviews its own; everybody on a case reads of them in its story."""
        return self.all() if scope.role in (HEADQUARTERS, SYSTEM) else self.none()

    def open_to(self, person: int | None) -> EmergencyReadingQuerySet:
        """Those of this person whose hour has not passed."""
        return self.filter(person=person, until__gt=Now())


class ReadingQuerySet(QuerySet["Reading"]):
    @first_wall
    def visible_to(self, scope: Scope) -> ReadingQuerySet:
        """ "Who saw me": one's own record; headquarters, which answers such questions, all."""
        if scope.role in (HEADQUARTERS, SYSTEM):
            return self.all()
        return self.filter(subject_type=PERSON, subject=scope.person) if scope.person else self.none()

    def of(self, instance: Model) -> ReadingQuerySet:
        """Who was shown the record of a person, newest first."""
        return self.filter(subject_type=instance._meta.label_lower, subject=instance.pk).order_by("-at", "id")
