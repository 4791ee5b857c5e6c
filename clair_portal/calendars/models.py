"""Eras and holidays are data: a new era or a moved holiday is a row, not a release."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


class Era(models.Model):
    """One Japanese era (元号). Before adding the next one, write the last day of the one in force.

    Source of the fact: the cabinet order that changes the era, under the Era Name Act (元号法, 1979).
    """

    name_ja = models.CharField(_("name in Japanese"), max_length=8, unique=True)
    name_en = models.CharField(_("name in English"), max_length=40)
    letter = models.CharField(_("letter"), max_length=1, help_text=_("As in R8.11.22."))
    starts_on = models.DateField(_("first day"), unique=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty for the era in force."))

    class Meta:
        verbose_name = _("era")
        verbose_name_plural = _("eras")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="era_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="eras_do_not_overlap",
                expressions=[
                    (Func("starts_on", "ends_on", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Two eras cannot overlap. Write the last day of the earlier one first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ja

    def clean(self) -> None:
        """Said here and not by the constraint: PostgreSQL cannot even test for overlap when the days are reversed."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day of an era cannot come before its first day.")})


class Holiday(models.Model):
    """One day on which headquarters or an overseas office is closed, or a country without an office has a holiday; with
    `working`, a day open against the rule."""

    calendar = models.CharField(_("calendar"), max_length=8, help_text=_("HQ, or the code of the office, such as LON."))
    date = models.DateField(_("date"))
    name_ja = models.CharField(_("name in Japanese"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_local = models.CharField(_("name in the local language"), max_length=200, blank=True)
    working = models.BooleanField(
        _("working day"),
        default=False,
        help_text=_(
            "People work on this day although it is a weekend or was a holiday. "
            "To cancel a holiday, tick this; a deleted row comes back with the next load of the reference data."
        ),
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["calendar", "date"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="one_holiday_per_calendar_and_date"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} {self.date.isoformat()} {self.name_en}"
