"""What every stored file knows about itself. Concrete tables stand where the file belongs (a paper of a case), so that
the policy of that place guards it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Check(models.TextChoices):
    CLEAN = "clean", _("checked for viruses")
    NOT_SCANNED = "not_scanned", _("not checked for viruses: no scanner is set up")
    QUARANTINED = "quarantined", _("waits for the virus check")
    INFECTED = "infected", _("refused by the virus check")


class StoredFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=80, help_text=_("Random name in the private storage."))
    check_state = models.CharField(_("virus check"), max_length=12, choices=Check.choices)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_read(self) -> bool:
        return self.check_state in (Check.CLEAN, Check.NOT_SCANNED)
