from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.language.words import in_japanese, page_language
from clair_portal.network.models import Country, Organisation


class Tie(models.Model):
    """A sister or friendship tie as sources state it. A day nobody states is empty.

    `agreed` is as written (1975, 1975-06 or 1975-06-01); `agreed_by` the last day that can mean, so that a tie counts as
    of a day only when it is sure to have been agreed by then. `ended`, written alike: when a source says that it ended.
    """

    key = models.CharField(max_length=10, unique=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("local government in Japan"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="ties",
    )  # fmt: skip
    name_ja = models.CharField(_("name in Japanese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    prefecture = models.CharField(_("prefecture"), max_length=2, blank=True, db_index=True)
    partner = models.CharField(_("partner abroad"), max_length=120)
    region = models.CharField(_("state or region"), max_length=80, blank=True)
    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="ties")
    agreed = models.CharField(_("agreed"), max_length=10, blank=True)
    agreed_by = models.DateField(null=True, blank=True, db_index=True)
    note = models.CharField(_("note in English"), max_length=120, blank=True)
    note_ja = models.CharField(_("note in Japanese"), max_length=120, blank=True, db_default="", default="")
    ended = models.CharField(pgettext_lazy("tie", "ended"), max_length=10, blank=True, db_default="", default="")
    ended_source = models.CharField(_("source of the end"), max_length=300, blank=True, db_default="", default="")
    source = models.CharField(_("source"), max_length=300)
    as_of = models.CharField(_("as of"), max_length=10)
    search_text = models.TextField(editable=False)

    class Meta:
        verbose_name = _("sister or friendship tie")
        verbose_name_plural = _("sister and friendship ties")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(
                name="tie_day_as_written",
                condition=Q(agreed="", agreed_by=None) | ~Q(agreed="") & Q(agreed_by__isnull=False),
            ),
            models.CheckConstraint(name="tie_end_with_source", condition=Q(ended="") | ~Q(ended_source="")),
        ]

    def __str__(self) -> str:
        return f"{self.name_ja} – {self.partner}"

    @property
    def noted(self) -> dict[str, str]:
        """What the source says besides, in Japanese on Japanese pages, else in English; `lang`: which."""
        return {"text": self.note_ja if in_japanese() else self.note, "lang": page_language()}


def standing(on: dt.date | None = None) -> Q:
    """Ties that have not ended, or were sure to stand on a day: one that ended in 2018 stands until 2017-12-31."""
    return Q(ended="") | Q(ended__gt=on.isoformat()) if on else Q(ended="")
