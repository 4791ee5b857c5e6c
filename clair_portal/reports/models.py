"""A finished document that was asked for. While it is being made there is only a job (clair_portal/outbox)."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.network.models import Organisation
from clair_portal.reports.queries import ReportQuerySet


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
