from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clair_portal.network.models import Organisation


class Statistic(models.Model):
    """A published count: which one, of which day, from where. Two of them count different people and are never mixed."""

    key = models.CharField(max_length=20, primary_key=True)
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=250)

    class Meta:
        verbose_name = _("statistic of foreign residents")
        verbose_name_plural = _("statistics of foreign residents")
        ordering = ("key",)

    def __str__(self) -> str:
        from multicultural.words import STATISTICS

        return str(STATISTICS.get(self.key, self.key))


class ResidentCount(models.Model):
    """Foreign residents of a day. An empty `prefecture`, `nationality` or `status` means all of them together.

    `prefecture` 99: not known. `nationality`: ISO 3166-1, or other, or chosen (朝鮮, which is no country).
    """

    statistic = models.ForeignKey(Statistic, on_delete=models.PROTECT, related_name="counts")
    as_of = models.DateField(_("as of"))
    prefecture = models.CharField(_("prefecture"), max_length=2, blank=True)
    nationality = models.CharField(_("nationality"), max_length=10, blank=True)
    status = models.CharField(_("status of residence"), max_length=30, blank=True)
    number = models.PositiveIntegerField(_("foreign residents"))

    class Meta:
        verbose_name = _("number of foreign residents")
        verbose_name_plural = _("numbers of foreign residents")
        ordering = ("prefecture", "as_of", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("prefecture", "nationality", "status", "as_of", "statistic"), name="residents_counted_once"
            ),
            models.CheckConstraint(
                name="residents_by_status_in_all_of_japan", condition=Q(status="") | Q(prefecture=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.as_of} {self.prefecture}/{self.nationality}/{self.status}: {self.number}"


class MunicipalityCount(models.Model):
    """Foreign residents in the resident register of a municipality. Men and women can be fewer than all: some state neither."""

    statistic = models.ForeignKey(Statistic, on_delete=models.PROTECT, related_name="municipalities")
    code = models.CharField(_("code"), max_length=6)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="residents",
    )
    name_ja = models.CharField(_("name in Japanese"), max_length=60)
    men = models.PositiveIntegerField(_("men"))
    women = models.PositiveIntegerField(_("women"))
    total = models.PositiveIntegerField(_("foreign residents"))
    households = models.PositiveIntegerField(_("households"))
    population = models.PositiveIntegerField(_("population"))

    class Meta:
        verbose_name = _("number of foreign residents of a municipality")
        verbose_name_plural = _("numbers of foreign residents of municipalities")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=("code", "statistic"), name="municipality_counted_once"),
            models.CheckConstraint(
                name="residents_are_part_of_the_population",
                condition=Q(total__gte=F("men") + F("women")) & Q(population__gte=F("total")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_ja}: {self.total}"
