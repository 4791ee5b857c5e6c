from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import Case
from clair_portal.documents.models import StoredFile
from clair_portal.network.models import Country, Organisation
from offices.enums import ForeignKind, LetterKind
from offices.queries import ForeignRequestQuerySet


class ForeignRequest(models.Model):
    """What a local government abroad asks an office for. It has no case until its mail address is confirmed.

    `told_state`, `told_office`, `told_notes`: how far the foreign side has been told by mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="foreign_request", verbose_name=_("case")
    )
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+", verbose_name=_("country"))
    government = models.CharField(_("name of the local government"), max_length=150)
    contact = models.CharField(_("contact person"), max_length=120)
    email = models.EmailField(_("e-mail"))
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=30, choices=ForeignKind.choices), verbose_name=_("what is asked for"), default=list
    )
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"))
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=12)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    asked_at = models.DateTimeField(_("address asked for confirmation"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    told_state = models.CharField(max_length=40, blank=True)
    told_office = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told_notes = models.PositiveIntegerField(default=0)

    objects = ForeignRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of a local government abroad")
        verbose_name_plural = _("requests of local governments abroad")
        indexes = [models.Index(fields=["created_at"], condition=Q(case=None), name="foreignrequest_waiting")]
        constraints = [
            models.CheckConstraint(
                name="foreignrequest_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                name="foreignrequest_case_is_confirmed", condition=Q(case=None) | Q(confirmed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.government}: {self.subject}"


class ForeignLetter(models.Model):
    """What came in through a signed link and is on its way to the case; it goes when it has arrived there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ForeignRequest, null=True, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=12, choices=LetterKind.choices)
    body = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("letter from abroad")
        verbose_name_plural = _("letters from abroad")

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id or self.email}"


class ForeignPaper(StoredFile):
    """A paper that came with a request or a letter, until it hangs on the case."""

    request = models.ForeignKey(ForeignRequest, on_delete=models.CASCADE, related_name="papers")
    letter = models.ForeignKey(ForeignLetter, null=True, on_delete=models.CASCADE, related_name="papers")

    class Meta:
        verbose_name = _("paper from abroad")
        verbose_name_plural = _("papers from abroad")
