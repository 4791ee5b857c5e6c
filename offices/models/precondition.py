from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clair_portal.network.models import Organisation
from offices.enums import PreconditionCheck, SupportKind


class Precondition(models.Model):
    """What an office asks requesters to think of first, as data: a question in the form, a warning, or advice.

    `office` and `kind` empty: for all. A check that needs a number (`value`) or hours and has none says nothing: what is not known
    is not guessed.
    """

    key = models.CharField(_("key"), max_length=60, unique=True)
    office = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    kind = models.CharField(_("kind of support"), max_length=30, choices=SupportKind.choices, blank=True)
    check_code = models.CharField(_("what is looked at"), max_length=20, choices=PreconditionCheck.choices)
    value = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    hours_from = models.TimeField(_("lunch hours from"), null=True, blank=True)
    hours_until = models.TimeField(_("lunch hours until"), null=True, blank=True)
    text = models.TextField(_("text"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    starts_on = models.DateField(_("valid from"), null=True, blank=True)
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    active = models.BooleanField(_("in use"), default=True, db_default=True)
    blocks = models.BooleanField(_("must be settled before filing"), default=False, db_default=False)

    class Meta:
        verbose_name = _("precondition")
        verbose_name_plural = _("preconditions")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(
                name="precondition_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                name="precondition_hours_both_or_none",
                condition=Q(hours_from=None, hours_until=None)
                | Q(hours_from__isnull=False, hours_until__isnull=False, hours_until__gt=F("hours_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.key
