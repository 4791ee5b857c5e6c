"""The log: one entry per action, sealed into a hash chain by the relay; who read personal records; reading in an emergency."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clair_portal.audit.queries import EmergencyReadingQuerySet, EntryQuerySet, ReadingQuerySet


class Entry(models.Model):
    """One action. The key is made here, so Django asks for nothing back and INSERT is the only right a writer needs.

    `at`, `person` and `posting` are set by a trigger from the transaction, never taken from the statement. So is
    `organisation`, whose internal entry it is: of the acting posting, or as given where the portal itself writes. `sequence` and
    `digest` are set once by the relay: sealing inside the business transaction would make everybody wait in one line.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("time"), null=True, editable=False)
    person = models.BigIntegerField(null=True, editable=False)
    posting = models.BigIntegerField(null=True, editable=False)
    actor: Any = models.JSONField(
        _("person"), default=dict, blank=True, help_text=_("Name and organisation at that time.")
    )
    event = models.CharField(_("event"), max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    params: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    side = models.CharField(max_length=20, blank=True, help_text=_("Empty: everybody who sees the subject."))
    organisation = models.BigIntegerField(null=True, editable=False)
    request_id = models.CharField(max_length=40, blank=True)
    sequence = models.BigIntegerField(null=True, unique=True, editable=False)
    digest = models.BinaryField(null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="entry_subject"),
            models.Index(fields=["at", "id"], name="entry_unsealed", condition=Q(sequence=None)),
            models.Index(fields=["person", "-at"], name="entry_person"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type} {self.subject_id}"


class Reading(models.Model):
    """Who looked at a personal record, and why it was shown. Answers "who saw me".

    `subject_type`: whose record it is, a person of the network or somebody at a host abroad who has no account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(null=True, editable=False)
    person = models.BigIntegerField(null=True, editable=False)
    posting = models.BigIntegerField(null=True, editable=False)
    reader: Any = models.JSONField(default=dict, blank=True)
    subject_type = models.CharField(max_length=60, default="accounts.person")
    subject = models.BigIntegerField()
    what = models.CharField(max_length=120)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of a personal record")
        verbose_name_plural = _("readings of personal records")
        indexes = [models.Index(fields=["subject_type", "subject", "-at"], name="reading_subject")]

    def __str__(self) -> str:
        return f"{self.reader} – {self.what}"


class EmergencyReading(models.Model):
    """Headquarters reads another side's internal papers: with a reason, for a limited time, and everybody can see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(null=True, editable=False)
    person = models.BigIntegerField(null=True, editable=False)
    posting = models.BigIntegerField(null=True, editable=False)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    reason = models.TextField(_("reason"))
    until = models.DateTimeField(help_text=_("Set by the database: one hour."))

    objects = EmergencyReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency reading")
        verbose_name_plural = _("emergency readings")
        indexes = [models.Index(fields=["subject_type", "subject_id", "person"], name="emergency_subject")]
        constraints = [
            models.CheckConstraint(name="emergency_has_a_reason", condition=Q(reason__regex=r"^\s*\S.{8,}\S\s*$"))
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"
