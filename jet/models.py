from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.language.words import in_japanese, listed


class YearlyTotal(models.Model):
    """Participants of one year as sources state them, each number with its own. What no source states is empty, never zero.

    `as_of`: the day the source counted on, where it gives one.
    """

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    total = models.PositiveIntegerField(pgettext_lazy("JET", "participants"), null=True, blank=True)
    alt = models.PositiveIntegerField(_("assistant language teachers (ALT)"), null=True, blank=True)
    cir = models.PositiveIntegerField(_("coordinators for international relations (CIR)"), null=True, blank=True)
    sea = models.PositiveIntegerField(_("sports exchange advisors (SEA)"), null=True, blank=True)
    countries = models.PositiveIntegerField(_("participating countries"), null=True, blank=True)
    cumulative = models.PositiveIntegerField(_("participants since it began"), null=True, blank=True)
    note_ja = models.CharField(_("note in Japanese"), max_length=200, blank=True)
    note_en = models.CharField(_("note in English"), max_length=200, blank=True)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, db_default="")
    source = models.CharField(_("source of the participants"), max_length=250)
    job_types_source = models.CharField(_("source of the job types"), max_length=250, blank=True, db_default="")
    countries_source = models.CharField(_("source of the countries"), max_length=250, blank=True, db_default="")
    cumulative_source = models.CharField(
        _("source of the number since it began"), max_length=250, blank=True, db_default=""
    )

    class Meta:
        verbose_name = _("participants of a year")
        verbose_name_plural = _("participants by year")
        ordering = ("year",)
        constraints = [
            models.CheckConstraint(
                name="jet_number_has_its_source",
                condition=~Q(source="")
                & (Q(alt=None, cir=None, sea=None) | ~Q(job_types_source=""))
                & (Q(countries=None) | ~Q(countries_source=""))
                & (Q(cumulative=None) | ~Q(cumulative_source="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.total}"

    @property
    def note(self) -> str:
        return self.note_ja if in_japanese() else self.note_en

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Each address with what it is the source of, in the order of the columns."""
        said: dict[str, list[str]] = {}
        for what, source in (
            (_("participants by year"), self.source), (_("job types"), self.job_types_source),
            (_("countries"), self.countries_source), (_("since it began"), self.cumulative_source),
        ):  # fmt: skip
            for address in filter(None, source.split(" ; ")):
                said.setdefault(address, []).append(str(what))
        return [(address, listed(whats)) for address, whats in said.items()]
