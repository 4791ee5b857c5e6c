from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.language.words import in_japanese


class YearlyTotal(models.Model):
    """Participants of one year as a source states them. What no source states is empty, never zero."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    total = models.PositiveIntegerField(pgettext_lazy("JET", "participants"), null=True, blank=True)
    alt = models.PositiveIntegerField(_("assistant language teachers (ALT)"), null=True, blank=True)
    cir = models.PositiveIntegerField(_("coordinators for international relations (CIR)"), null=True, blank=True)
    sea = models.PositiveIntegerField(_("sports exchange advisors (SEA)"), null=True, blank=True)
    countries = models.PositiveIntegerField(_("participating countries"), null=True, blank=True)
    cumulative = models.PositiveIntegerField(_("participants since it began"), null=True, blank=True)
    note_ja = models.CharField(_("note in Japanese"), max_length=200, blank=True)
    note_en = models.CharField(_("note in English"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=250)

    class Meta:
        verbose_name = _("participants of a year")
        verbose_name_plural = _("participants by year")
        ordering = ("year",)

    def __str__(self) -> str:
        return f"{self.year}: {self.total}"

    @property
    def note(self) -> str:
        return self.note_ja if in_japanese() else self.note_en
