from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Posting
from clair_portal.gatherings.enums import EventKind, State
from clair_portal.gatherings.queries import EventQuerySet, OfHostQuerySet
from clair_portal.language.words import in_japanese
from clair_portal.network.models import Organisation

TITLED = ~Q(title_ja="") | ~Q(title_en="")
NEEDS_A_TITLE = _("Write a title in Japanese or in English.")


class Titled(models.Model):
    """A title and a summary in Japanese, in English, or in both."""

    title_ja = models.CharField(_("title in Japanese"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_ja = models.TextField(_("summary in Japanese"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.in_language("title", "ja" if in_japanese() else "en")[0]

    def in_language(self, name: str, wanted: str) -> tuple[str, str]:
        """Text and its language: the wanted one, else the other one."""
        other = "en" if wanted == "ja" else "ja"
        text = getattr(self, f"{name}_{wanted}")
        return (text, wanted) if text else (getattr(self, f"{name}_{other}"), other)

    @property
    def titles(self) -> dict[str, str]:
        """The title per language, as the log keeps it."""
        return {"ja": self.title_ja or self.title_en, "en": self.title_en or self.title_ja}


class Series(Titled):
    """What comes again: each event of it is an edition."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("event", "host")
    )
    sample = models.BooleanField(_("sample data"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = OfHostQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("events", "series")
        verbose_name_plural = pgettext_lazy("events", "series")
        indexes = [models.Index(fields=["organisation"], name="series_organisation")]
        constraints = [
            models.CheckConstraint(name="series_has_a_title", condition=TITLED, violation_error_message=NEEDS_A_TITLE)
        ]


class Event(Titled):
    """One event, or one edition of a series. Times are instants; `zone` is the host's clock they are read on.

    `capacity`: empty means that everybody finds room. `released_at`: since when everybody may read it;
    `withdrawn_at`: since when no longer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="editions",
        verbose_name=pgettext_lazy("events", "series"),
    )  # fmt: skip
    edition = models.CharField(_("edition"), max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("event", "host")
    )
    posting = models.ForeignKey(
        Posting, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("person in charge")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EventKind.choices, default=EventKind.SEMINAR)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("clock of"), max_length=50)
    online = models.BooleanField(_("online"), default=False)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    for_public = models.BooleanField(_("the public may register"), default=False)
    register_until = models.DateTimeField(_("registration until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PLANNED)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    questionnaire_at = models.DateTimeField(_("questionnaire sent"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    sample = models.BooleanField(_("sample data"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("gathering", "event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["organisation", "begins_at"], name="event_host"),
            models.Index(fields=["begins_at"], condition=Q(released_at__isnull=False), name="event_released"),
            models.Index(fields=["series"], name="event_series"),
            models.Index(fields=["posting"], name="event_posting"),
        ]
        constraints = [
            models.CheckConstraint(name="event_has_a_title", condition=TITLED, violation_error_message=NEEDS_A_TITLE),
            models.CheckConstraint(
                name="event_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message=_("The end must be after the beginning."),
            ),
            models.CheckConstraint(
                name="event_capacity_is_one_or_more",
                condition=Q(capacity=None) | Q(capacity__gte=1),
                violation_error_message=_("Leave the capacity empty, or write 1 or more."),
            ),
        ]

    @property
    def local_begin(self) -> dt.datetime:
        return self.begins_at.astimezone(ZoneInfo(self.zone))

    @property
    def local_end(self) -> dt.datetime:
        return self.ends_at.astimezone(ZoneInfo(self.zone))
