"""A finished document that was asked for (while it is being made there is only a job, clair_portal/outbox), and the
yearly numbers as they were counted on a day."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.network.models import Organisation
from clair_portal.reports.queries import ReportQuerySet, SnapshotQuerySet


class Report(models.Model):
    """`key`: kind, what it is about, language and what the reader saw of it; the same key is made once.

    `personal`: it holds what only the person who asked may see (an emergency reading), so colleagues do not get it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=80)
    params: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    language = models.CharField(_("language"), max_length=12)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.BigIntegerField()
    personal = models.BooleanField(default=False)
    file_name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"))

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [models.Index(fields=["expires_at"], name="report_expires")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file(self) -> str:
        """Its name in the storage for documents. The same key has the same name: a second start leaves no second file."""
        return f"reports/{self.key}"


class Snapshot(models.Model):
    """The tables of a collection for a fiscal year as they were counted once. A later count is another edition.

    `tables`: what clair_portal/reports/frozen.py makes of them; `sha256` is over them. `files`: name in the storage for
    documents, SHA-256 and size, by language and format. A trigger keeps everything but the publishing as it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField(_("fiscal year"))
    edition = models.PositiveSmallIntegerField(_("edition"))
    counted_at = models.DateTimeField(_("counted"))
    counted_by: Any = models.JSONField(default=dict)
    tables: Any = models.JSONField(encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    files: Any = models.JSONField(default=dict)
    sample = models.BooleanField(default=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by: Any = models.JSONField(default=dict, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly count")
        verbose_name_plural = _("yearly counts")
        constraints = [
            models.UniqueConstraint(fields=["collection", "year", "edition"], name="reports_one_snapshot_an_edition"),
            models.CheckConstraint(condition=models.Q(edition__gte=1), name="reports_snapshot_edition_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.collection} {self.year} ({self.edition})"

    def file_at(self, language: str, format_name: str) -> str:
        """Its name in the storage for documents."""
        return f"snapshots/{self.pk}.{language}.{format_name}"
