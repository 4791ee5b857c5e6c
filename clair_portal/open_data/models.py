from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """When a data set was first seen to have these rows. `digest`: SHA-256 over the rows (files.digest)."""

    key = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("edition of a data set")
        verbose_name_plural = _("editions of data sets")
        ordering = ("key", "-noted_at", "-id")
        indexes = [models.Index(fields=["key", "-noted_at"], name="open_data_newest")]

    def __str__(self) -> str:
        return f"{self.key} {self.noted_at:%Y-%m-%d}"
