"""A sheet that came back, and what was found in it, row by row."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clair_portal.documents.models import StoredFile
from clair_portal.imports.enums import Finding, State
from clair_portal.imports.queries import ImportQuerySet, ImportRowQuerySet
from clair_portal.network.models import Organisation


class Import(StoredFile):
    """A file of a declared list, by whom and how far it is. `job`: the check or the confirmation that runs or ran last."""

    listing = models.CharField(_("list"), max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    signature = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SENT)
    job = models.UUIDField(null=True, blank=True)
    refusal = models.TextField(_("why it could not be read"), blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    changes = models.PositiveIntegerField(_("rows with changes"), default=0)
    conflicts = models.PositiveIntegerField(_("conflicts"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    overtaken = models.PositiveIntegerField(_("rows changed by somebody else alone"), default=0)
    remarks = models.JSONField(default=dict, blank=True)
    applied_at = models.DateTimeField(_("changes made"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed sheet")
        verbose_name_plural = _("changed sheets")
        indexes = [models.Index(fields=["organisation", "-uploaded_at"], name="import_organisation")]
        constraints = [
            models.CheckConstraint(
                name="import_applied_whole",
                condition=~Q(state=State.APPLIED) | Q(conflicts=0, errors=0, applied_at__isnull=False),
            ),
        ]

    @property
    def is_clean(self) -> bool:
        """Whether it may be confirmed."""
        return self.state == State.CHECKED and not self.conflicts and not self.errors and self.changes > 0


class ImportRow(models.Model):
    """A row of the file in which something was found. `number`: as the spreadsheet numbers it; `subject`: key in the list.

    `details`: one for each cell: label, cell, old, new, text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="found")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("row"))
    subject = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=300, blank=True)
    finding = models.CharField(max_length=10, choices=Finding.choices)
    details = models.JSONField(default=list)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a changed sheet")
        verbose_name_plural = _("rows of changed sheets")
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="importrow_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
