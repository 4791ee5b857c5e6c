"""What a support request to an overseas office says beyond being a case."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clair_portal.casework.models import Case, OnCase


class SupportRequest(OnCase):
    """海外活動支援: a local government asks an overseas office for help with an activity abroad."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="support_request")
    division = models.CharField(_("division in charge"), max_length=120, blank=True)
    contact = models.CharField(_("contact person"), max_length=120, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    party = models.PositiveSmallIntegerField(_("number of people"), null=True, blank=True)
    wanted = models.TextField(_("support wanted"), blank=True)
    answer = models.TextField(_("answer of the office"), blank=True)

    class Meta:
        verbose_name = _("support request")
        verbose_name_plural = _("support requests")
        constraints = [
            models.CheckConstraint(
                name="supportrequest_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]

    def __str__(self) -> str:
        return str(self.case)
