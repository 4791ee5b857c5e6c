from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.gatherings.models.events import Event
from clair_portal.gatherings.queries import OfEventQuerySet, PlaceQuerySet
from clair_portal.language.words import in_japanese
from clair_portal.network.models import Organisation

NAMED = ~Q(name_ja="") | ~Q(name_en="")


class Place(models.Model):
    """A room or a hall that its organisation books for events."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    name_ja = models.CharField(_("name in Japanese"), max_length=150, blank=True)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    access = models.TextField(_("way there, and what it has"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [models.Index(fields=["organisation"], name="place_organisation")]
        constraints = [
            models.CheckConstraint(
                name="place_has_a_name",
                condition=NAMED,
                violation_error_message=_("Write a name in Japanese or in English."),
            )
        ]

    def __str__(self) -> str:
        first, second = (self.name_ja, self.name_en) if in_japanese() else (self.name_en, self.name_ja)
        return first or second


class Booking(models.Model):
    """A place taken for an event. The database refuses a second one that overlaps; one may begin when another ends."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("place"))
    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, related_name="booking", verbose_name=pgettext_lazy("gathering", "event")
    )
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking of a place")
        verbose_name_plural = _("bookings of places")
        constraints = [
            models.CheckConstraint(name="booking_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))),
            ExclusionConstraint(
                name="booking_no_place_twice",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    (
                        Func(
                            F("begins_at"), F("ends_at"), RangeBoundary(), function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("The place is taken at that time."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.place_id} {self.begins_at:%Y-%m-%d %H:%M}"
